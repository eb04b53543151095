"""From values to the statements of ``forward``: what shares a line, and what is called ``x``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archdsl.emit.pytorch.names import Names, plain
from archdsl.emit.pytorch.shapes import note
from archdsl.emit.pytorch.values import ATOM, Value, fill
from archdsl.types import Outputs

if TYPE_CHECKING:
    from archdsl.emit.pytorch.draft import Draft

DEEPEST = 3  # calls within calls on one line
MERGED = 3  # of these, in an operand of a merge
JOINED = 2  # of these, in what another call takes


class Schedule:
    """The statements of one ``forward``, each with its comment."""

    def __init__(self, draft: Draft, names: Names) -> None:
        self.draft = draft
        self.names = names
        self.lines: list[tuple[str, str]] = []
        self.uses = self._uses()
        self.depth: dict[Value, int] = {}
        self.inlined: set[Value] = set()
        for value in self.live:
            if self._is_inline(value):
                self.inlined.add(value)
        self.later = self._in_training()
        self.statements = self._ordered()
        self.reads = {value: self._read(value) for value in self.live}
        self.last: dict[Value, int] = {}
        for place, value in enumerate(self.statements):
            self.last.update(dict.fromkeys(self.reads[value], place))
        self.called = {value: value.fixed for value in draft.inputs}
        self.holders = {value.fixed: value for value in draft.inputs}
        self.lets: dict[str, str] = {}
        self.in_use = 0  # lines of what does not run in training only
        self._write()

    def _uses(self) -> dict[Value, list[Value | None]]:
        uses: dict[Value, list[Value | None]] = {self.draft.result: [None]}
        for value in reversed(self.draft.values):
            if value in uses:
                for used in value.inputs:
                    uses.setdefault(used, []).append(value)
        self.live = [value for value in self.draft.values if value in uses]
        return uses

    def _in_training(self) -> set[Value]:
        """What only results of training only read, and these themselves."""
        result = self.draft.result
        if not result.in_training:
            return set()
        first = [used for n, used in enumerate(result.inputs) if n not in result.in_training]
        in_use = set(first)
        for value in reversed(self.live):
            if value in in_use:
                in_use.update(value.inputs)
        return {value for value in self.live if value not in in_use and value is not result}

    def _ordered(self) -> list[Value]:
        """What stands on lines of its own: what is there in training only behind all else."""
        lines = [v for v in self.live if v not in self.inlined and not v.is_result]
        return sorted(lines, key=lambda value: (value is self.draft.result, value in self.later))

    def _is_inline(self, value: Value) -> bool:
        inner = [self.depth.get(used, 0) for used in value.inputs]
        depth = 1 + max(inner, default=0)
        inline = value.inline or (len(self.uses[value]) == 1 and self._joins(value, depth))
        self.depth[value] = depth if inline else 0
        return inline

    def _joins(self, value: Value, depth: int) -> bool:
        """Whether the only one that reads a value has it on its line."""
        consumer = self.uses[value][0]
        if consumer is None or consumer.loop or value.is_statement or value.is_result:
            return False
        if consumer.taken_apart:
            return True
        if consumer.in_training and not self._is_auxiliary(value, consumer):
            return False
        if value.may_be_none or _is_chained(value) or (_is_chained(consumer) and value.inputs):
            return False
        return self._has_room(consumer, value, depth)

    def _has_room(self, consumer: Value, value: Value, depth: int) -> bool:
        """Whether calls nested so deep, those of a value, still read well in a line of another."""
        if consumer.light:
            led = value.attribute is not None and not value.light and depth > 1
            return depth <= DEEPEST and not led
        if consumer.is_merge:
            return depth <= MERGED and value.flag is None
        if consumer.attribute is not None:
            return depth <= JOINED and self._is_light(value)
        return value.attribute is None and depth < JOINED

    def _is_auxiliary(self, value: Value, result: Value) -> bool:
        return result.inputs.index(value) in result.in_training

    def _is_light(self, value: Value) -> bool:
        """Norms and activations of a variable, which a submodule may take directly."""
        while value.light:
            value = value.inputs[0]
            if value not in self.inlined:
                return True
        return False

    def _read(self, value: Value) -> list[Value]:
        found: list[Value] = []
        for used in value.inputs:
            found += self.reads_of(used)
        return found

    def reads_of(self, used: Value) -> list[Value]:
        return self._read(used) if used in self.inlined else [used]

    def _write(self) -> None:
        result = self.draft.result
        for place, value in enumerate(self.statements):
            if value is result and value.in_training:
                self._return_by_mode(value)
                return
            if value is result and self.uses[value] == [None] and not value.loop:
                self.lines.append((f"return {self._text(value)}", self._note(value)))
                return
            self._assign(place, value)
        self.lines.append((f"return {self.called[result]}", ""))

    def _return_by_mode(self, value: Value) -> None:
        """All results in training, behind what only these read; else those always there."""
        texts = [self._operand(used)[0] for used in value.inputs]
        always = [text for n, text in enumerate(texts) if n not in value.in_training]
        late = self.lines[self.in_use :]
        self.lines[self.in_use :] = [
            ("if self.training:", ""),
            *((f"    {text}", comment) for text, comment in late),
            (f"    return {', '.join(texts)}", ""),
            (f"return {', '.join(always)}", ""),
        ]

    def _assign(self, place: int, value: Value) -> None:
        if value.taken_apart:
            self._take_apart(value)
        else:
            self._give_a_name(place, value)
        if value not in self.later:
            self.in_use = len(self.lines)

    def _give_a_name(self, place: int, value: Value) -> None:
        name = self._name(place, value)
        if value.loop:
            self._loop(value, name)
        else:
            text = self._text(value)
            if text != name:
                self.lines.append((f"{name} = {text}", self._note(value)))
        self.called[value] = name
        self.holders[name] = value

    def _take_apart(self, value: Value) -> None:
        """``hi, lo = …``; what nobody reads is ``_``."""
        out = value.out
        count = len(out.parts) if isinstance(out, Outputs) else max(value.results) + 1
        names = []
        for place in range(count):
            result = value.results.get(place)
            if result is None or result not in self.uses:
                names.append("_")
                continue
            name = self.called[result] = self._let_name(result)
            self.holders[name] = result
            names.append(name)
        self.lines.append((f"{', '.join(names)} = {self._text(value)}", self._note(value)))

    def _loop(self, value: Value, name: str) -> None:
        first, *others = (self._operand(used)[0] for used in value.inputs)
        if first != name:
            self.lines.append((f"{name} = {first}", ""))
        if "count" in value.numbers:
            self._again(value, name)
            return
        arguments = ", ".join([name, *others])
        self.lines.append((f"for layer in {_module(value)}:", self._note(value)))
        self.lines.append((f"    {name} = layer({arguments})", ""))

    def _again(self, value: Value, name: str) -> None:
        """One module applied over and over."""
        operands = [(name, ATOM), *map(self._operand, value.inputs[1:])]
        text = fill(value.template.replace("{m}", _module(value)), value.precedence, operands)
        count = value.numbers["count"].text
        self.lines.append((f"for _ in range({count}):", self._note(value)))
        self.lines.append((f"    {name} = {text}", ""))

    def _name(self, place: int, value: Value) -> str:
        if isinstance(value.out, Outputs):  # no tensor
            return self._let_name(value, "parts")
        reader = self._reader(place, value)
        if value.let and not self._flows(place, value, reader):
            return self._let_name(value)
        held = {self.called.get(used) for used in self._read_each_time(value)}
        if self._is_free("x", place) and "x" not in held:
            return "x"
        running = any(self.called.get(used) == "out" for used in self.reads[value])
        if value.let and reader is not None and self._merges(reader) and not running:
            return self._let_name(value)
        if self._is_free("out", place) and "out" not in held:
            return "out"
        return self._let_name(value, "y")

    def _reader(self, place: int, value: Value) -> Value | None:
        """The next statement, if it reads a value."""
        later = self.statements[place + 1 : place + 2]
        return next((one for one in later if value in self.reads[one]), None)

    def _flows(self, place: int, value: Value, reader: Value | None) -> bool:
        """Whether nothing but the next statement reads a value, or it is what the class gives."""
        if self.uses[value] == [None]:
            return True
        if reader is None or self.last.get(value) != place + 1:
            return False
        return value not in self._read_each_time(reader)

    def _read_each_time(self, value: Value) -> list[Value]:
        """What all layers of a loop read beside what flows, so that none may write over it."""
        others = value.inputs[1:] if value.loop else ()
        return [one for used in others for one in self.reads_of(used)]

    def _merges(self, reader: Value) -> bool:
        return len({id(used) for used in self.reads[reader]}) > 1

    def _let_name(self, value: Value, otherwise: str = "") -> str:
        """The name of its let; one of its own where it has none."""
        if otherwise and not value.let:
            return self.names.claim(otherwise)
        if value.let not in self.lets:
            self.lets[value.let] = self.names.claim(plain(value.let))
        return self.lets[value.let]

    def _is_free(self, name: str, place: int) -> bool:
        holder = self.holders.get(name)
        if name == "x" and isinstance(self.draft.x.out, Outputs):  # it has another type
            return False
        if holder is None:
            return not self.names.has(name) or name == "x"
        return self.last.get(holder, -1) <= place and holder not in self._each_turn(place)

    def _each_turn(self, place: int) -> list[Value]:
        """What a loop reads in every turn, beside what goes round in it."""
        value = self.statements[place]
        if not value.loop:
            return []
        return [read for used in value.inputs[1:] for read in self.reads_of(used)]

    def _text(self, value: Value) -> str:
        template = (
            value.template.replace("{m}", _module(value)) if value.attribute else value.template
        )
        if value.flag is not None:
            template = template.replace("{flag}", value.flag.text)
        if any("." in number.text for number in value.numbers.values()):
            template = _BOUNDS.sub(_spaced, template)
        for name, number in value.numbers.items():
            template = template.replace(f"{{{name}}}", number.text)
        return fill(template, value.precedence, [self._operand(used) for used in value.inputs])

    def _operand(self, value: Value) -> tuple[str, str]:
        if value in self.inlined:
            return self._text(value), value.precedence
        return self.called[value], ATOM

    def _note(self, value: Value) -> str:
        source = value
        while source.inputs and (source is value or source in self.inlined):
            source = source.inputs[0]
        if value.out is None or value.out == source.out:
            return ""
        return note(value.out, value.channels_last)


_BOUNDS = re.compile(r"(\{\w+\})?:(\{\w+\})?(?=[\],])")


def _spaced(bounds: re.Match[str]) -> str:
    """The bounds of a slice as they are written where one is more than a name."""
    start, stop = bounds.groups(default="")
    return f"{start}{' ' * bool(start)}:{' ' * bool(stop)}{stop}"


def _is_chained(value: Value) -> bool:
    """Calls a method of a call's result, or of what a call is given: such a line is long, and
    stands on its own."""
    return ")." in value.template or "({0}." in value.template


def _module(value: Value) -> str:
    return f"self.{value.attribute.final}" if value.attribute else ""
