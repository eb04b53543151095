"""Names and arguments that do not exist, are missing, or stand in the wrong place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.ops import catalog
from archdsl.ops.binding import parameters
from archdsl.syntax import nodes as ast
from tests.property.breaking import Broken, mutation
from tests.property.words import walk

if TYPE_CHECKING:
    from tests.property.breaking.anatomy import Anatomy


def misspelt(name: str) -> str:
    """A name that nothing has, though it looks like this one."""
    return f"{name[: len(name) // 2]}qz{name[len(name) // 2 :]}"


@mutation("E202")
def a_call_misspelt(a: Anatomy) -> Broken | None:
    call = a.among(a.calls)
    return call and a.replace(call.function.span, misspelt(call.function.id))


@mutation("E201")
def a_word_misspelt(a: Anatomy) -> Broken | None:
    word = a.among(a.words)
    return word and a.replace(word.span, misspelt(word.id))


@mutation("E201")
def a_let_misspelt(a: Anatomy) -> Broken | None:
    lets = {let.name.id for let in a.model.body.lets}
    found = [n for n in walk(a.model.body.result) if isinstance(n, ast.Name) and n.id in lets]
    name = a.among(found)
    return name and a.replace(name.span, misspelt(name.id))


@mutation("E204")
def an_argument_misspelt(a: Anatomy) -> Broken | None:
    named = [argument for call in a.calls for argument in call.arguments if argument.name]
    argument = a.among(named)
    if argument is None:
        return None
    start = argument.span.start
    return a.put(start, start + len(argument.name), misspelt(argument.name))


@mutation("E204")
def an_argument_too_many(a: Anatomy) -> Broken | None:
    call = a.among(a.calls)
    return call and a.argue(call, "colour=3")


@mutation("E205")
def no_arguments(a: Anatomy) -> Broken | None:
    call = a.among(a.calls, _needs_arguments)
    return call and a.replace(call.span, f"{call.function.id}()")


def _needs_arguments(call: ast.Call) -> bool:
    op = catalog.find(call.function.id)
    return op is not None and any(parameter.required for parameter in parameters(op))


@mutation("E203")
def an_argument_for_a_word_that_takes_none(a: Anatomy) -> Broken | None:
    word = a.among(a.words, lambda name: _takes_nothing(name.id))
    return word and a.replace(word.span, f"{word.id}(3)")


def _takes_nothing(word: str) -> bool:
    op = catalog.find(word)
    return op is not None and not parameters(op) and not op.branches.any


@mutation("E206")
def an_argument_twice(a: Anatomy) -> Broken | None:
    call = a.among(a.calls, lambda call: call.function.id in ("conv", "linear", "attention"))
    if call is None or call.arguments[0].name:
        return None
    name = {"conv": "channels", "linear": "features"}.get(call.function.id, "heads")
    return a.argue(call, f"{name}=4")


@mutation("E207")
def a_let_bound_twice(a: Anatomy) -> Broken | None:
    let = a.among(list(a.model.body.lets))
    return let and a.put(let.span.end, let.span.end, f"\n    let {let.name.id} = relu")


@mutation("E207")
def a_block_with_the_name_of_an_op(a: Anatomy) -> Broken:
    return a.declare(f"block {a.random.choice(('conv', 'relu', 'add'))}(a) = relu -> a")


@mutation("E207")
def two_blocks_of_a_name(a: Anatomy) -> Broken:
    return a.declare("block pair_(a) = a\nblock pair_(a) = a -> relu")


@mutation("E207")
def a_parameter_named_twice(a: Anatomy) -> Broken:
    return a.declare("block pair_(a, a) = a")


@mutation("E214")
def a_tensor_thrown_away(a: Anatomy) -> Broken | None:
    return a.append(a.flowing)


@mutation("E217")
def a_tensor_called(a: Anatomy) -> Broken | None:
    return a.append(f"{a.flowing}(3)")


@mutation("E601")
def blocks_that_call_each_other_for_ever(a: Anatomy) -> Broken | None:
    made = a.append("turn_(0)")
    if made is None:
        return None
    loop = "block turn_(n) = back_(n + 1) -> relu\nblock back_(n) = turn_(n)\n"
    return Broken(loop + made.text, 0, len(loop) + made.end)


@mutation("E702")
def a_file_used_where_there_are_none(a: Anatomy) -> Broken:
    return Broken('use "blocks.arch"\n' + a.text, 0, 18)
