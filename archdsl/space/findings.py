"""What there is to say of a space: options that lead nowhere, requirements that do nothing, …"""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Amount, Diagnostic, Edit, Fix, Severity, SpecError
from archdsl.evaluate.designs import drawn_with
from archdsl.evaluate.measures import measures_in
from archdsl.evaluate.points import as_text, listed
from archdsl.evaluate.scalars import Comparison
from archdsl.limits.telling import shown
from archdsl.space.effects import effects
from archdsl.space.explore.program import BITS
from archdsl.space.idle import idle_choices
from archdsl.space.idle_sampled import seemingly_idle
from archdsl.space.metrics import sort_key
from archdsl.space.survey import choices_of
from archdsl.space.trying import only_design

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from archdsl.evaluate.points import ChoicePoint
    from archdsl.evaluate.program import Evaluation
    from archdsl.evaluate.requirements import Requirement
    from archdsl.evaluate.run import Chooser
    from archdsl.source import Span
    from archdsl.space.design_sets import DesignSet
    from archdsl.space.effects import Effect
    from archdsl.space.idle import IdleChoice
    from archdsl.space.idle_sampled import SeemsIdle
    from archdsl.space.space import Space
    from archdsl.space.survey import ChoiceShares
    from archdsl.space.trying import RefusedNumber

RARE = 0.001  # a requirement that leaves less of the designs is warned of
UNKNOWN = "E201"  # a name that nothing binds
DEFINE = "bind that name above, or drop the option"
REASONS = 3  # reasons why combinations do not fit that are named


def findings_of(space: Space) -> list[Diagnostic]:
    """The findings about the choices and requirements of a space that has valid designs: all of
    them proven. Raises Unexplorable where the space takes too much to be described."""
    fitting, valid = space.fitting(), space.valid()
    choices = choices_of(fitting, valid) if not valid.unproven else choices_of(fitting, fitting)
    dead = list(_dead(space, choices))
    return [
        *dead,
        *_not_together(space, choices, fitting.count),
        *_senseless(space, valid),
        *_requirements(space),
    ]


# Options that no design has --------------------------------------------------------------------


def _dead(space: Space, choices: Iterable[ChoiceShares]) -> Iterator[Diagnostic]:
    """An option that no valid design has, wherever its choice is met."""
    met: dict[Any, list[ChoiceShares]] = {}
    for choice in choices:
        met.setdefault((choice.point.span, _labels(choice)), []).append(choice)
    for same in met.values():
        options = zip(*(choice.options for choice in same), strict=True)
        dead = [i for i, one in enumerate(options) if not any(o.valid for o in one)]
        if dead and len(dead) < len(same[0].options):
            yield _dead_options(space, same, dead)


def _dead_options(space: Space, same: list[ChoiceShares], dead: list[int]) -> Diagnostic:
    choice, point, size = same[0], same[0].point, len(same[0].options)
    labels = [choice.options[index].label for index in dead]
    fit = any(one.options[index].fitting for one in same for index in dead)
    values = " | ".join(as_text(label) for label in labels[:REASONS])
    more = f" and {len(labels) - REASONS} more" if len(labels) > REASONS else ""
    what = "is in no valid design" if fit else "fits no design"
    why = None if fit else _why(space, choice.path, labels[0])
    misspelt = why is not None and why.code == UNKNOWN
    return Diagnostic(
        "W512",
        f"`{choice.path} = {values}`{more} {what}",
        point.span,
        Severity.WARNING,
        label=f"{len(dead)} of {size} options lead nowhere" if len(dead) > 1 else "",
        needed=f"options that some design can have: {_alive(choice, dead)}",
        notes=("proven for all designs", *([f"with it: {why.message}"] if why else [])),
        help=(why.help or DEFINE) if why and misspelt else "drop what leads nowhere",
        fix=None if misspelt else dropping(point, dead),
        amount=Amount(size - len(dead), size),
    )


def _labels(choice: ChoiceShares) -> tuple[Any, ...]:
    return tuple(option.label for option in choice.options)


def _alive(choice: ChoiceShares, dead: list[int]) -> str:
    return listed([label for i, label in enumerate(_labels(choice)) if i not in set(dead)])


def _why(space: Space, path: str, label: Any) -> Diagnostic | None:
    """Why one design with an option is none."""
    try:
        space.program.evaluate(drawn_with({path: label}, seed=0), space.bounds_of_one)
    except SpecError as error:
        return next(iter(error.diagnostics), None)
    return None


