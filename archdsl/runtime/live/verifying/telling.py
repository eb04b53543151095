"""What predictions, gradients and a fit that are not as they should be are told as."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Severity
from archdsl.runtime.live.verdicts import DEAD, EXPLODING, FAR, FINE, VANISHING
from archdsl.runtime.live.verifying.fitting import finding_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.runtime.live.verdicts import Verdict
    from archdsl.runtime.live.verifying.fitting import Fit
    from archdsl.runtime.live.verifying.places import Places
    from archdsl.runtime.live.verifying.subject import Subject
    from archdsl.runtime.live.verifying.verification import Verification

CODES = {VANISHING: "V201", EXPLODING: "V202", DEAD: "V203"}
NEEDED = {
    VANISHING: f"at least 1/{FAR:,.0f} of what the last layers get",
    EXPLODING: f"at most {FAR:,.0f} times what the last layers get",
    DEAD: "gradients for most of its units",
}
INITIALISE = (
    "with He's initialisation they are fine: `nn.init.kaiming_normal_` on every convolution and "
    "linear layer before training"
)
REMEDIES = {
    VANISHING: "skips (`residual(…)`), normalisation, or relu for sigmoid and tanh let them "
    "through",
    EXPLODING: "skips round what is normalised (`residual(…)`), a norm inside each branch, or "
    "branches that start small (`layer_scale`) keep them in bounds",
    DEAD: "nothing that these layers give reaches the loss: drop them, or see what is behind them; "
    "behind a `relu` that is always off, `leaky_relu` or `gelu` lets gradients through",
}


def findings_of(found: Verification, places: Places) -> Iterator[Diagnostic]:
    """V101 for each prediction that does not hold; V201, V202 or V203 for gradients."""
    for claim in found.claims:
        if not claim.agrees:
            yield places.at(
                Diagnostic(
                    "V101",
                    f"{claim.name}: {claim.measured} were measured",
                    label="is not what was foretold",
                    needed=f"{claim.predicted}",
                    help="a bug of archdsl: please report it with the spec",
                )
            )
    verdict = found.gradients
    if verdict is not None and verdict.word != FINE:
        yield _of_gradients(found, verdict, places)


def _of_gradients(found: Verification, verdict: Verdict, places: Places) -> Diagnostic:
    judged = zip(found.layers, found.verdicts, strict=True)
    layer, why = next((layer, one) for layer, one in judged if one.word == verdict.word)
    is_cured = found.he is not None and found.he.word == FINE
    notes: tuple[str, ...] = ()
    if found.he is not None and not is_cured:
        told = f"with He's initialisation they are {found.he.word} {found.he.reason}"
        notes = (f"{told}: blame the design",)
    return places.at(
        Diagnostic(
            CODES[verdict.word],
            f"gradients are {verdict.word} {verdict.reason}; `{layer.name}`: {why.reason}",
            severity=Severity.WARNING if is_cured else Severity.ERROR,
            label=f"`{layer.name}` is the first of them",
            needed=NEEDED[verdict.word],
            notes=notes,
            help=INITIALISE if is_cured else REMEDIES[verdict.word],
        ),
        layer.name,
    )


def excused(finding: Diagnostic) -> Diagnostic:
    """Gradients that vanish are a warning where the model learns by heart in spite of it."""
    if finding.code != CODES[VANISHING]:
        return finding
    notes = (*finding.notes, "a few answers are learned by heart all the same")
    return replace(finding, severity=Severity.WARNING, notes=notes)


def told_of_fit(fit: Fit | None, subject: Subject) -> Diagnostic | None:
    """What could not be fitted, told of the model; None where nothing is to be told."""
    finding = None if fit is None else finding_of(fit, subject.loss.name)
    return None if finding is None else subject.places.at(finding)
