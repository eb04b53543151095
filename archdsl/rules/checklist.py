"""The eight points that a design is gone through by, each with the number behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost.metrics.memory import inference, training
from archdsl.diagnostics import Severity
from archdsl.evaluate.measures import Measure
from archdsl.evaluate.scalars import Comparison
from archdsl.graph.flat import INPUT
from archdsl.limits.meter import Meter
from archdsl.limits.telling import shown
from archdsl.ops.base import Trait
from archdsl.rules.base import count
from archdsl.rules.catalog import all_rules, find
from archdsl.rules.facts_capacity import per_unit, ratio, regularised
from archdsl.rules.facts_paths import results
from archdsl.rules.facts_runs import stacked, unavoidable
from archdsl.rules.facts_structure import siblings, specialised
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archdsl.diagnostics import Diagnostic
    from archdsl.rules.case import Case

PASS, FAIL, NOT_APPLICABLE = "pass", "fail", "not applicable"


class ChecklistPoint(NamedTuple):
    """A point of the checklist: which rules stand for it, the number behind it (None: it does not
    apply), and what is told in its place then."""

    title: str
    codes: tuple[str, ...]
    number: Callable[[Case], str | None]
    otherwise: Callable[[Case], str]


class Answer(NamedTuple):
    """A point answered. ``codes`` are the rules that speak, ``worst`` how severely (empty when none
    does), ``allowed`` those that the spec silences."""

    point: int
    title: str
    answer: str
    number: str
    codes: tuple[str, ...]
    allowed: tuple[str, ...]
    worst: str = ""


def checklist(case: Case, findings: Sequence[Diagnostic]) -> list[Answer]:
    """The eight points of a design, with what the rules found in it (or in its space)."""
    return [_answer(index, point, case, findings) for index, point in enumerate(POINTS, 1)]


def _answer(
    index: int, point: ChecklistPoint, case: Case, findings: Sequence[Diagnostic]
) -> Answer:
    mine = [found for found in findings if _is_of(found.code, point)]
    worst = next((s.value for s in Severity if any(f.severity is s for f in mine)), "")
    number = point.number(case)
    applies = number is not None or bool(mine)
    passed = PASS if applies else NOT_APPLICABLE
    codes = tuple(dict.fromkeys(found.code for found in mine))
    allowed = [find(allow.rule.id) for allow in case.program.clauses.allows]
    silenced = tuple(rule.code for rule in allowed if rule and _is_of(rule.code, point))
    told = number or point.otherwise(case)
    verdict = FAIL if worst == Severity.ERROR.value else passed
    return Answer(index, point.title, verdict, told, codes, silenced, worst)


def _is_of(code: str, point: ChecklistPoint) -> bool:
    return code.startswith(point.codes)


def _structure(case: Case) -> str:
    samples = (
        f"{case.samples:,} {case.unit}s" if case.samples else f"unknown number of {case.unit}s"
    )
    layers = case.fact(specialised)
    return f"{case.takes.kind} of {samples}; {count(len(layers), 'specialised layer')}"


def _parameters(case: Case) -> str:
    return f"{count(case.params, 'parameter')} in {count(case.depth, 'weighted layer')}"


def _plain_run(case: Case) -> str | None:
    if _is_deployed(case):
        return None
    deep = find("deep_plain_network")
    run, depth = _most(unavoidable, case), _most(stacked, case)
    if deep is None or depth <= deep.thresholds["warning"]:
        return None
    return f"{run} of {count(depth, 'layer')} in a row without a skip"


def _most(fact: Callable[[Case], list[int]], case: Case) -> int:
    """What a fact says of the results, the most of them."""
    return max(0 if end == INPUT else case.fact(fact)[end] for end in case.fact(results))


def _is_deployed(case: Case) -> bool:
    return case.task is not None and case.task.deployed


def _few_layers(case: Case) -> str:
    if _is_deployed(case):
        return "deployed: training, which needs them, is over"
    return f"{count(_most(stacked, case), 'weighted layer')}: not deep"


def _widths(case: Case) -> str | None:
    widths = [width for _, width in case.widths[:-1]]
    if not widths:
        return None
    return f"{min(widths):,} to {max(widths):,} channels over {count(case.depth, 'layer')}"


def _one_layer(case: Case) -> str:
    return f"{count(len(case.weighted), 'weighted layer')}"


def _capacity(case: Case) -> str | None:
    if _is_deployed(case):
        return None
    measured = case.fact(ratio)
    return None if measured is None else per_unit(case, measured)


def _no_samples(case: Case) -> str:
    size = count(case.params, "parameter")
    if _is_deployed(case):
        return f"{size}; deployed: it has learned what it knows"
    return f"{size}; the spec does not say how many samples"


def _memory(case: Case) -> str | None:
    return _required(case, ("memory",))


def _unlimited(case: Case) -> str:
    if _is_deployed(case):
        taken = inference(case.graph, case.train, 1)
        return f"inference takes {shown(Quantity(taken, 'bytes'))} at batch=1; no limit is set"
    batch = case.train.batch if case.train is not None else 1
    taken = training(case.graph, case.train, batch).total
    return f"training takes {shown(Quantity(taken, 'bytes'))} at batch={batch}; no limit is set"


def _speed(case: Case) -> str | None:
    return _required(case, ("latency", "throughput"))


def _macs(case: Case) -> str:
    return f"{case.macs:,} multiply-adds a sample; no limit is set"


def _required(case: Case, metrics: tuple[str, ...]) -> str | None:
    """What the limits on some metrics are held against; None where there are none."""
    meter = Meter(case.program, case.evaluation)
    told = []
    for requirement in case.program.requirements:
        condition = requirement.condition
        side = condition.left if isinstance(condition, Comparison) else None
        if isinstance(side, Measure) and side.name in metrics:
            told.append(f"{shown(meter(side))}, and `{condition.span.text}` is required")
    return "; ".join(told) or None


def _craft(case: Case) -> str:
    norms = len(case.having(Trait.NORM))
    held = "regularised" if case.fact(regularised) else "not regularised"
    others = len(case.fact(siblings))
    return f"{count(norms, 'norm')}, {held}, {count(others, 'other architecture')} beside it"


POINTS = (
    ChecklistPoint("the architecture fits the data", ("P1", "P8"), _structure, _structure),
    ChecklistPoint("no more than is needed", ("P201",), _parameters, _parameters),
    ChecklistPoint("skips where it is deep", ("P3",), _plain_run, _few_layers),
    ChecklistPoint("proportions of depth and width", ("P4",), _widths, _one_layer),
    ChecklistPoint("capacity against data", ("P501", "P502"), _capacity, _no_samples),
    ChecklistPoint("memory", ("P601",), _memory, _unlimited),
    ChecklistPoint("speed on its device", ("P602", "P603", "P604"), _speed, _macs),
    ChecklistPoint(
        "norms, regularisation, a baseline", ("P7", "P8", "P9", "P503", "P202"), _craft, _craft
    ),
)


def uncovered() -> list[str]:
    """Rules that stand for no point, or for several: there are none."""
    return [
        rule.code for rule in all_rules() if sum(_is_of(rule.code, point) for point in POINTS) != 1
    ]
