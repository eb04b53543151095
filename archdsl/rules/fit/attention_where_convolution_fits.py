"""P109: a vision transformer where a convolutional network would do better."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, count, led_there, place
from archdsl.rules.each_input import OfEachInput
from archdsl.rules.facts_ladder import instead
from archdsl.rules.facts_structure import attention

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case


class AttentionWhereConvolutionFits(OfEachInput):
    """On a middling number of pictures a convolutional network beats a transformer.

    What: an image model with at least as many layers of attention as of convolution, fewer
    pictures than a million, no pretraining and no strong augmentation. Any one of the three is
    enough to make a transformer a fair choice. Pictures count where each pixel has a label too:
    what is near what has to be seen in many pictures, and pixels of one picture show it once.

    Why: a transformer has to learn that pixels nearby belong together and that a thing is the same
    wherever it stands; a convolution knows both from the start.

    Evidence: Dosovitskiy et al. 2020 (arXiv:2010.11929), section 1: trained on ImageNet alone
    without strong regularisation, ViTs stay a few points below ResNets of comparable size.
    Touvron et al. 2020 (DeiT, arXiv:2012.12877) make them competitive there, with strong
    augmentation.

    Example:

    ```arch
    arch Example {
      data  image(3, 32, 32, samples=200_000)
      model = patch_embed(192, 4) -> 12 * vit_block(3)
    }
    ```

    Instead: a ResNet or ConvNeXt; or `augment=strong`
    """

    code = "P109"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"warning": 1_000_000}

    def check_input(self, case: Case) -> Iterable[Finding]:
        layers = case.fact(attention)
        pictures = case.data.samples
        if not isinstance(case.takes, types.Image) or pictures is None:
            return
        if len(layers) < max(1, len(case.having(Trait.CONVOLUTION))):
            return
        helped = case.data.pretrained or case.data.augment == "strong"
        least = self.settings["warning"]
        if helped or pictures >= least:
            return
        yield Finding(
            Severity.WARNING,
            "a vision transformer, with no pretraining and no strong augmentation",
            place(case, layers[0]),
            measured=count(pictures, "sample"),
            threshold=f"at least {least:,.0f}",
            amount=Amount(pictures, least),
            help=f"take {instead(case)}; or train with `augment=strong`",
            also=led_there(layers[0]),
        )
