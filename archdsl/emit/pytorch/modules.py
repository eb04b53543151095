"""Constructor expressions of submodules, with holes where copies of a block differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from archdsl.emit.pytorch.layout import NOTE, noted
from archdsl.emit.pytorch.literals import literal, same

UNSET = object()


@dataclass(eq=False)
class Hole:
    """A value that each copy (row) of a class has its own of; rows without it are left out.

    ``hint`` names it, ``default`` is what torch takes when it is left out. ``formulas`` tell, for
    each row that has some, how it comes about. ``text`` is how the class writes it, once resolved.
    """

    values: dict[int, Any]
    hint: str
    default: Any = UNSET
    formulas: dict[int, list[Any]] = field(default_factory=dict)
    text: str = ""

    @property
    def constant(self) -> bool:
        first = next(iter(self.values.values()))
        return all(same(first, value) for value in self.values.values())


@dataclass(eq=False)
class Argument:
    """One argument of a constructor, left out when it is ``default`` in every row: a value, or
    what another argument is."""

    keyword: str
    value: Expression
    default: Any = UNSET


@dataclass(eq=False)
class New:
    """A constructor call, given to the function ``within`` where there is one."""

    head: str
    arguments: list[Argument]
    within: str = ""


@dataclass(eq=False)
class Item:
    """Modules in a row of a container: ``count`` times over, and only where ``flag`` says."""

    modules: list[Expression]
    count: Hole | None = None
    flag: Hole | None = None
    note: str = ""


@dataclass(eq=False)
class Row:
    """``nn.Sequential(…)`` or ``nn.ModuleList([…])``."""

    items: list[Item] = field(default_factory=list)
    head: str = "nn.Sequential"


@dataclass(eq=False)
class Either:
    """One module or another by a flag."""

    flag: Hole
    yes: Expression
    no: Expression


@dataclass(eq=False)
class Given:
    """A module, or a function that makes one, that the class is given for a layer parameter of
    its block; ``called`` to make one here. ``text`` is what the class calls it."""

    parameter: str
    called: bool = False
    text: str = ""


@dataclass(eq=False)
class Making:
    """A function that makes a module."""

    module: New


Expression = str | Hole | New | Row | Either | Given | Making


def render(expression: Expression) -> str:
    """The flat text of an expression whose holes are resolved."""
    if isinstance(expression, str):
        return expression
    if isinstance(expression, Hole):
        return expression.text
    if isinstance(expression, Given):
        return f"{expression.text}()" if expression.called else expression.text
    if isinstance(expression, Making):
        return _making(expression.module)
    if isinstance(expression, New):
        given = [_argument(a) for a in expression.arguments if not _is_default(a)]
        made = f"{expression.head}({', '.join(given)})"
        return f"{expression.within}({made})" if expression.within else made
    if isinstance(expression, Either):
        flag, yes, no = expression.flag.text, render(expression.yes), render(expression.no)
        return f"{yes} if {flag} else {no}"
    return f"{expression.head}({listing(expression)})"


def _making(module: New) -> str:
    made = render(module)
    if module.within:
        return f"lambda: {made}"
    arguments = made[len(module.head) + 1 : -1]
    return f"partial({module.head}, {arguments})" if arguments else module.head


def _argument(argument: Argument) -> str:
    value = render(argument.value)
    return f"{argument.keyword}={value}" if argument.keyword else value


def _is_default(argument: Argument) -> bool:
    if argument.default is UNSET or not isinstance(argument.value, Hole):
        return False
    default = argument.default
    return argument.value.text == (default.text if isinstance(default, Hole) else literal(default))


def listing(row: Row) -> str:
    """The items of a container, with a trailing comma when each deserves a line."""
    texts = _compressed([text for item in row.items for text in item_texts(item)])
    inside = ", ".join(texts)
    if len(texts) > 2 or NOTE in inside:
        inside += ","
    if row.head != "nn.ModuleList":
        return inside
    return inside[1:] if len(texts) == 1 and inside.startswith("*[") else f"[{inside}]"


def item_texts(item: Item) -> list[str]:
    """The texts of one item, a condition written as a starred list."""
    modules = [render(module) for module in item.modules]
    texts = _counted(modules, item.count.text) if item.count is not None else modules
    if item.flag is not None:
        texts = [f"*([{', '.join(texts)}] if {item.flag.text} else [])"]
    if item.note:
        texts[-1] = noted(texts[-1], item.note)
    return texts


def _counted(modules: list[str], count: str) -> list[str]:
    if count.isdigit() and (int(count) == 1 or 1 < len(modules) <= 8 // int(count)):
        return modules * int(count)
    if len(modules) == 1:
        return [f"*[{modules[0]} for _ in range({count})]"]
    return [f"*[m for _ in range({count}) for m in ({', '.join(modules)})]"]


def _compressed(texts: list[str]) -> list[str]:
    """Equal neighbours as one comprehension."""
    found: list[str] = []
    at = 0
    while at < len(texts):
        bare = _bare(texts[at])
        end = at
        while end < len(texts) and _bare(texts[end]) == bare:
            end += 1
        run = end - at
        if run > 1 and not bare.startswith("*") and (run > 2 or not bare.startswith("nn.")):
            note = texts[end - 1][len(bare) :]
            found.append(f"*[{bare} for _ in range({run})]{note}")
        else:
            found += texts[at:end]
        at = end
    return found


def _bare(text: str) -> str:
    at = text.rfind(NOTE)
    return text[:at] if at >= 0 and not any(c in ")]" for c in text[at:]) else text
