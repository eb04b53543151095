"""P712: convolutions with the channels in before the channels out, as PyTorch has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount, Severity
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.types import channels

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class ChannelsInFirst(Rule):
    """A convolution is told its channels out, not those that flow in.

    What: full convolutions that give as many channels as they take, with an even kernel wider than
    10: what `conv(64, 128, 3)` comes to, which is 64 channels, a kernel of 128 and a stride of 3.
    Channels are hardly ever odd, and kernels that are meant hardly ever even.

    Why: PyTorch's Conv2d has the channels in first, the channels out second and the kernel third.
    Written so here, each number means the one before it, and the padding follows the kernel, so
    that it fits; nothing but the costs tells of it.

    Evidence: torch.nn.Conv2d(in_channels, out_channels, kernel_size, …). Kernels as large are
    depthwise where they are meant: 31×31 in Ding et al. 2022 (arXiv:2203.06717), RepLKNet; or odd:
    39, 19 and 9 steps of 32 channels in Fawaz et al. 2019 (arXiv:1909.04939), InceptionTime.

    Example:

    ```arch
    arch Example {
      data  image(3, 64, 64)
      model = conv(3, 32, 3)
    }
    ```

    Instead: `conv(32, 3)`
    """

    code = "P712"
    thresholds: ClassVar[Mapping[str, float]] = {"kernel": 10}

    def check(self, case: Case) -> Iterable[Finding]:
        for copies in case.written.values():
            told = [step for step in copies if self._is_told(step)]
            if told:
                yield self._finding(case, told[0])

    def _is_told(self, step: Step) -> bool:
        op = step.node.op
        given = getattr(op, "channels", None)
        full = getattr(op, "groups", 0) == 1 and given == channels(step.node.inputs[0])
        kernel = _kernel(step)
        return full and kernel > self.settings["kernel"] and kernel % 2 == 0

    def _finding(self, case: Case, step: Step) -> Finding:
        given, kernel = channels(step.node.inputs[0]), _kernel(step)
        word = step.node.op.word()
        return Finding(
            Severity.NOTE,
            f"a kernel of {kernel}, from {given} channels to {given}",
            place(case, step),
            measured=f"{kernel} positions wide",
            threshold=f"at most {self.settings['kernel']:g}",
            amount=Amount(kernel, self.settings["kernel"]),
            help=f"if {given} are the channels in, leave them out: `{word}({kernel}, …)` gives "
            f"{kernel} channels; if the kernel is meant, a depthwise one is cheaper: "
            f"`groups={given}`",
            also=trail(case, step),
        )


def _kernel(step: Step) -> int:
    kernel = getattr(step.node.op, "kernel", 0)
    return max(kernel) if isinstance(kernel, tuple) else int(kernel)
