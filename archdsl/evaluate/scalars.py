"""Value expressions, resolved: each knows how to compute itself in a frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from archdsl import types
from archdsl.diagnostics import Diagnostic, SpecError, instead, meant
from archdsl.evaluate.arithmetic import FUNCTIONS, combine, compare, negate
from archdsl.evaluate.frames import Closure, Frame, Pending, Tensor, Values, Word
from archdsl.evaluate.points import ChoicePoint, ContinuousPoint
from archdsl.evaluate.ranges import point_of
from archdsl.ops.synonyms import foreign, stands_alone

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.evaluate.points import Spellings
    from archdsl.evaluate.run import Run
    from archdsl.source import Span

NOTHING: frozenset[str] = frozenset()


class Scalar:
    """A value expression. ``free`` are the names it reads; ``direct`` when the caller's frame is
    the one it is computed in; ``hands_on`` when it has no operands to be explored by themselves."""

    __slots__ = ("free", "span")
    direct = True
    hands_on = False

    def __init__(self, span: Span, free: frozenset[str] = NOTHING) -> None:
        self.span = span
        self.free = free

    def value(self, frame: Frame, run: Run) -> Any:
        raise NotImplementedError


class Constant(Scalar):
    __slots__ = ("constant",)
    hands_on = True

    def __init__(self, constant: Any, span: Span) -> None:
        super().__init__(span)
        self.constant = constant

    def value(self, frame: Frame, run: Run) -> Any:
        return self.constant


class Unbound(Constant):
    """A name nothing binds: a word where one is wanted, else a mistake."""

    __slots__ = ("known",)

    def __init__(self, name: str, span: Span, known: tuple[str, ...]) -> None:
        super().__init__(Word(name, self), span)
        self.known = known

    def mistake(self) -> SpecError:
        return SpecError(unknown_name(self.constant, self.span, self.known))


class Mistaken(Scalar):
    """A value expression with a mistake that has been told: what reads it says nothing more."""

    __slots__ = ()

    def value(self, frame: Frame, run: Run) -> Any:
        raise SpecError


class Variable(Scalar):
    """A name bound to a value."""

    __slots__ = ("name",)
    hands_on = True

    def __init__(self, name: str, span: Span) -> None:
        super().__init__(span, frozenset((name,)))
        self.name = name

    def value(self, frame: Frame, run: Run) -> Any:
        return looked_up(frame.env[self.name], run)


def looked_up(bound: Any, run: Run) -> Any:
    """A value with all of it known."""
    if type(bound) is Pending:
        return run.read(bound)
    if type(bound) is Values and bound.open:
        return Values([looked_up(item, run) for item in bound])
    return bound


class Size(Scalar):
    """``x.channels``: a size of a bound tensor."""

    __slots__ = ("attribute", "name")
    hands_on = True

    def __init__(self, name: str, attribute: str, span: Span) -> None:
        super().__init__(span, frozenset((name,)))
        self.name = name
        self.attribute = attribute

    def value(self, frame: Frame, run: Run) -> Any:
        tensor = _tensor_of(frame.env[self.name])
        if tensor is None:
            raise SpecError(
                Diagnostic("E212", f"`{self.name}` is not a tensor, it has no sizes", self.span)
            )
        return self._read(tensor)

    def _read(self, tensor: types.TensorType) -> Any:
        if tensor is types.UNKNOWN:
            raise SpecError
        if isinstance(tensor, types.Outputs):
            raise SpecError(_of_several(self.name, self.attribute, tensor, self.span))
        if self.attribute == "shape":
            return types.shape(tensor)
        size = getattr(tensor, self.attribute, None) if self.attribute in SIZES else None
        if isinstance(size, int) and not callable(size):
            return size
        raise SpecError(self._missing(tensor))

    def _missing(self, tensor: types.TensorType) -> Diagnostic:
        has = [name for name in SIZES if isinstance(getattr(tensor, name, None), int)]
        named = self.span._replace(start=self.span.end - len(self.attribute))
        help, fix = meant(self.attribute, ["shape", *has], named)
        return Diagnostic(
            "E213",
            f"`{self.name}` is {types.said(tensor)}: it has no `{self.attribute}`",
            self.span,
            needed=f"one of shape, {', '.join(has)}",
            help=help,
            fix=fix,
        )


def _of_several(name: str, attribute: str, several: types.Outputs, span: Span) -> Diagnostic:
    """The finding for a size of a name that holds several results."""
    return Diagnostic(
        "E260",
        f"`{name}` holds {len(several.parts)} results, so it has no one `{attribute}`",
        span,
        needed="the name of one of them",
        help=f"take them apart, as in `let (a, b) = {name}`, and read `a.{attribute}`",
    )


SIZES = ("channels", "features", "height", "width", "depth", "length", "vocab", "nodes", "edges")


def _tensor_of(binding: Any) -> types.TensorType | None:
    """The type of a tensor bound directly, or handed in as a layer argument that names one."""
    while isinstance(binding, Closure):
        name = getattr(binding.layer, "tensor_name", None)
        if name is None:
            return None
        binding = binding.frame.env.get(name)
    return binding.type if isinstance(binding, Tensor) else None


class Arithmetic(Scalar):
    __slots__ = ("left", "operator", "right")

    def __init__(self, operator: str, left: Scalar, right: Scalar, span: Span) -> None:
        super().__init__(span, left.free | right.free)
        self.operator = operator
        self.left = left
        self.right = right

    def value(self, frame: Frame, run: Run) -> Any:
        left = run.value(self.left, frame, self.right.free)
        right = run.value(self.right, frame, self.left.free)
        return combine(self.operator, left, right, self.span, run.bounds.magnitude)


class Comparison(Arithmetic):
    __slots__ = ()

    def value(self, frame: Frame, run: Run) -> Any:
        left = run.value(self.left, frame, self.right.free)
        right = run.value(self.right, frame, self.left.free)
        return compare(self.operator, left, right, self.span)


class Negative(Scalar):
    __slots__ = ("operand",)

    def __init__(self, operand: Scalar, span: Span) -> None:
        super().__init__(span, operand.free)
        self.operand = operand

    def value(self, frame: Frame, run: Run) -> Any:
        return negate(run.value(self.operand, frame, NOTHING), self.span)


class Function(Scalar):
    """``min(a, b)``, ``all(…)`` and the other functions of values."""

    __slots__ = ("arguments", "beside", "body")

    def __init__(
        self, body: Callable[[list[Any], Span], Any], arguments: tuple[Scalar, ...], span: Span
    ) -> None:
        super().__init__(span, NOTHING.union(*(argument.free for argument in arguments)))
        self.body = body
        self.arguments = arguments
        self.beside = beside(arguments)

    def __reduce__(self) -> tuple[Any, ...]:
        word = next(word for word, body in FUNCTIONS.items() if body is self.body)
        return _function, (word, self.arguments, self.span)

    def value(self, frame: Frame, run: Run) -> Any:
        pairs = zip(self.arguments, self.beside, strict=True)
        return self.body([run.value(part, frame, rest) for part, rest in pairs], self.span)


def _function(word: str, arguments: tuple[Scalar, ...], span: Span) -> Function:
    """The function of a word, as it comes out of another process."""
    return Function(FUNCTIONS[word], arguments, span)


class Readers(Protocol):
    """Anything that reads names."""

    @property
    def free(self) -> frozenset[str]: ...


class Others(Set[str]):
    """The names that the other parts of an expression read, not gathered until they are asked for:
    of thousands of parts each has thousands of others."""

    __slots__ = ("own", "times")

    def __init__(self, own: frozenset[str], times: Counter[str]) -> None:
        self.own = own
        self.times = times  # how many of all parts read a name

    def __contains__(self, name: object) -> bool:
        return name in self.times and self.times[str(name)] > (name in self.own)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.times if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @classmethod
    def _from_iterable(cls, names: Iterable[Any]) -> frozenset[Any]:
        return frozenset(names)


def beside(parts: Sequence[Readers]) -> tuple[Set[str], ...]:
    """For each part of an expression, the names that the other parts read."""
    times = Counter(chain.from_iterable(part.free for part in parts))
    return tuple(Others(part.free, times) for part in parts)


class Conditional(Scalar):
    """``when(condition, value, else=value)``"""

    __slots__ = ("condition", "no", "yes")

    def __init__(self, condition: Scalar, yes: Scalar, no: Scalar, span: Span) -> None:
        super().__init__(span, condition.free | yes.free | no.free)
        self.condition = condition
        self.yes = yes
        self.no = no

    def value(self, frame: Frame, run: Run) -> Any:
        taken = truth(self.condition, frame, run, self.yes.free | self.no.free)
        return run.value(self.yes if taken else self.no, frame, self.condition.free)


class Options(Scalar):
    """``3 | 5 | 7``"""

    __slots__ = ("label", "options", "point")
    hands_on = True

    def __init__(
        self,
        label: str,
        options: tuple[Scalar, ...],
        labels: tuple[Any, ...],
        spellings: Spellings,
        span: Span,
    ) -> None:
        super().__init__(span, NOTHING.union(*(option.free for option in options)))
        self.label = label
        self.options = options
        spans = tuple(option.span for option in options)
        self.point = ChoicePoint(labels, span, spellings, spans)

    def value(self, frame: Frame, run: Run) -> Any:
        return self.options[run.ask(frame.path + self.label, self.point)].value(frame, run)


class Series(Scalar):
    """``2 to 8 by 2`` or ``1e-4 to 1e-1 log`` as a choice; with ``log``, ``step`` is a factor."""

    __slots__ = ("first", "fixed", "label", "last", "log", "points", "step")
    hands_on = True

    def __init__(
        self,
        label: str,
        first: Scalar,
        last: Scalar,
        step: Scalar | None,
        span: Span,
        log: bool = False,
    ) -> None:
        free = first.free | last.free | (step.free if step else NOTHING)
        super().__init__(span, free)
        self.label = label
        self.first = first
        self.last = last
        self.step = step
        self.log = log
        self.points: dict[Any, ChoicePoint] = {}
        bounds = (first, last, step)
        self.fixed = all(part is None or type(part) is Constant for part in bounds)

    def point(self, frame: Frame, run: Run) -> ChoicePoint:
        """What it offers in a frame. Raises for bounds that are no numbers or hold none."""
        if self.fixed and self.points:
            return next(iter(self.points.values()))
        first, last = run.value(self.first, frame), run.value(self.last, frame)
        step = run.value(self.step, frame) if self.step else None
        key: Any = (first, last, step)
        if type(first) is not int or type(last) is not int or type(step) is float:
            key = (type(first), type(last), type(step), *key)
        point = self.points.get(key)
        if point is None:
            limit = run.bounds.copies
            point = point_of(first, last, step, self.log, limit, self.span)
            if type(point.labels) is not range:
                run.listed(point.size, self.span)
            self.points[key] = point
        return point

    def range(self, frame: Frame, run: Run) -> Any:
        """The values it runs over."""
        return self.point(frame, run).labels

    def numbered(self, frame: Frame, run: Run) -> Iterable[tuple[Any, Any]]:
        """The values, each with what a copy for it is called by: a whole number by itself, real
        ones by 1, 2, …. Raises when there is no end of them."""
        point = self.point(frame, run)
        if isinstance(point, ContinuousPoint):
            raise SpecError(_uncountable(point.offered(), self.span))
        values = point.labels
        return zip(values, values, strict=True) if type(values[0]) is int else enumerate(values, 1)

    def value(self, frame: Frame, run: Run) -> Any:
        point = self.point(frame, run)
        return point.labels[run.ask(frame.path + self.label, point)]


def _uncountable(offered: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "E233",
        f"`each` cannot make a copy for {offered}",
        span,
        needed="values that can be counted, such as `0.1 to 0.5 by 0.1`",
    )


def truth(condition: Scalar, frame: Frame, run: Run, rest: Set[str] | None = None) -> bool:
    """The value of a condition; ``rest`` are the names read beside it. Raises when it is not true
    or false."""
    found = run.value(condition, frame, rest)
    if found is True or found is False:
        return found
    raise SpecError(
        Diagnostic(
            "E223",
            "this condition is not true or false",
            condition.span,
            needed="a comparison such as `x.channels == 64`",
        )
    )


def unknown_name(
    name: str, span: Span, known: tuple[str, ...], only_value: bool = False
) -> Diagnostic:
    """The finding for a name that nothing binds; ``only_value`` where no layer can stand."""
    help, fix = meant(name, known, span)
    elsewhere = None if only_value else foreign(name)
    if elsewhere is not None:
        help, fix = instead(elsewhere.word, span, elsewhere.said())
        fix = fix if stands_alone(elsewhere.word) else None
    return Diagnostic(
        "E201",
        f"nothing here is called `{name}`",
        span,
        needed=f"a parameter{' or' if only_value else ','} a `let` above"
        + ("" if only_value else ", a block, an op, or `x`"),
        help=help,
        fix=fix,
    )
