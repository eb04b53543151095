"""Ways out where sizes do not fit: tensors that meet in a merge, an output that a task does not
take. Each has been tried: what is offered makes the finding go away and brings no new one."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import Diagnostic, Edit, Fix, SpecError
from archdsl.evaluate.bounds import Effort
from archdsl.evaluate.going_on import further
from archdsl.evaluate.run import BoundMet
from archdsl.source import Source
from archdsl.spec.outcome import WrongOutput
from archdsl.stages import MISFIT, STAGES, UNFIT, Work, run, unmet
from archdsl.syntax import nodes as ast
from archdsl.types import Image, Outputs, Sequence, TensorType, Volume, spatial

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archdsl.evaluate.program import Program
    from archdsl.source import Span
    from archdsl.syntax.nodes import Expression

EFFORT = 200_000  # what trying may take for one finding: layers and values, and texts read
EACH = 500  # what a text takes besides its length
MULTIPLES = (2, 4, 8, 16, 32, 64, 128)  # of which sizes of the input are tried
AXES: dict[type, tuple[str, ...]] = {
    Image: ("height", "width"),
    Volume: ("depth", "height", "width"),
    Sequence: ("length",),
}


class Way(NamedTuple):
    """A way out: in words, and as an edit; of one kind only the first that works is offered."""

    kind: str
    said: str
    edits: tuple[Edit, ...]


def with_ways_out(work: Work, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings; those of sizes that do not fit with what has been tried and fits."""
    return tuple(
        _Trying(work, found).told() if found.code in (MISFIT, UNFIT) else found
        for found in findings
    )


class _Trying:
    """One finding of a spec, and the texts that are tried against it."""

    def __init__(self, work: Work, found: Diagnostic) -> None:
        self.work = work
        self.found = found
        self.left = EFFORT

    def told(self) -> Diagnostic:
        """The finding with the ways that work, or as it was where none does, or where a layer is
        known that brings the one size to the other."""
        bridged = self.found.code == MISFIT and self.found.help
        if bridged or self.found.fix is not None or self.work.spec is None:
            return self.found
        programs = self.work.spec.programs.values()
        program = next((p for p in programs if self._stands_in(p)), None)
        if program is None or program.open_clauses:
            return self.found
        working: dict[str, Way] = {}
        told = self._of(program)
        for way in self._ways(program):
            if way.kind not in working and self.left > 0 and self._works(way, program.name, told):
                working[way.kind] = way
        return self._with(list(working.values())) if working else self.found

    def _with(self, ways: list[Way]) -> Diagnostic:
        first = ways[0]
        others = "; or ".join(way.said for way in ways[1:])
        help = f"{first.said} (tried: this fits)"
        notes = (f"also tried, and fits: {others}",) if others else ()
        fix = Fix(f"write {first.said}", first.edits)
        return replace(self.found, help=help, notes=(*self.found.notes, *notes), fix=fix)

    def _stands_in(self, program: Program) -> bool:
        arch = self._arch(program.name)
        places = [label.span for label in self.found.trail]
        places += [self.found.span] if self.found.span is not None else []
        return arch is not None and any(
            place.source is arch.span.source and arch.span.start <= place.start < arch.span.end
            for place in places
        )

    def _arch(self, name: str) -> ast.Arch | None:
        assert self.work.spec is not None
        arches = (item for item in self.work.spec.tree.items if isinstance(item, ast.Arch))
        return next((arch for arch in arches if arch.name.id == name), None)

    def _of(self, program: Program) -> set[tuple[str, str]] | None:
        """What is wrong with the only design; None for a space, or where that takes too much."""
        chosen: list[str] = []
        effort = Effort()

        def first(path: str, point: object) -> object:
            chosen.append(path)
            return point.at(0)  # type: ignore[attr-defined]

        try:
            made = program.evaluate(first, self.work.terms.bounds, effort)
            found = [f for f in unmet(program, made) if f.code.startswith("E44")]
        except BoundMet:
            return None
        except SpecError as error:
            found = list(further(error, program, None, self.work.terms.bounds).diagnostics)
        finally:
            self.left -= effort.spent
        return None if chosen else {(one.code, one.message) for one in found}

    def _works(self, way: Way, name: str, told: set[tuple[str, str]] | None) -> bool:
        """Whether a text with the edits lacks the finding, and has no finding of its own."""
        if told is None or any(e.span.source is not self.work.source for e in way.edits):
            return False
        self.left -= EACH + len(self.work.source.text)
        text = self.work.source.text
        for edit in sorted(way.edits, key=lambda edit: edit.span.start, reverse=True):
            text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
        source = Source(text, self.work.source.name)
        spec = run(self.work._replace(source=source, spec=None, findings=()), STAGES[:1]).spec
        if spec is None or name not in spec.programs:
            return False
        left = self._of(spec.programs[name])
        return left is not None and left < told and self._name not in left

    @property
    def _name(self) -> tuple[str, str]:
        return self.found.code, self.found.message

    def _ways(self, program: Program) -> Iterator[Way]:
        """What may help, the least change first."""
        arch = self._arch(program.name)
        assert arch is not None
        here = self._merged() if self.found.code == MISFIT else _output(program, arch)
        pairs = [(a, b) for a, b in here if _differ_in_extent(a[1], b)]
        if not pairs:
            return
        yield from _more_output(arch)
        for (span, there), other in pairs:
            yield from _reshaped(span, there, other)
        yield from _input_sizes(program, arch)

    def _merged(self) -> list[tuple[tuple[Span, TensorType], TensorType]]:
        """Each branch of the merge with the type of each other."""
        inputs = [(label.span, label.gives) for label in self.found.trail if label.gives]
        return [(one, other[1]) for one, other in product(inputs, inputs) if one is not other]


