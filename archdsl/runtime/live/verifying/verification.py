"""What verifying a design comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Severity
from archdsl.runtime.live.verdicts import Verdict, overall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.diagnostics import Diagnostic
    from archdsl.runtime.live.gradients import LayerGradient
    from archdsl.runtime.live.verifying.fitting import Fit


class Claim(NamedTuple):
    """One prediction beside what was measured; FLOPs are those of one sample's forward pass."""

    name: str
    predicted: Any
    measured: Any

    @property
    def agrees(self) -> bool:
        return bool(self.predicted == self.measured)


class Verification(NamedTuple):
    """``layers`` and ``verdicts`` are empty when no gradients were asked for, or nothing learns.

    ``he`` is the verdict after He's initialisation, tried when gradients vanish with PyTorch's own:
    it tells weights that start too small from an architecture that cannot be trained. ``fit`` is
    how a few random answers were learned by heart. ``findings`` say all that is not as it should
    be; an error among them is a verdict against the design.
    """

    name: str
    batch: int
    loss: str
    claims: tuple[Claim, ...]
    layers: tuple[LayerGradient, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    he: Verdict | None = None
    fit: Fit | None = None
    findings: tuple[Diagnostic, ...] = ()

    @property
    def gradients(self) -> Verdict | None:
        """The verdict over all layers."""
        return overall(self.verdicts) if self.verdicts else None

    @property
    def agrees(self) -> bool:
        """Whether nothing that was found is an error."""
        return not has_errors(self.findings)


def has_errors(findings: Sequence[Diagnostic]) -> bool:
    """Whether an error is among them."""
    return any(found.severity is Severity.ERROR for found in findings)
