"""Matching the arguments of a call to the parameters of what it calls, before any is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Edit, Fix, SpecError, instead, meant
from archdsl.ops.binding import Parameter, parameters, signature
from archdsl.ops.synonyms import activation_here, argument_here
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Collection

    from archdsl.diagnostics import Meant
    from archdsl.ops.base import Op


def positional(node: ast.Call) -> tuple[ast.Argument, ...]:
    """The arguments of a call that takes none by name."""
    for argument in node.arguments:
        if argument.name is not None:
            raise SpecError(
                Diagnostic(
                    "E204",
                    f"`{node.function.id}` has no argument called `{argument.name}`",
                    argument.span,
                )
            )
    return node.arguments


def when_parts(
    node: ast.Call,
) -> tuple[ast.Expression, ast.Expression, ast.Expression | None]:
    """The condition, the branch and the else branch of a ``when``."""
    plain = [argument.value for argument in node.arguments if argument.name is None]
    named = [argument for argument in node.arguments if argument.name is not None]
    good = len(plain) == 2 and len(named) <= 1 and all(a.name == "else" for a in named)
    if good:
        return plain[0], plain[1], named[0].value if named else None
    help, fix = "", None
    if len(plain) == 3 and not named:
        start = plain[2].span._replace(end=plain[2].span.start)
        help = "the second branch has a name: `else=…`"
        fix = Fix("write `else=`", (Edit(start, "else="),))
    raise SpecError(
        Diagnostic(
            "E216",
            "`when` does not read like this",
            node.span,
            needed="`when(condition, layer, else=layer)`; without `else` it is `identity`",
            help=help,
            fix=fix,
        )
    )


def match_block(
    node: ast.Call, names: tuple[str, ...], required: frozenset[str]
) -> list[tuple[str, ast.Expression | None]]:
    """The argument of each parameter of a block, None where its default stands."""
    title = f"{node.function.id}({', '.join(names)})"
    given = _match(node, list(node.arguments), names, title)
    missing = [name for name in names if name in required and name not in given]
    if missing:
        raise SpecError(_missing(node, missing, title))
    return [(name, given.get(name)) for name in names]


def match_function(
    node: ast.Call, names: tuple[str, ...], required: frozenset[str]
) -> list[tuple[str, ast.Expression | None]]:
    """The argument of each parameter of a function, None where its default stands. What is too much
    for one is no layer that flows in."""
    title = f"{node.function.id}({', '.join(names)})"
    if sum(argument.name is None for argument in node.arguments) > len(names):
        argument = node.arguments[len(names)]
        takes = f"at most {len(names)} argument{'s' * (len(names) != 1)}" if names else "none"
        message = f"`{node.function.id}` takes {takes}, found {len(node.arguments)}"
        raise SpecError(Diagnostic("E203", message, argument.span, needed=f"`{title}`"))
    return match_block(node, names, required)


def match_op(
    node: ast.Call, op: type[Op]
) -> tuple[list[ast.Expression], list[tuple[Parameter, ast.Expression]]]:
    """The layers an op merges, and the argument of each of its value parameters that has one."""
    branches, optional, rest = _split(node, op)
    known = parameters(op)
    given = _match(node, rest, tuple(p.name for p in known), signature(op), op)
    _count_branches(node, op, branches)
    missing = [p.name for p in known if p.required and p.name not in given]
    if missing:
        raise SpecError(_missing(node, missing, signature(op)))
    return branches + optional, [(p, given[p.name]) for p in known if p.name in given]


def _split(
    node: ast.Call, op: type[Op]
) -> tuple[list[ast.Expression], list[ast.Expression], list[ast.Argument]]:
    """The branches of an op's call, those that may be left out, and its value arguments."""
    takes = op.branches
    names = (*takes.names, *takes.optional)
    rest: list[ast.Argument] = []
    plain: list[ast.Expression] = []
    named: dict[str, ast.Expression] = {}
    for argument in node.arguments:
        if argument.name in names:
            named[argument.name] = argument.value
        elif argument.name is None and (takes.variadic or len(plain) < len(takes.names)):
            plain.append(argument.value)
        else:
            rest.append(argument)
    branches = _ordered(plain, named, takes.names)
    return branches, [named[name] for name in takes.optional if name in named], rest


def _ordered(
    plain: list[ast.Expression], named: dict[str, ast.Expression], names: tuple[str, ...]
) -> list[ast.Expression]:
    if not names:
        return plain
    positional_names = [name for name in names if name not in named]
    placed = {**dict(zip(positional_names, plain, strict=False)), **named}
    return [placed[name] for name in names if name in placed]


def _count_branches(node: ast.Call, op: type[Op], branches: list[ast.Expression]) -> None:
    takes = op.branches
    picks = any(map(_may_be_several, branches))
    least = 1 if picks else takes.minimum if takes.variadic else len(takes.names)
    if len(branches) >= least:
        return
    word = op.word()
    raise SpecError(
        Diagnostic(
            "E205",
            f"`{word}` merges at least {least} layers, found {len(branches)}",
            node.span,
            needed=f"`{signature(op)}`; each is applied to what flows in",
            help=f"`{word}(identity, …)` merges with what flows in" if len(branches) == 1 else "",
        )
    )