def _output(program: Program, arch: ast.Arch) -> list[tuple[tuple[Span, TensorType], TensorType]]:
    """The result of the model with the type that its task takes."""
    task, data = program.clauses.task, program.clauses.data
    want = task.outputs(data) if task is not None else None
    model = next((item for item in arch.items if isinstance(item, ast.Model)), None)
    if want is None or isinstance(want, (WrongOutput, Outputs)) or model is None:
        return []
    out = program.evaluate(lambda path, point: point.at(0)).graph.model.out
    return [((model.body.result.span, out), want)]


def _differ_in_extent(one: TensorType, other: TensorType) -> bool:
    return type(one) is type(other) and spatial(one) != spatial(other)


def _reshaped(span: Span, there: TensorType, other: TensorType) -> Iterator[Way]:
    """A tensor cut, padded or resized to the size of another."""
    sizes, wanted = spatial(there), spatial(other)
    if all(a >= b for a, b in zip(sizes, wanted, strict=True)):
        axes = zip(AXES[type(there)], sizes, wanted, strict=True)
        cuts = [f"slice(0, {b}, axis={axis})" for axis, a, b in axes if a != b]
        yield _behind("crop", span, " -> ".join(cuts))
    if all(a <= b for a, b in zip(sizes, wanted, strict=True)):
        more = tuple(b - a for a, b in zip(sizes, wanted, strict=True))
        yield _behind("pad", span, f"pad(0, after={_extent(more)})")
    yield _behind("resize", span, f"adaptive_avg_pool({_extent(wanted)})")


def _extent(sizes: tuple[int, ...]) -> str:
    return str(sizes[0]) if len(set(sizes)) == 1 else f"size({', '.join(map(str, sizes))})"


def _behind(kind: str, span: Span, layer: str) -> Way:
    text = span.text
    whole = f"({text})" if "|" in text else text
    title = f"`{whole} -> {layer}`" if len(whole) <= 50 else f"`… -> {layer}`"
    return Way(kind, title, (Edit(span, f"{whole} -> {layer}"),))


def _more_output(arch: ast.Arch) -> Iterator[Way]:
    """`output_padding` for each transposed convolution with a stride, the least first."""
    calls = [node for node in _within(arch) if _enlarges(node)]
    for more, call in product(range(1, 5), calls):
        end = call.span.end - 1
        edit = Edit(call.span._replace(start=end, end=end), f", output_padding={more}")
        said = f"`{call.span.text[:-1]}, output_padding={more})`"
        yield Way("output_padding", said, (edit,))


def _within(arch: ast.Arch) -> Iterator[ast.Call]:
    for item in arch.items:
        if isinstance(item, ast.Model):
            expressions: list[Expression] = [let.value for let in item.body.lets]
            for expression in (*expressions, item.body.result):
                yield from (n for n in expression.within() if isinstance(n, ast.Call))


def _enlarges(call: ast.Call) -> bool:
    names = [argument.name for argument in call.arguments]
    is_strided = "stride" in names or len(names) > 2
    return call.function.id == "conv_transpose" and is_strided and "output_padding" not in names


def _input_sizes(program: Program, arch: ast.Arch) -> Iterator[Way]:
    """Data of other sizes: multiples of powers of two, the nearest first."""
    sizes = spatial(program.input)
    places = _size_arguments(program.input, arch)
    if not sizes or len(places) != len(sizes):
        return
    tried: dict[tuple[int, ...], str] = {}
    for many in MULTIPLES:
        tried.setdefault(tuple(n // many * many for n in sizes), "smaller")
        tried.setdefault(tuple(-(-n // many) * many for n in sizes), "larger")
    tried.pop(sizes, None)
    near = sorted(tried, key=lambda s: sum(abs(a - b) for a, b in zip(s, sizes, strict=True)))
    for other in near:
        if min(other) > 0:
            edits = zip(places, other, sizes, strict=True)
            changed = tuple(Edit(span, str(new)) for span, new, old in edits if new != old)
            said = f"data of {'×'.join(map(str, other))}"
            yield Way(f"{tried[other]} data", said, changed)


def _size_arguments(takes: TensorType, arch: ast.Arch) -> list[Span]:
    """Where the sizes of the input stand as numbers, in order."""
    clauses = (i for i in arch.items if isinstance(i, ast.Clause) and i.keyword == "data")
    call = next(clauses).settings
    assert isinstance(call, ast.Call)
    positional = [argument.value for argument in call.arguments if argument.name is None]
    there = positional[:1] if isinstance(takes, Sequence) else positional[1:]
    return [value.span for value in there if isinstance(value, ast.Number)]
