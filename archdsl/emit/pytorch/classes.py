"""One class as text."""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import TYPE_CHECKING

from archdsl.emit.pytorch.docs import paragraphs
from archdsl.emit.pytorch.draft import Draft
from archdsl.emit.pytorch.layout import statement
from archdsl.emit.pytorch.literals import literal
from archdsl.emit.pytorch.modules import UNSET, Hole, Item, Row, item_texts, listing, render
from archdsl.emit.pytorch.names import Names, plain
from archdsl.emit.pytorch.reserved import ATTRIBUTES, LOCAL
from archdsl.emit.pytorch.schedule import Schedule
from archdsl.emit.pytorch.unify import Arguments
from archdsl.types import Auxiliary, Outputs

if TYPE_CHECKING:
    from archdsl.emit.pytorch.facts import Facts
    from archdsl.emit.pytorch.templates import Parameter, Unit
    from archdsl.emit.pytorch.traces import Traces
    from archdsl.emit.pytorch.values import Attribute
    from archdsl.formulas import Origin
    from archdsl.types import TensorType

INDENT = 8
MAKER = "Callable[[], nn.Module]"
MOST_WRITTEN_OUT = 2


class Writer:
    """Writes the class of one unit; ``classes`` are names that nothing local may hide."""

    def __init__(
        self,
        unit: Unit,
        facts: Facts,
        traces: Traces,
        open_: frozenset[Origin],
        classes: frozenset[str],
        doc: str,
    ) -> None:
        self.unit = unit
        self.doc = doc
        self.reserved = LOCAL | classes
        names = Names(self.reserved)
        self.slots = {slot: names.claim(slot) for slot in (*unit.slots, *unit.makers)}
        arguments = Arguments(unit, traces, names, open_)
        self.draft = Draft(unit, facts, traces, arguments)
        self.attributes = Names(ATTRIBUTES)
        self._stored: dict[str, str] = {}
        self._name_attributes()
        unit.submodules = self._by_let()
        made = self.draft.attributes
        unit.channels_last = frozenset(one.final for one in made if one.channels_last)
        self._resolve(arguments, names)
        unit.lines = self._lines()

    def _resolve(self, arguments: Arguments, names: Names) -> None:
        for hole in self.draft.holes:
            arguments.resolve(hole)
        self.unit.parameters = arguments.parameters()
        refused = [arguments.refused(need) for need in self.draft.containers.needs()]
        self.refused = list(dict.fromkeys(text for text in refused if text is not None))
        self._shorten(names)
        for layer in self.draft.containers.layers:
            layer.text = self.slots[layer.parameter]

    def _shorten(self, names: Names) -> None:
        """Give a product of arguments that stands in several places a name of its own."""
        texts = Counter(hole.text for hole in self.draft.holes)
        self.locals: list[str] = []
        for text, count in texts.items():
            if count > MOST_WRITTEN_OUT and re.fullmatch(r"[a-z_]\w* \* [a-z_]\w*|int\(.*", text):
                name = names.claim("hidden")
                self.locals.append(f"{name} = {text}")
                for hole in self.draft.holes:
                    hole.text = name if hole.text == text else hole.text

    def _name_attributes(self) -> None:
        made = self.draft.attributes
        for attribute in made:
            if attribute.name:
                attribute.final = self.attributes.claim(attribute.name)
        counts = Counter(a.base for a in made if not a.name)
        numbers: Counter[str] = Counter()
        for attribute in made:
            if not attribute.name:
                numbers[attribute.base] += 1
                attribute.final = self._anonymous(attribute, counts, numbers)

    def _by_let(self) -> dict[str, list[str]]:
        """The names of attributes, by the let that they are parts of."""
        found: dict[str, list[str]] = {}
        for attribute in self.draft.attributes:
            if attribute.let:
                found.setdefault(attribute.let, []).append(attribute.final)
        return found

    def _anonymous(self, attribute: Attribute, counts: Counter[str], numbers: Counter[str]) -> str:
        base = plain(attribute.base)
        name = f"{base}{numbers[attribute.base]}" if counts[attribute.base] > 1 else base
        return self.attributes.claim(name)

    def _lines(self) -> list[str]:
        parent = "nn.Sequential" if self.draft.sequential is not None else "nn.Module"
        lines = [f"class {self.unit.name}({parent}):", *self._doc(), ""]
        start = self._init()
        if start:
            lines += [*self._signature("__init__", self._parameters(), "None"), *start, ""]
        if self.draft.sequential is None:
            lines += self._forward()
        return lines

    def _doc(self) -> list[str]:
        first, *rest = paragraphs(self.doc)
        if not rest:
            return [f'    """{first}"""']
        return [f'    """{first}', *(f"    {line}".rstrip() for line in rest), '    """']

    def _parameters(self) -> list[str]:
        kinds = {
            **dict.fromkeys(self.unit.slots, "nn.Module"),
            **dict.fromkeys(self.unit.makers, MAKER),
        }
        slots = [f"{name}: {kinds[slot]}" for slot, name in self.slots.items()]
        required = [_declared(p) for p in self.unit.parameters if p.default is UNSET]
        optional = [_declared(p) for p in self.unit.parameters if p.default is not UNSET]
        return ["self", *required, *slots, *optional]

    def _signature(self, name: str, parameters: list[str], result: str) -> list[str]:
        return statement(f"def {name}({', '.join(parameters)}) -> {result}:", 4)

    def _init(self) -> list[str]:
        if self.draft.sequential is not None:
            head, lines = self._listed(self.draft.sequential)
            return [*self._local(), *lines, *statement(f"super().__init__({head})", INDENT)]
        lines = self._local()
        for flag in (v.flag for v in self.draft.values if v.flag is not None):
            lines += self._store(flag)
        for number in (hole for v in self.draft.values for hole in v.numbers.values()):
            if not _is_literal(number.text):
                lines += self._store(number)
        for attribute in self.draft.attributes:
            lines += self._attribute(attribute)
        return [*statement("super().__init__()", INDENT), *lines] if lines else []

    def _local(self) -> list[str]:
        lines = [line for text in self.locals for line in statement(text, INDENT)]
        for refused, needed in self.refused:
            told = literal(f"{self.unit.name} needs {needed}")
            lines += statement(f"if {refused}:", INDENT)
            lines += statement(f"raise ValueError({told})", INDENT + 4)
        return lines

    def _store(self, flag: Hole) -> list[str]:
        if flag.text not in self._stored:
            name = self.attributes.claim(flag.text if flag.text.isidentifier() else flag.hint)
            self._stored[flag.text] = f"self.{name}"
            line = statement(f"self.{name} = {flag.text}", INDENT)
        else:
            line = []
        flag.text = self._stored[flag.text]
        return line

    def _attribute(self, attribute: Attribute) -> list[str]:
        expression, target = attribute.expression, f"self.{attribute.final}"
        if isinstance(expression, Row):
            inside, lines = self._listed(expression)
            return [*lines, *statement(f"{target} = {expression.head}({inside})", INDENT)]
        return statement(f"{target} = {render(expression)}", INDENT)

    def _listed(self, row: Row) -> tuple[str, list[str]]:
        """What stands between the brackets, and the lines before when items are optional."""
        if all(item.flag is None for item in row.items) or row.head != "nn.Sequential":
            return listing(row), []
        first = not getattr(self, "_has_layers", False)
        self._has_layers = True
        name = "layers: list[nn.Module]" if first else "layers"
        start, *rest = _runs(row.items)
        if start.flag is None:
            lines = statement(f"{name} = {_bracketed(start)}", INDENT)
        else:
            lines = [*statement(f"{name} = []", INDENT), *_appended(start)]
        for item in rest:
            lines += _appended(item)
        return "*layers", lines

    def _forward(self) -> list[str]:
        draft = self.draft
        names = Names(self.reserved)
        for value in draft.inputs:
            value.fixed = names.claim(value.fixed)
        schedule = Schedule(draft, names)
        declared = [
            "self",
            *(f"{v.fixed}: {v.annotation or _annotation(v.out)}" for v in draft.inputs),
        ]
        lines = self._signature("forward", declared, self._result())
        for text, comment in schedule.lines:
            indent = INDENT + len(text) - len(text.lstrip())
            lines += statement(text.lstrip(), indent, comment)
        return lines

    def _result(self) -> str:
        return _annotation(self.unit.fragments[0].out)


