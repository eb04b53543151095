"""``device NAME(…)``: what a latency and memory model needs to know of a machine."""

from archdsl.spec.fields import Bytes, ClauseModel, Rate, Seconds


class Device(ClauseModel):
    """A roofline: ``compute`` in FLOP/s, ``bandwidth`` in bytes/s, ``overhead`` for each kernel."""

    compute: Rate
    bandwidth: Rate
    overhead: Seconds = 0
    memory: Bytes | None = None
