"""``latency(DEVICE, batch=)``"""

from dataclasses import dataclass

from archdsl.cost.latency import SECOND
from archdsl.cost.metric import AT_MOST, Limit
from archdsl.cost.metrics._on_device import OnDevice
from archdsl.spec.constants import Quantity


@dataclass(frozen=True)
class Latency(OnDevice):
    """Seconds of one forward pass of a batch on a device.

    For a device known by its datasheet only, real runs are slower: take it as a lower bound with a
    factor of two to three above it.
    """

    is_cost = True
    synonyms = ("time", "runtime", "inference_time", "delay")

    signature = "latency(DEVICE, batch=)"
    dimension = "seconds"
    limit = Limit(AT_MOST, "P602")

    def of_sum(self, whole: int) -> Quantity:
        return Quantity(whole / SECOND, "seconds")
