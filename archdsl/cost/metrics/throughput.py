"""``throughput(DEVICE, batch=)``"""

from dataclasses import dataclass
from math import inf

from archdsl.cost.latency import SECOND
from archdsl.cost.metric import AT_LEAST, Limit
from archdsl.cost.metrics._on_device import OnDevice


@dataclass(frozen=True)
class Throughput(OnDevice):
    """Samples a second that go through a device, batch after batch."""

    synonyms = ("fps", "samples_per_second")

    signature = "throughput(DEVICE, batch=)"
    limit = Limit(AT_LEAST, "P603")

    @property
    def rising(self) -> bool:
        return False

    def of_sum(self, whole: int) -> float:
        return self.batch * SECOND / whole if whole else inf
