"""P711: image data whose channels seem to stand last."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Edit, Fix, Severity
from archdsl.rules.base import Finding, Rule
from archdsl.syntax import nodes as ast
from archdsl.types import Image

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.evaluate.program import Program
    from archdsl.rules.case import Case


class ChannelsLast(Rule):
    """Channels come first, as in PyTorch.

    What: image data with at most 4 columns, and at least 4 times as many rows and as many channels:
    `image(224, 224, 3)`.

    Why: TensorFlow, Keras and NumPy write height, width, channels. Read here, that is an image of
    224 channels that is 3 columns wide; a model may well be built on it, and is not what was meant.

    Evidence: the layouts NCHW of PyTorch (torch.nn.Conv2d) and NHWC of TensorFlow (data_format of
    tf.nn.conv2d), which differ in nothing but this order.

    Example:

    ```arch
    arch Example {
      data  image(224, 224, 3)
      model = flatten -> linear(10)
    }
    ```

    Instead: `data image(3, 224, 224)`
    """

    code = "P711"
    thresholds: ClassVar[Mapping[str, float]] = {"columns": 4, "times": 4}

    def check(self, case: Case) -> Iterable[Finding]:
        return self.of_data(case.program)

    def of_data(self, program: Program) -> Iterable[Finding]:
        takes = program.input
        if not isinstance(takes, Image) or takes.width > self.settings["columns"]:
            return
        if min(takes.channels, takes.height) < self.settings["times"] * takes.width:
            return
        call = program.clauses.calls["data"]
        meant = f"{takes.width}, {takes.channels}, {takes.height}"
        yield Finding(
            Severity.NOTE,
            f"the image has {takes.channels} channels and is {takes.width} columns wide",
            call.span,
            measured=f"{takes.channels} channels of {takes.height}×{takes.width}",
            threshold="channels, height, width",
            amount=None,
            help=f"channels come first: `image({meant})`",
            fix=_fix(call, meant),
        )


def _fix(call: ast.Call, meant: str) -> Fix | None:
    """The sizes in order, where these stand as three numbers without names."""
    sizes = [argument for argument in call.arguments[:3] if argument.name is None]
    if len(sizes) != 3 or not all(isinstance(one.value, ast.Number) for one in sizes):
        return None
    span = sizes[0].span._replace(end=sizes[2].span.end)
    return Fix("put the channels first", (Edit(span, meant),))
