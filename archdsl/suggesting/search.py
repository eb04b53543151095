"""The nearest designs that pass: by fixes, skips, attention in windows, larger and smaller numbers.
Each one is checked."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from math import log
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from archdsl import api, stages
from archdsl.cost.counts import params
from archdsl.diagnostics import Edit, SpecError
from archdsl.evaluate.designs import sampler
from archdsl.examine import errors, examine
from archdsl.fixing import Fixed, Fixing
from archdsl.rendering.fixed import applied
from archdsl.source import Source
from archdsl.suggesting.heads import narrowest
from archdsl.suggesting.numbers import Literal, Numbers, calls, numbers, repeated
from archdsl.suggesting.rewriting import REACH, preactivated, windowed
from archdsl.syntax import nodes as ast
from archdsl.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archdsl.diagnostics import Diagnostic
    from archdsl.resolve.loading import Spec

CHECKS = 300  # texts looked at
SECONDS = 15  # that are searched; what was found by then is told
LONG = 50  # characters of a line that a title quotes
SHARES = 64  # steps between nothing and all when several numbers shrink together
WIDER = 4  # times as wide as layers are tried to be
GROWN = 16  # times that numbers become larger at most
ALONE = 8  # numbers that are made larger one by one
SKIPS = "deep_plain_network"  # the principles that some changes are for
DENSE = "dense_attention_too_long"
ALIKE = 0.01  # distance below which two texts are as near


class Suggestion(NamedTuple):
    """A text whose ``arch`` passes: what was done, how far it is from the spec (the logarithm of
    the ratio of their parameters), and its parameters."""

    arch: str
    title: str
    text: str
    distance: float
    params: int


def rejected(
    source: Source, arch: str | None, root: Path | None = None, terms: Terms = USUAL
) -> list[str]:
    """The architectures of a file that do not pass, all of one that does not load; ``arch`` is the
    one asked for. Raises :class:`SpecError` when there is none of that name."""
    spec = stages.run(stages.Work(source, root, terms=terms), stages.STAGES[:1]).spec
    if spec is None:
        written = re.findall(r"^\s*arch\s+(\w+)", source.text, flags=re.MULTILINE)
        return [arch] if arch else written or [""]
    programs = [spec.program(arch)] if arch else spec.programs.values()
    return [
        program.name
        for program in programs
        if errors(examine(program, terms, spec.beside(program)).findings)
    ]


class Searching:
    """Looks for texts near one, whose architecture passes."""

    def __init__(
        self, source: Source, arch: str, root: Path | None = None, terms: Terms = USUAL
    ) -> None:
        self.source = source
        self.arch = arch
        self.root = root
        self.terms = terms
        self.checks = 0
        self.until = monotonic() + SECONDS
        self.stopped = False
        self.base = source.text  # what is changed: the spec, or the spec with its errors fixed
        self.is_read = True  # whether that can be loaded
        self.passing: dict[str, int | None] = {}
        self.rejecting: dict[str, list[Diagnostic]] = {}
        self.head: int | None = None  # features of the narrowest head of attention

    def suggestions(self) -> list[Suggestion]:
        """Those found, the nearest first; of those as near, what was tried first."""
        spec = self._spec(self.source.text)
        before = self._params(spec) if spec else None
        self.head = self._head(spec) if spec else None
        found: dict[str, Suggestion] = {}
        for title, text in self._candidates():
            params = self._passes(text)
            if params is not None and text not in found:
                distance = abs(log(params / before)) if params and before else 0.0
                found[text] = Suggestion(self.arch, title, text, distance, params)
        return sorted(found.values(), key=lambda one: one.distance // ALIKE)

    def _candidates(self) -> Iterator[tuple[str, str]]:
        """The text with its mistakes fixed and what is tried besides; where nothing of that
        passes, the same of the text with all its errors fixed; else another model."""
        written = self._fixed(principles=False)
        all_fixed = self._fixed(principles=True)
        yield from self._preactivated(written)
        if all_fixed.titles:
            yield _titled(all_fixed), all_fixed.text
        yield from self._besides(written)
        if not any(self.passing.values()):
            yield from self._besides(all_fixed)
        if not any(self.passing.values()):
            yield from self._anew(written)

    def _fixed(self, principles: bool) -> Fixed:
        name, root, terms = self.source.name, self.root, self.terms
        fixing = Fixing(name, root, terms, unsafe=True, errors_only=True, principles=principles)
        return fixing._replace(halfway=True).run(self.source.text)

    def _besides(self, fixed: Fixed) -> Iterator[tuple[str, str]]:
        """Changes of a text that does not pass when only its errors are fixed."""
        spec = self._started(fixed)
        already = bool(fixed.titles) and self._passes(fixed.text) is not None
        if spec is None or already:
            return
        ways = (
            self._with_skips(spec.tree),
            self._in_windows(spec),
            self._larger(spec),
            self._smaller(spec),
        )
        for title, text in chain(*ways):
            yield _titled(fixed, title), text

    def _started(self, fixed: Fixed) -> Spec | None:
        """The spec of a text that is changed from here on, if it has the architecture."""
        self.base = fixed.text
        spec = self._spec(fixed.text)
        self.is_read = spec is not None
        return spec if spec is not None and self.arch in spec.programs else None

    def _anew(self, fixed: Fixed) -> Iterator[tuple[str, str]]:
        """Another model altogether, when nothing like this one passes."""
        from archdsl.suggesting.anew import anew

        spec = self._started(fixed)
        found = anew(spec.programs[self.arch], spec.tree) if spec is not None else None
        if found is not None:
            yield _titled(fixed, found[0]), self._with(*found[1])

    def _preactivated(self, fixed: Fixed) -> Iterator[tuple[str, str]]:
        """Residual blocks of what is repeated, with norm and activation first."""
        spec = self._started(fixed)
        nodes = repeated(spec.tree, self.arch) if spec is not None else []
        if not nodes or not self._speaks(SKIPS):
            return
        ways = ([Edit(node.span, text) for text in preactivated(node)] for node in nodes)
        edits = [edit for way in ways if (edit := self._first_sound(way))]
        if edits and not _nested(edits):
            title = "`residual(…)` around what is repeated, with norm and activation first"
            yield _titled(fixed, title), self._with(*edits)

    def _in_windows(self, spec: Spec) -> Iterator[tuple[str, str]]:
        """Attention within windows where it reads too many tokens."""
        found = [(call, text) for call in calls(spec.tree, self.arch) if (text := windowed(call))]
        if found and self._speaks(DENSE):
            edits = [Edit(call.span, text) for call, text in found]
            yield f"attention to {REACH} tokens on each side", self._with(*edits)

    def _larger(self, spec: Spec) -> Iterator[tuple[str, str]]:
        """Where something is too small: the smallest larger widths that pass, together and alone,
        and more repeats."""
        here = self._numbers(spec)
        widths = [*here.widths, *here.narrow]
        if not self._is_too_small(widths):
            return
        for literals, name in ((widths, "all widths"), (here.repeats, "all repeats")):
            if len(literals) > 1:
                yield from self._grown(literals, name)
        for literal in [*widths, *here.named, *here.repeats][:ALONE]:
            yield from self._grown([literal])

    def _grown(self, literals: list[Literal], name: str = "") -> Iterator[tuple[str, str]]:
        """Some numbers times the smallest number that passes: doubled until one does, then in
        quarters back."""

        def text(times: float) -> str:
            return self._with(*(n.edit(n.scaled(times)) for n in literals))

        high = 2.0
        while high <= GROWN and self._passes(text(high)) is None:
            high *= 2
        if high > GROWN:
            return
        low = high / 2
        for _ in range(2):
            middle = (low + high) / 2
            low, high = (low, middle) if self._passes(text(middle)) is not None else (middle, high)
        one, large = literals[0], [n.scaled(high) for n in literals]
        times = sum(large) / sum(n.value for n in literals)
        title = f"{name} times {times:.3g}" if name else _instead(one, large[0])
        yield title, text(high)

    def _errors(self, text: str | None = None) -> list[Diagnostic]:
        """What a text is rejected for, by default that which is changed."""
        text = self.base if text is None else text
        if text not in self.rejecting:
            spec = self._spec(text)
            found: list[Diagnostic] = []
            if spec is not None and self.arch in spec.programs:
                program = spec.programs[self.arch]
                found = errors(examine(program, self.terms, spec.beside(program)).findings)
            self.rejecting[text] = found
        return self.rejecting[text]

    def _is_too_small(self, widths: list[Literal]) -> bool:
        """Whether something measured is less than it has to be, or wider layers have fewer
        errors."""
        here = self._errors()
        if any(f.amount and f.amount.measured < f.amount.threshold for f in here):
            return True
        wider = self._with(*(n.edit(n.value * WIDER) for n in widths))
        return bool(widths) and {f.code for f in self._errors(wider)} < {f.code for f in here}

    def _speaks(self, rule: str) -> bool:
        """Whether a principle is among what the text is rejected for."""
        return any(found.rule == rule for found in self._errors())

    def _with_skips(self, tree: ast.File) -> Iterator[tuple[str, str]]:
        """Skips around what is repeated: each alone, and all together."""
        found = [edit for node in repeated(tree, self.arch) if (edit := self._skip(node))]
        for edit in found:
            line = edit.span.position.line
            yield f"`residual(…)` around what line {line} repeats", self._with(edit)
        if len(found) > 1 and not _nested(found):
            yield "`residual(…)` around all that is repeated", self._with(*found)

    def _skip(self, node: ast.Binary) -> Edit | None:
        """The edit that puts a skip around each copy, or around all but the first, which may
        change the shape; None when neither fits."""
        layer, times = node.right.span.text, node.left.span.text
        inner = layer[1:-1] if _is_enclosed(layer) else layer
        ways = [f"{times} * residual({inner})"]
        if isinstance(node.left, ast.Name):
            ways.append(f"({layer} -> ({times} - 1) * residual({inner}))")
        elif isinstance(node.left, ast.Number) and (fewer := int(node.left.value) - 1) > 0:
            ways.append(f"({layer} -> {fewer} * residual({inner}))")
        edits = [Edit(node.span, way) for way in ways]
        return self._first_sound(edits)

    def _first_sound(self, edits: list[Edit]) -> Edit | None:
        return next((edit for edit in edits if self._is_sound(self._with(edit))), None)

    def _is_sound(self, text: str) -> bool:
        """Whether a text still says a design, whatever the principles hold of it."""
        spec = self._spec(text)
        return spec is not None and self.arch in spec.programs and self._params(spec) is not None

    def _smaller(self, spec: Spec) -> Iterator[tuple[str, str]]:
        """The largest numbers that pass, each alone and the like of them together."""
        here = self._numbers(spec)
        for name, literal in here.training.items():
            yield from self._largest(literal, name)
        alone = [*self._shrunk(here.widths, "all widths")]
        alone += self._shrunk(here.repeats, "all repeats")
        alone += self._fewer_heads(here)
        yield from alone
        best = max((self._passes(text) or 0 for _, text in alone), default=0)
        together = [*here.widths, *here.repeats, *here.named]
        for title, text in self._shrunk(together, "all widths and repeats"):
            if (self._passes(text) or 0) > best:
                yield title, text
        for literal in (*here.repeats, *here.named, *here.widths, *here.heads):
            yield from self._largest(literal)

    def _numbers(self, spec: Spec) -> Numbers:
        fixed = [v for v in spec.programs[self.arch].constants.values() if type(v) is int]
        return numbers(spec.tree, self.arch, fixed)

    def _fewer_heads(self, here: Numbers) -> Iterator[tuple[str, str]]:
        """All widths and heads by the same share, so that heads are as wide as they were."""
        most = max((literal.value for literal in here.heads), default=0)

        def text(heads: int) -> str:
            literals = (*here.widths, *here.heads)
            return self._with(*(n.edit(n.scaled(heads / most)) for n in literals))

        heads = self._bisect(most - 1, text) if most > 1 and here.widths else 0
        if heads:
            yield f"all widths and heads at {heads}/{most} of what they were", text(heads)

    def _largest(self, literal: Literal, name: str = "") -> Iterator[tuple[str, str]]:
        """The largest value below the one there that passes."""
        most = max(literal.value - 1, 0) // literal.step
        steps = self._bisect(most, lambda n: self._with(literal.edit(n * literal.step)))
        if steps:
            value = steps * literal.step
            yield _instead(literal, value, name), self._with(literal.edit(value))

    def _shrunk(self, literals: list[Literal], name: str) -> Iterator[tuple[str, str]]:
        """All of some numbers by the same share, the largest that passes."""
        if len(literals) < 2:
            return

        def text(share: int) -> str:
            return self._with(*(n.edit(n.scaled(share / SHARES)) for n in literals))

        share = self._bisect(SHARES - 1, text)
        if share:
            yield f"{name} at {share / SHARES:.0%} of what they were", text(share)

    def _bisect(self, most: int, text: Callable[[int], str]) -> int:
        """The largest number up to ``most`` whose text passes, 0 when none is found: looked for
        at halves and their halves, and from there upwards to where passing ends."""
        low, high = most, most + 1
        while low and self._passes(text(low)) is None:
            low, high = low // 2, low
        while low and high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._passes(text(middle)) is None else (middle, high)
        return low

    def _with(self, *edits: Edit) -> str:
        text = applied(self.base, edits)
        try:
            return api.format(text) if api.format(self.base) == self.base else text
        except SpecError:
            return text

    def _passes(self, text: str) -> int | None:
        """The parameters of a text whose architecture passes, else None; remembered."""
        if text not in self.passing:
            self.checks += 1
            self.stopped |= self.checks > CHECKS or monotonic() > self.until
            if self.stopped:
                return None
            self.passing[text] = self._checked(text)
        return self.passing[text]

    def _checked(self, text: str) -> int | None:
        spec = self._spec(text)
        if spec is None or self.arch not in spec.programs:
            return None
        program = spec.programs[self.arch]
        examined = examine(program, self.terms, spec.beside(program))
        if errors(examined.findings) or not self._keeps_heads(spec):
            return None
        return self._params(spec)

    def _keeps_heads(self, spec: Spec) -> bool:
        """Whether heads of attention are as wide as they were, or wider."""
        head = self._head(spec) if self.head is not None else None
        return head is None or self.head is None or head >= self.head

    def _head(self, spec: Spec) -> int | None:
        """The features of the narrowest head of attention, of the first design."""
        try:
            program = spec.programs[self.arch]
            return narrowest(program.evaluate(sampler(0), self.terms.bounds).graph)
        except (KeyError, SpecError):
            return None

    def _spec(self, text: str) -> Spec | None:
        source = Source(text, self.source.name)
        work = stages.Work(source, self.root, terms=self.terms)
        return stages.run(work, stages.STAGES[:1]).spec

    def _params(self, spec: Spec) -> int | None:
        """Parameters of a design, the first where there are several."""
        try:
            program = spec.programs[self.arch]
            return params(program.evaluate(sampler(0), self.terms.bounds).graph)
        except (KeyError, SpecError):
            return None


def _instead(literal: Literal, value: int, name: str = "") -> str:
    """The title of a change of one number, in its line or in what else it is told by."""
    line = name or literal.span.source.line(literal.span.position.line)
    line = line.strip()
    line = line if len(line) <= LONG else f"{line[: LONG - 1]}…"
    return f"{value:,} instead of {literal.value:,} in `{line}`"


def _titled(fixed: Fixed, more: str = "") -> str:
    """What was fixed, and what was done besides."""
    return "; ".join(dict.fromkeys([*fixed.titles, *([more] if more else [])]))


def _is_enclosed(layer: str) -> bool:
    """Whether one pair of parentheses holds all of a layer: ``(a -> b)``, not ``(a)(b)``."""
    depth = 0
    for index, character in enumerate(layer):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return index == len(layer) - 1 and layer.startswith("(")
    return False


def _nested(edits: list[Edit]) -> bool:
    spans = sorted((edit.span.start, edit.span.end) for edit in edits)
    return any(first[1] > second[0] for first, second in pairwise(spans))