def dropping(point: ChoicePoint, dead: list[int]) -> Fix | None:
    """A fix that takes options out of the text; None where they are not written one by one."""
    spans = point.spans
    if len(spans) != point.size:
        return None
    left = [index for index in range(point.size) if index not in set(dead)]
    edits = []
    for index in dead:
        span = spans[index]
        before = [i for i in left if i < index]
        if before or (index and index - 1 in dead and any(i < index for i in left)):
            edits.append(Edit(span._replace(start=spans[index - 1].end), ""))
        else:
            edits.append(Edit(span._replace(end=spans[index + 1].start), ""))
    names = " and ".join(f"`{spans[index].text}`" for index in dead[:REASONS])
    return Fix(f"drop {names}", tuple(edits), safe=True)


# Combinations ----------------------------------------------------------------------------------


def _not_together(
    space: Space, choices: tuple[ChoiceShares, ...], fitting: int
) -> Iterator[Diagnostic]:
    """Options of which each fits some design, but not every combination of them."""
    if not choices or any(choice.made < fitting for choice in choices):
        return
    alive = prod(sum(1 for o in choice.options if o.fitting) for choice in choices)
    if alive <= fitting or alive.bit_length() > BITS:
        return
    reasons = space.refusals.most_common(REASONS)
    yield Diagnostic(
        "W513",
        f"{fitting:,} of {alive:,} combinations fit",
        space.program.span,
        Severity.NOTE,
        notes=("proven", *(f"for instance: {message}" for message, _ in reasons)),
        amount=Amount(fitting, alive),
    )


def number_refused(refused: RefusedNumber) -> Diagnostic:
    """A continuous choice of which not every number fits."""
    return Diagnostic(
        "W513",
        f"not every number of `{refused.path}` fits: {refused.why.message}",
        refused.point.span,
        Severity.WARNING,
        label=f"with {refused.number:g}, for instance",
        needed="numbers that all fit",
        help="whole numbers are chosen by a range that begins and ends with them: `1 to 8`",
    )


# Requirements ----------------------------------------------------------------------------------


def _senseless(space: Space, valid: DesignSet) -> Iterator[Diagnostic]:
    """Requirements that make no sense for some designs."""
    for need, senseless in valid.senseless:
        if not need.measures and not space.is_senseless(need):
            continue
        (why, *_) = senseless.diagnostics
        text = need.condition.span.text
        yield Diagnostic(
            "W519",
            f"`{text}` makes no sense for some designs: {why.message}",
            need.condition.span,
            Severity.WARNING,
            needed="a condition that is true or false for every design",
            notes=("proven; those designs do not meet it, so they are not valid",),
            help="a `require` before it that excludes them",
        )


def _requirements(space: Space) -> Iterator[Diagnostic]:
    for effect in effects(space):
        if not effect.proven or effect.before <= 1:
            continue
        if effect.excludes_nothing:
            yield _excludes_nothing(effect)
        elif 0 < effect.share < RARE:
            yield _leaves_few(effect)


def _excludes_nothing(effect: Effect) -> Diagnostic:
    span = effect.requirement.condition.span
    return Diagnostic(
        "W514",
        f"`{span.text}` excludes nothing: all {effect.before:,} designs meet it",
        span,
        Severity.NOTE,
        notes=("proven for all designs",),
        amount=Amount(effect.after, effect.before),
    )


def _leaves_few(effect: Effect) -> Diagnostic:
    span = effect.requirement.condition.span
    return Diagnostic(
        "W515",
        f"`{span.text}` leaves few designs: {effect.share:.2g} of the designs stay",
        span,
        Severity.WARNING,
        needed=f"a limit that at least {RARE:.1%} of the designs meet",
        notes=(f"proven: {effect.after:,} of {effect.before:,}",),
        help="narrow the choices to what the limit allows, or relax the limit",
        amount=Amount(effect.share, RARE),
    )


# Choices without effect ------------------------------------------------------------------------


def without_effect(space: Space, designs: Sequence[Evaluation]) -> list[Diagnostic]:
    """Choices that nothing reads, and options that make the same network in all ``designs``: all
    valid ones of the space; none where these are too many to be compared."""
    unread = space.unread()
    idle = [one for one in idle_choices(designs) if not _lies_in(one.point.span, unread)]
    return [*(_reads_nothing(*one) for one in unread), *map(_same_networks, idle)]


def _lies_in(span: Span, unread: Iterable[tuple[str, Span]]) -> bool:
    return any(
        span.source is around.source and around.start <= span.start and span.end <= around.end
        for _, around in unread
    )