def _annotation(tensor: TensorType | None) -> str:
    """``tuple[Tensor, Tensor]``, and in training more where some results are there only then."""
    if not isinstance(tensor, Outputs):
        return "Tensor"
    always = sum(not isinstance(part, Auxiliary) for part in tensor.parts)
    counts = sorted({always, len(tensor.parts)})
    return " | ".join(_tuple(count) for count in counts)


def _tuple(count: int) -> str:
    return "Tensor" if count == 1 else f"tuple[{', '.join(['Tensor'] * count)}]"


def _is_literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except ValueError:
        return text.startswith("float(")
    return True


def _declared(parameter: Parameter) -> str:
    head = f"{parameter.name}: {parameter.annotation}"
    return head if parameter.default is UNSET else f"{head} = {literal(parameter.default)}"


def _runs(items: list[Item]) -> list[Item]:
    """Neighbours that are always there, as one item."""
    found: list[Item] = []
    for item in items:
        simple = item.flag is None and item.count is None
        if simple and found and found[-1].flag is None and found[-1].count is None:
            found[-1] = Item([*found[-1].modules, *item.modules])
        else:
            found.append(item)
    return found


def _appended(item: Item) -> list[str]:
    texts = item_texts(Item(item.modules, item.count))
    lines = []
    indent = INDENT
    if item.flag is not None:
        lines = statement(f"if {item.flag.text}:", INDENT)
        indent += 4
    if len(texts) == 1 and not texts[0].startswith("*"):
        return [*lines, *statement(f"layers.append({texts[0]})", indent)]
    return [*lines, *statement(f"layers += {_bracketed(item)}", indent)]


def _bracketed(item: Item) -> str:
    texts = item_texts(Item(item.modules, item.count))
    return f"[{', '.join(texts)}{',' if len(texts) > 1 else ''}]"
