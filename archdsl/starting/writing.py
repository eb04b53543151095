"""The text of a first design: reasons, the design, its baselines."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

from archdsl.starting import advice, numbers
from archdsl.starting.budget import budgets, fed, fed_by, held, parameters
from archdsl.starting.choosing import NoDesignFits, choose
from archdsl.starting.ladder import ladder
from archdsl.starting.sizing import UNLIMITED, measured
from archdsl.starting.thresholds import WAIT
from archdsl.syntax.format import format_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.starting.choosing import Choice
    from archdsl.starting.description import Description
    from archdsl.starting.sizing import SizedDesign

COLUMNS = 98
CODE = re.compile(r"`[^`]{1,70}`")  # what a line may not break


def first_design(data: Description) -> str:
    """A description as a spec in canonical layout. Raises NoDesignFits."""
    choice = _chosen(data)
    data = choice.trial.family.data
    baselines = ladder(choice.trial)
    parts = [
        comment(*reasons(data, choice, baselines)),
        choice.trial.family.blocks(choice.trial.size),
    ]
    parts.append(choice.trial.text)
    parts += [comment(_rung(trial)) + trial.text for trial in baselines]
    return format_source("\n".join(part for part in parts if part))


def _chosen(data: Description) -> Choice:
    """A choice; where no design answers at once, and nobody said it has to, it need not."""
    try:
        return choose(data)
    except NoDesignFits:
        if data.device is None or data.latency is not None:
            raise
        return choose(replace(data, latency=UNLIMITED))


def comment(*paragraphs: str) -> str:
    """Paragraphs as comment lines; an empty one stands for an empty line."""
    lines = []
    for paragraph in paragraphs:
        whole = CODE.sub(lambda code: code[0].replace(" ", "\0"), paragraph)
        wrapped = textwrap.wrap(whole, COLUMNS - 2, break_on_hyphens=False)
        lines += [f"# {line}" for line in wrapped] or ["#"]
    return "".join(f"{line}\n" for line in lines).replace("\0", " ")


def reasons(data: Description, choice: Choice, baselines: list[SizedDesign]) -> Iterator[str]:
    """The head of the file, paragraph by paragraph."""
    trial = choice.trial
    yield f"A first design for {_described(data)}, written by `archdsl new`."
    yield ""
    yield f"Why this family ({trial.family.name}): {trial.family.why()}."
    yield f"Why this size: {_size(data, choice)}"
    yield from (f"Passed over: {one}." for one in choice.passed)
    yield from _limits(data, trial)
    yield from advice.training(data, trial)
    yield from advice.instead(data, trial)
    yield ""
    yield from advice.comparison(data, trial, baselines)


def _described(data: Description) -> str:
    answer = data.asks.aim(data.targets)
    return f"{_graphs(data) if data.kind == 'graph' else _samples(data)}, {answer}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count > 1)}"


def _samples(data: Description) -> str:
    if data.inputs:
        each = "; ".join(f"{name}: {_sized(part)}" for name, part in data.parts.items())
        return f"{data.samples:,} samples of {len(data.inputs)} inputs ({each})"
    return f"{data.samples:,} {_sized(data)}"


def _sized(data: Description) -> str:
    """What samples are, and how large."""
    if data.kind == "graph":
        return f"graphs of about {data['nodes']:,} nodes and {data['edges']:,} edges"
    first, last = data.size[0], data.size[-1]
    return {
        "series": f"series of {first:,} steps with {_counted(last, 'feature')} each",
        "tokens": f"sequences of {first:,} tokens of a vocabulary of {last:,}",
        "table": f"rows of {_counted(last, 'feature')}",
        "category": f"ids below {last:,}",
    }.get(data.kind, f"{data.kind}s of {' x '.join(f'{n:,}' for n in data.size)}")


def _graphs(data: Description) -> str:
    if data.many_graphs:
        return f"{data.samples:,} {_sized(data)}"
    sizes = f"{data['nodes']:,} nodes and {data['edges']:,} edges"
    return f"a graph of {sizes}, {data.samples:,} nodes labelled"


def _size(data: Description, choice: Choice) -> str:
    """How many parameters, for how many samples, and why not more."""
    trial, beyond = choice.trial, choice.fit.beyond
    text = f"{trial.family.shape(trial.size)}: {_parameters(data, trial)}."
    if trial.family.is_published:
        return text
    if beyond is not None:
        over = " and ".join(beyond.over)
        return f"{text} The next size, {beyond.family.shape(beyond.size)}, has {over}."
    if trial.size[:2] == trial.family.usual[:2]:
        return f"{text} That is what one usually starts with."
    if trial.size == trial.family.sizes()[-1] and len(trial.family.sizes()) > 1:
        return f"{text} A first design need not be larger; widen it when it underfits."
    return text


def _parameters(data: Description, trial: SizedDesign) -> str:
    """The parameters beside what feeds them."""
    found, unit = parameters(trial.evaluation.graph), fed_by(data)
    each = found.body / fed(data)
    text = f"{found.total:,} parameters for {data.units:,} {data.unit}"
    if found.embedded:
        text += f", {found.embedded:,} of them in embeddings and {numbers.said(each)} others"
    else:
        text += f", {numbers.said(each)}"
    text += f" a {unit}"
    if trial.family.is_published:
        return f"{text}, all learned from other data before"
    if found.body > budgets(data)[1].body:
        return f"{text} (P501 warns; see the `allow`)"
    return f"{text}, where weight decay holds back up to {held(data):g} (P501)"


def _limits(data: Description, trial: SizedDesign) -> Iterator[str]:
    """What the design is predicted to take of each limit."""
    taken = [f"{one.subject} {one.found} (at most {one.limit})" for one in measured(trial)]
    if not taken:
        return
    text = f"Limits, as predicted: {', '.join(taken)}."
    if data.device and data.latency is None:
        text += f" {numbers.time(WAIT)} is what a person takes for at once."
    if data.device:
        text += (
            f" `{data.device}` is known by its datasheet: real runs take up to three times that."
        )
    yield text


def _rung(trial: SizedDesign) -> str:
    why = trial.family.why()
    return f"{why[0].upper()}{why[1:]}; {trial.params:,} parameters."
