"""archdsl profile"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_design, one_file, reporting
from archdsl.rendering.fitting import page

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.cli.live import Design
    from archdsl.runtime.live.profile import Profile
    from archdsl.terms import Terms

MORE = 4  # times the batch of `verify`: the most that is timed without being asked for


@click.command("profile")
@one_file
@one_arch
@one_design
@click.option("--batch", type=click.IntRange(1), metavar="N", help="By default the spec's.")
@click.option("--steps", type=click.IntRange(1), default=10, show_default=True, metavar="N")
@click.option("--data", "where", metavar="D", help="Time reading this too (see `baselines`).")
@bounded
@reporting
def command(
    console: Console,
    file: str,
    arch: str | None,
    design: str | None,
    choose: tuple[str, ...],
    batch: int | None,
    steps: int,
    where: str | None,
    within: Terms,
) -> int:
    """Time training steps on this machine, and say what to try.

    Splits a step into data, forward, backward and optimizer, and the forward pass by layer. Runs
    on the graphics card where PyTorch finds one, and in fp32 whatever the spec trains in; steps in
    mixed precision and with half the batch are timed besides. Needs the extra archdsl[torch].
    """
    from archdsl.cli.live import design_of, live

    chosen = design_of(console, file, arch, design, choose, within)
    with live("profile"):
        found = _profile(console, chosen, batch, steps, where)
    console.result(_text(found, console.columns), _document(found))
    return chosen.code


def _profile(
    console: Console, design: Design, batch: int | None, steps: int, where: str | None
) -> Profile:
    from archdsl.runtime.live.batches import asked_batch, samples
    from archdsl.runtime.live.data.drawing import drawing
    from archdsl.runtime.live.profile import profile
    from archdsl.runtime.live.verify import usual_batch

    graph, train = design.graph, design.clauses.train
    more = MORE if train is not None else 1
    size = usual_batch(graph, train, more) if batch is None else asked_batch(graph, batch)
    draw = drawing(where, design.clauses.data, size) if where is not None else None
    shown = samples(design.graph.model.takes, size)
    console.progress(f"timing {steps} steps of {design.graph.name} on batches of {shown}")
    return profile(design.graph, design.clauses, size, steps, draw)


def _text(found: Profile, columns: int | None) -> str:
    from archdsl.cli.live import aligned
    from archdsl.rules.facts_capacity import plain
    from archdsl.runtime.live.advice import advice

    threads = "1 thread" if found.threads == 1 else f"{found.threads} threads"
    where = threads if found.device == "cpu" else found.device
    title = (
        f"{found.name}: {_ms(found.step)} ms for a training step of {found.batch} "
        f"({plain(found.batch / found.step)} samples a second) in fp32 on {where}."
    )
    shares = [("", "ms", "share")]
    shares += [(n, _ms(s), _percent(found.share(n))) for n, s in found.parts.items()]
    layers = [("forward, by layer", "", "ms", "share")]
    layers += [(t.name, t.kind, _ms(t.seconds), _percent(t.share)) for t in found.layers]
    unread = [] if found.data_is_given else ["(Reading data was not timed: give --data D.)"]
    tries = (page(f"  {place}. {what}", columns) for place, what in enumerate(advice(found), 1))
    parts = (
        page(title, columns),
        "",
        *aligned(shares),
        *unread,
        "",
        *aligned(layers, 2),
        "",
        "To try:",
        *tries,
    )
    return "\n".join(parts)


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:,.2f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _document(found: Profile) -> dict[str, Any]:
    from archdsl.runtime.live.advice import advice

    return {
        **found._asdict(),
        "others": found.others._asdict(),
        "step": found.step,
        "layers": [layer._asdict() for layer in found.layers],
        "advice": advice(found),
    }