def _may_be_several(branch: ast.Expression) -> bool:
    """Whether an argument may come to several branches: it is a ``pick``, or one of its options."""
    if isinstance(branch, ast.Choice):
        return any(map(_may_be_several, branch.options))
    if not isinstance(branch, ast.Call):
        return False
    if branch.function.id == "when":
        return any(_may_be_several(argument.value) for argument in branch.arguments[1:])
    return branch.function.id == "pick"


def _match(
    node: ast.Call,
    arguments: list[ast.Argument],
    names: tuple[str, ...],
    title: str,
    op: type[Op] | None = None,
) -> dict[str, ast.Expression]:
    """The arguments by the names of their parameters. Raises every mistake among them."""
    given: dict[str, ast.Expression] = {}
    mistakes: list[Diagnostic] = []
    for index, argument in enumerate(arguments):
        name = argument.name or (names[index] if index < len(names) else None)
        if name is None:
            mistakes.append(_too_many(node, argument, len(names), title))
        elif name not in names:
            mistakes.append(_unknown(node, argument, names, title, op))
        elif name in given:
            mistakes.append(_twice(node, argument, name))
        else:
            given[name] = argument.value
    if mistakes:
        raise SpecError(*mistakes)
    return given


def _too_many(node: ast.Call, argument: ast.Argument, most: int, title: str) -> Diagnostic:
    help, fix = "", None
    if isinstance(argument.value, (ast.Name, ast.Call, ast.Flow)):
        text = f"{argument.value.span.text} -> {without(node, argument)}"
        help, fix = instead(text, node.span, f"what flows in stands before it: `{text}`")
    takes = f"at most {most} argument{'s' * (most != 1)}" if most else "no arguments"
    return Diagnostic(
        "E203",
        f"`{node.function.id}` takes {takes} here",
        argument.span,
        needed=f"`{title}`",
        help=help,
        fix=fix,
    )


def _unknown(
    node: ast.Call,
    argument: ast.Argument,
    names: tuple[str, ...],
    title: str,
    op: type[Op] | None,
) -> Diagnostic:
    name = str(argument.name)
    key = argument.span._replace(end=argument.span.start + len(name))
    said = _named_elsewhere(node, argument, names, op)
    layers = (*op.branches.names, *op.branches.optional) if op is not None else ()
    help, fix = said or meant(name, (*names, *layers), key)
    return Diagnostic(
        "E204",
        f"`{node.function.id}` has no argument called `{name}`",
        argument.span,
        needed=f"`{title}`",
        help=help,
        fix=fix,
    )


def _named_elsewhere(
    node: ast.Call, argument: ast.Argument, names: tuple[str, ...], op: type[Op] | None
) -> Meant | None:
    """What an argument of PyTorch or Keras is here; None where it is none of theirs. Of a block,
    whose arguments are ``names``, what these are called by the ops that blocks are made of."""
    name = str(argument.name)
    if op is not None and name == "activation":
        act = activation_here(argument.value.span.text)
        text = f"({without(node, argument)} -> {act})"
        return instead(text, node.span, f"an activation is a layer of its own: `-> {act}`")
    ours = argument_here(name, names) if op is None else op.synonyms.arguments.get(name)
    if ours is None:
        return None
    if not ours:
        text = without(node, argument)
        return instead(text, node.span, f"leave `{name}` out: it follows from what flows in")
    key = argument.span._replace(end=argument.span.start + len(name))
    return instead(ours, key, f"`{name}` is called `{ours}` here")


def refuse_foreign_words(node: ast.Call, op: type[Op], bound: Collection[str]) -> None:
    """Raises for `padding=same` and its like: values that are words elsewhere. ``bound`` are the
    names that mean something of the spec's own."""
    for argument in node.arguments:
        value = argument.value
        text = value.value if isinstance(value, ast.Text) else value.span.text
        if argument.name != "padding" or text not in op.synonyms.words or text in bound:
            continue
        ours = op.synonyms.words[text]
        if ours == text:
            if isinstance(value, ast.Text):
                raise SpecError(_quoted(value, text))
            continue
        said = f"`{text}` is `{ours}`"
        help, fix = instead(ours, value.span, f"{said}: nothing is put around")
        if not ours:
            said = "leave it out: then an odd kernel keeps the size at stride 1"
            help, fix = instead(without(node, argument), node.span, said)
        message = f"`padding` takes no words such as `{text}`, as PyTorch and Keras do"
        raise SpecError(
            Diagnostic(
                "E231", message, value.span, needed="a whole number, or nothing", help=help, fix=fix
            )
        )


def _quoted(value: ast.Text, word: str) -> Diagnostic:
    help, fix = instead(word, value.span, f"words stand without quotes: `{word}`")
    message = f"`padding` takes the word `{word}`, and this is a text"
    return Diagnostic("E231", message, value.span, needed=f"`{word}`", help=help, fix=fix)


def without(node: ast.Call, argument: ast.Argument) -> str:
    """A call without one of its arguments."""
    kept = [one.span.text for one in node.arguments if one is not argument]
    return f"{node.function.id}({', '.join(kept)})" if kept else node.function.id


def _twice(node: ast.Call, argument: ast.Argument, name: str) -> Diagnostic:
    return Diagnostic(
        "E206", f"`{node.function.id}` gets `{name}` twice", argument.span, needed="one value"
    )


def _missing(node: ast.Call, missing: list[str], title: str) -> Diagnostic:
    names = ", ".join(f"`{name}`" for name in missing)
    return Diagnostic(
        "E205",
        f"`{node.function.id}` needs {names}",
        node.span,
        needed=f"`{title}`",
    )