def _reads_nothing(path: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "W516",
        f"the choice `{path or span.text}` changes nothing: nothing reads it",
        span,
        Severity.WARNING,
        needed="a layer, a requirement or another value that reads it",
        notes=("proven for all designs",),
        help="read it in the model, or drop it: every option makes the same network",
    )


def _same_networks(idle: IdleChoice) -> Diagnostic:
    options, networks = sum(map(len, idle.groups)), len(idle.groups)
    same = max(idle.groups, key=len)
    message = f"`{idle.path}` makes the same network with each of {listed(same)}"
    if networks == 1:
        why = "each option makes the same network" if options > 1 else "it has one option"
        message = f"the choice `{idle.path}` changes nothing: {why}"
    return Diagnostic(
        "W516",
        message,
        idle.point.span,
        Severity.WARNING,
        label=f"{options} options make {networks}" if networks > 1 else "",
        needed="options that make different networks",
        notes=("proven: all designs were compared",),
        help="keep one of those that are alike" if options > 1 else "write what it has to choose",
        fix=_keeping_one_of_each(idle),
        amount=Amount(networks, options),
    )


def without_visible_effect(
    space: Space,
    designs: Sequence[Evaluation],
    attempt: Callable[[Chooser], Evaluation | SpecError],
) -> Iterator[Diagnostic]:
    """Choices that changed nothing in some valid ``designs`` of a space that has others besides.
    ``attempt`` gives a design that is valid, or why it is not; what it raises ends the search."""
    unread = space.unread()
    for idle in seemingly_idle(designs, attempt):
        if not _lies_in(idle.point.span, unread):
            yield _seems_idle(idle)


def _seems_idle(idle: SeemsIdle) -> Diagnostic:
    return Diagnostic(
        "W516",
        f"the choice `{idle.path}` seems to change nothing",
        idle.point.span,
        Severity.NOTE,
        needed="options that make different networks",
        notes=(f"sampled: in {idle.compared} designs another option of it made the same network",),
        help="drop the choice, or read it where it was meant to matter",
    )


def _keeping_one_of_each(idle: IdleChoice) -> Fix | None:
    """A fix that drops all but the first of options that are alike. Designs saved before may have
    others, so it is not safe."""
    labels = [(type(label), label) for label in idle.point.labels]
    more = [(type(label), label) for group in idle.groups for label in group[1:]]
    fix = dropping(idle.point, sorted(labels.index(one) for one in more if one in labels))
    return fix and replace(fix, safe=False)


# No valid design -------------------------------------------------------------------------------


def none_is_valid(space: Space) -> Diagnostic:
    """Why a space has no valid design: proven; with the design that comes nearest. Raises SpecError
    for a spec without choices that does not fit together: it has that error."""
    name, fitting = space.program.name, space.count()
    if not fitting:
        only = only_design(space.program, space.bounds_of_one)
        if only is not None and isinstance(only.outcome, SpecError):
            raise only.outcome
        reasons = [f"for instance: {text}" for text, _ in space.refusals.most_common(REASONS)]
        message = f"no design of `{name}` fits together and does the task"
        return Diagnostic("E510", message, space.program.span, notes=("proven", *reasons))
    notes = ["proven for all of them"]
    missed = (e.requirement for e in effects(space) if e.proven and not e.after)
    notes += [_mildest(space, requirement) for requirement in missed]
    if len(notes) == 1:
        notes.append("each requirement has designs that meet it, but none meets all")
    message = f"the one design of `{name}` is not valid"
    if fitting > 1:
        message = f"none of the {fitting:,} designs of `{name}` is valid"
    return Diagnostic(
        "E510",
        message,
        space.program.span,
        needed="requirements that some design can meet",
        notes=tuple(notes),
    )


def _mildest(space: Space, need: Requirement) -> str:
    """How near the designs come to a requirement that none meets."""
    condition, measures = need.condition, measures_in(need.condition)
    missed = f"`{condition.span.text}` holds for none"
    if len(measures) != 1 or not isinstance(condition, Comparison):
        return missed
    extent = space.bounds(measures[0].span.text)
    if extent is None or not isinstance(sort_key(extent.low.value), (int, float)):
        return missed
    from_above = (condition.operator in ("<", "<=")) == (condition.left is measures[0])
    end = extent.low if from_above else extent.high
    design = ", ".join(f"{path}={as_text(value)}" for path, value in list(end.design.items())[:6])
    return f"{missed}: the nearest has {shown(end.value)}, with {design}"
