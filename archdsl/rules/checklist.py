"""The checklist: eight points, each answered for a design with the figure it rests on."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost.metrics.memory import inference, training
from archdsl.diagnostics import Severity
from archdsl.evaluate.measures import Measure
from archdsl.evaluate.scalars import Comparison
from archdsl.graph.flat import is_input
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
SEVERITIES = tuple(Severity)  # the worst first


class ChecklistPoint(NamedTuple):
    """A point of the checklist.

    ``codes`` are the rules that stand for it, as beginnings of their codes: of several that fit a
    code, the longest holds. ``number`` is what the point rests on (None: it does not apply), and
    ``otherwise`` what is told in its place then. A finding of severity ``fails_at`` or worse fails
    the point, and so does an error of the rules ``fails_with``, which stand for another point, and
    what ``lacks`` tells of a design. ``run`` is the command of archdsl, with its options, that
    answers the point by measuring.
    """

    title: str
    codes: tuple[str, ...]
    number: Callable[[Case], str | None]
    otherwise: Callable[[Case], str]
    fails_at: Severity = Severity.ERROR
    fails_with: tuple[str, ...] = ()
    lacks: Callable[[Case], bool] = lambda case: False
    run: str = ""


class Answer(NamedTuple):
    """A point answered. ``codes`` are the rules that speak, ``worst`` how severely (empty when none
    does), ``allowed`` those that the spec silences, ``run`` the command that measures the point
    (empty where none does, or the point does not apply)."""

    point: int
    title: str
    answer: str
    number: str
    codes: tuple[str, ...]
    allowed: tuple[str, ...]
    worst: str = ""
    run: str = ""


def checklist(case: Case, findings: Sequence[Diagnostic]) -> list[Answer]:
    """The eight points of a design, with what the rules found in it (or in its space)."""
    return [_answer(index, point, case, findings) for index, point in enumerate(POINTS, 1)]


def _answer(
    index: int, point: ChecklistPoint, case: Case, findings: Sequence[Diagnostic]
) -> Answer:
    spoken = [found for found in findings if _concerns(found, point)]
    spoken.sort(key=lambda found: found.code in point.fails_with)  # its own rules first
    worst = min((found.severity for found in spoken), key=SEVERITIES.index, default=None)
    silenced = _silenced(point, case)
    number = point.number(case)
    applies = number is not None or bool(spoken)
    failed = _is_bad(worst, point) or (not silenced and point.lacks(case))
    verdict = FAIL if failed else PASS if applies else NOT_APPLICABLE
    return Answer(
        index,
        point.title,
        verdict,
        number or point.otherwise(case),
        tuple(dict.fromkeys(found.code for found in spoken)),
        silenced,
        worst.value if worst else "",
        _command(point, case) if applies or failed else "",
    )


def _concerns(found: Diagnostic, point: ChecklistPoint) -> bool:
    """Whether a finding speaks of a point, or is an error that fails it from another one."""
    fails = found.code in point.fails_with and found.severity is Severity.ERROR
    return fails or point in _points_of(found.code)


def _is_bad(worst: Severity | None, point: ChecklistPoint) -> bool:
    """Whether findings up to this severity fail a point."""
    return worst is not None and SEVERITIES.index(worst) <= SEVERITIES.index(point.fails_at)


def _silenced(point: ChecklistPoint, case: Case) -> tuple[str, ...]:
    """The rules of a point that the spec allows to be broken."""
    allowed = [find(allow.rule.id) for allow in case.program.clauses.allows]
    return tuple(rule.code for rule in allowed if rule and point in _points_of(rule.code))


def _command(point: ChecklistPoint, case: Case) -> str:
    """The command line that measures a point."""
    if not point.run:
        return ""
    command, *options = point.run.split(" ", 1)
    arch = [f"--arch {case.program.name}"] if case.siblings else []
    return " ".join(["archdsl", command, quote(case.span.source.name), *arch, *options])


def _points_of(code: str) -> list[ChecklistPoint]:
    """The points that a rule stands for: those with the longest beginning of its code."""
    fits = [
        (len(start), point) for point in POINTS for start in point.codes if code.startswith(start)
    ]
    longest = max((length for length, _ in fits), default=0)
    return [point for length, point in fits if length == longest]


def _structure(case: Case) -> str:
    samples = (
        f"{case.samples:,} {case.unit}s" if case.samples else f"unknown number of {case.unit}s"
    )
    layers = case.fact(specialised)
    return f"{_kinds(case)} of {samples}; {count(len(layers), 'specialised layer')}"


def _kinds(case: Case) -> str:
    return " and ".join(dict.fromkeys(given.kind for given in case.inputs.values()))


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
    """The largest value of a fact over the outputs of the model."""
    return max(0 if is_input(end) else case.fact(fact)[end] for end in case.fact(results))


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
    if measured is None:
        return None
    held = "regularised" if case.fact(regularised) else "not regularised"
    return f"{per_unit(case, measured)}, {held}"


def _no_samples(case: Case) -> str:
    size = count(case.params, "parameter")
    if _is_deployed(case):
        return f"{size}; deployed: it has learned what it knows"
    return f"{size}; the spec does not say how many samples"


def _limits(case: Case) -> str | None:
    """The measured values of the limits on memory and time; None where there are no limits."""
    meter = Meter(case.program, case.evaluation)
    told = []
    for requirement in case.program.requirements:
        condition = requirement.condition
        side = condition.left if isinstance(condition, Comparison) else None
        if isinstance(side, Measure) and side.name in LIMITED:
            told.append(f"{shown(meter(side))}, and `{condition.span.text}` is required")
    return "; ".join(told) or None


def _unlimited(case: Case) -> str:
    if _is_deployed(case):
        taken = inference(case.graph, case.train, 1)
        used = f"inference takes {shown(Quantity(taken, 'bytes'))} at batch=1"
    else:
        batch = case.train.batch if case.train is not None else 1
        taken = training(case.graph, case.train, batch).total
        used = f"training takes {shown(Quantity(taken, 'bytes'))} at batch={batch}"
    return f"{used}, {case.macs:,} multiply-adds a sample; no limit is set"


def _gradients(case: Case) -> str | None:
    """The figures that gradient flow depends on: layers in a row without a skip, and norms."""
    if _is_deployed(case):
        return None
    run, norms = _most(unavoidable, case), len(case.having(Trait.NORM))
    return f"{count(run, 'weighted layer')} in a row without a skip, {count(norms, 'norm')}"


def _baselines(case: Case) -> str | None:
    if not _wants_baseline(case):
        return None
    beside = _simple_siblings(case)
    names = f": {', '.join(one.program.name for one in beside)}" if beside else ""
    return f"{count(len(beside), 'baseline')} beside it{names}"


def _has_no_baseline(case: Case) -> bool:
    return _wants_baseline(case) and not _simple_siblings(case)


def _wants_baseline(case: Case) -> bool:
    """Whether a design is to be trained for a task, and is no simple model itself."""
    return case.task is not None and not _is_deployed(case) and bool(case.fact(specialised))


def _simple_siblings(case: Case) -> list[Case]:
    """The linear models and small MLPs for the same task in the same file."""
    rule = find("no_baseline")
    most = rule.thresholds["layers"] if rule is not None else 0
    beside = [sibling for sibling in case.fact(siblings) if sibling.task == case.task]
    return [one for one in beside if not one.fact(specialised) and 0 < one.depth <= most]


def _no_baseline_wanted(case: Case) -> str:
    if _is_deployed(case):
        return "deployed: its score is known"
    if case.task is None:
        return "the spec has no task to be scored in"
    return "it is a simple model itself"


LIMITED = ("memory", "latency", "throughput")
POINTS = (
    ChecklistPoint(
        "the architecture fits the data",
        ("P1", "P8", "P710", "P711", "P712"),
        _structure,
        _structure,
    ),
    ChecklistPoint("no more than is needed", ("P201", "P705", "P708"), _parameters, _parameters),
    ChecklistPoint("skips where it is deep", ("P3",), _plain_run, _few_layers),
    ChecklistPoint("proportions of depth and width", ("P4", "P701"), _widths, _one_layer),
    ChecklistPoint("capacity against data", ("P5", "P9"), _capacity, _no_samples),
    ChecklistPoint("memory and speed", ("P6", "P707"), _limits, _unlimited),
    ChecklistPoint(
        "gradient flow",
        ("P7", "P901", "P902", "P903"),
        _gradients,
        lambda case: "deployed: no gradients are taken",
        fails_at=Severity.WARNING,
        fails_with=("P301", "P302", "P303"),
        run="verify",
    ),
    ChecklistPoint(
        "baselines",
        ("P202",),
        _baselines,
        _no_baseline_wanted,
        lacks=_has_no_baseline,
        run="baselines --data D",
    ),
)


def uncovered() -> list[str]:
    """Rules that stand for no point, or for several: there are none."""
    return [rule.code for rule in all_rules() if len(_points_of(rule.code)) != 1]
