"""archdsl verify"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_design, one_file, reporting
from archdsl.rendering.fitting import LEAST, page, wrapped_after

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.cli.live import Design
    from archdsl.runtime.live.verifying.verification import Verification
    from archdsl.terms import Terms


@click.command("verify")
@one_file
@one_arch
@one_design
@click.option(
    "--batch",
    type=click.IntRange(1),
    metavar="N",
    help="Samples of a batch; by default the spec's, or 16, fewer for a large model.",
)
@click.option("--no-gradients", is_flag=True, help="Run forward only.")
@click.option("--no-fit", is_flag=True, help="Do not teach it a few answers by heart.")
@click.option(
    "--seconds",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="S",
    help="The most that teaching it may take.",
)
@bounded
@reporting
def command(
    console: Console,
    file: str,
    arch: str | None,
    design: str | None,
    choose: tuple[str, ...],
    batch: int | None,
    no_gradients: bool,
    no_fit: bool,
    seconds: float,
    within: Terms,
) -> int:
    """Build the model, run random batches, and say what is wrong with it.

    Compares output shape, parameters and FLOPs with what the compiler foretold, and judges each
    layer's gradient after three steps of training. It is taken relative to the layer's weights
    (root mean squares) and compared with the largest in the last quarter of the layers:

    \b
      vanishing  less than 1/10,000 of that, not where a branch starts scaled
                 down; or below 1e-10 in itself
      exploding  more than 10,000 times that, or 10,000 times the weights, or
                 not finite
      dead       exactly zero for more than 9 units in 10, in every batch
      fine       all else

    Where gradients vanish, He's initialisation is tried too: if it cures them, that is a warning.
    Then it is probed (does an answer read what comes after it, does order matter, is all of the
    input read, do samples mix, do training and evaluation agree, is it linear), and it has to learn
    at most 8 random answers by heart: within 200 steps of Adam the loss falls below a tenth of what
    a constant answer has. Each finding has a code: `archdsl explain V`.

    Exits with 1 when an error was found, or the spec has errors. A design that a principle rejects
    is measured all the same. Needs the extra archdsl[torch].
    """
    from archdsl.cli.live import design_of, live
    from archdsl.rendering.finite import finite

    chosen = design_of(console, file, arch, design, choose, within)
    with live("verify"):
        found = _verify(console, chosen, batch, not no_gradients, not no_fit, seconds)
    console.remark(found.findings)
    console.result(_text(found, console.columns), finite(_document(found)))
    return chosen.code or (exits.CLEAN if found.agrees else exits.ERRORS)


def _verify(
    console: Console,
    design: Design,
    batch: int | None,
    gradients: bool,
    fits: bool,
    seconds: float,
) -> Verification:
    from archdsl.runtime.live.batches import asked_batch, samples
    from archdsl.runtime.live.verify import usual_batch, verify

    graph, train = design.graph, design.clauses.train
    size = (
        usual_batch(graph, train)
        if batch is None
        else asked_batch(graph, batch, design.clauses.task)
    )
    shown = samples(design.graph.model.takes, size)
    console.progress(f"running {design.graph.name} on batches of {shown}")
    return verify(
        graph,
        design.clauses.task,
        size,
        gradients=gradients,
        train=train,
        seconds=seconds,
        fits=fits,
    )


def _text(found: Verification, columns: int | None) -> str:
    from archdsl.cli.live import aligned

    rows = [("", "predicted", "measured", "")]
    for claim in found.claims:
        agreement = "agrees" if claim.agrees else "DIFFERS"
        rows.append((claim.name, _shown(claim.predicted), _shown(claim.measured), agreement))
    gradients = _gradient_lines(found, columns)
    parts = [*aligned(rows), *gradients, "", page(_conclusion(found), columns)]
    return "\n".join(parts)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return " and ".join("×".join(map(str, size)) for size in value)
    return f"{value:,.0f}"


def _gradient_lines(found: Verification, columns: int | None) -> list[str]:
    from archdsl.cli.live import aligned

    if not found.layers:
        return []
    rows = [("layer", "", "verdict", "gradient mean", "std", "of its weights", "because")]
    for layer, verdict in zip(found.layers, found.verdicts, strict=True):
        numbers = (f"{layer.mean:.1e}", f"{layer.std:.1e}", f"{layer.relative:.1e}")
        rows.append((layer.name, layer.kind, verdict.word, *numbers, verdict.reason))
    lines = aligned([row[:-1] for row in rows], left=3)
    told = [f"Gradients of the {found.loss} on random targets, by layer:"]
    for line, row in zip(lines, rows, strict=True):
        told += _because(line.ljust(max(map(len, lines))), row[-1], columns)
    return ["", *told]


def _because(line: str, reason: str, columns: int | None) -> list[str]:
    """A row with its reason, which goes on below where there is no room behind."""
    if columns is None or len(line) + len(reason) + 2 <= columns:
        return [f"{line}  {reason}"]
    if columns - len(line) >= LEAST + 2:
        return wrapped_after(f"{line}  ", reason, columns)
    return [line.rstrip(), *wrapped_after("    ", reason, columns)]


def _conclusion(found: Verification) -> str:
    wrong = [claim.name for claim in found.claims if not claim.agrees]
    said = f"{' and '.join(wrong)} differ from the prediction" if wrong else "predictions agree"
    gradients = found.gradients
    if gradients is None:
        return f"{found.name}: {said}; no gradients were looked at."
    told = f"{found.name}: {said}; gradients are {gradients.word} {gradients.reason}"
    return f"{told}{_learned(found)}."


def _learned(found: Verification) -> str:
    """How a few answers were learned by heart."""
    fit = found.fit
    if fit is None or fit.cut:
        return ""
    if fit.fits:
        return f"; {fit.answers} random answers are learned in {fit.steps} steps"
    return f"; {fit.answers} random answers are not learned in {fit.steps} steps"


def _document(found: Verification) -> dict[str, Any]:
    from archdsl.rendering.formats.json import as_object

    gradients = found.gradients
    return {
        "name": found.name,
        "agrees": found.agrees,
        "batch": found.batch,
        "loss": found.loss,
        **{c.name.lower(): {**c._asdict(), "agrees": c.agrees} for c in found.claims},
        "gradients": gradients and gradients._asdict(),
        "with_he_initialisation": found.he and found.he._asdict(),
        "fit": found.fit and {**found.fit._asdict(), "fits": found.fit.fits},
        "findings": [as_object(one) for one in found.findings],
        "layers": [
            {**layer._asdict(), **verdict._asdict()}
            for layer, verdict in zip(found.layers, found.verdicts, strict=True)
        ],
    }
