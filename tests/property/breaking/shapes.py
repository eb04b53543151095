"""Layers that do not fit what flows into them, and models that do not fit their task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.resolve.arches import named_by_tasks
from archdsl.syntax import nodes as ast
from tests.property.breaking import Broken, mutation

if TYPE_CHECKING:
    from tests.property.breaking.anatomy import Anatomy


def plain(a: Anatomy, *words: str, without: str = "") -> ast.Call | None:
    """A reached call of one of some words that lacks an argument."""
    return a.among(
        a.reached,
        lambda call: (
            call.function.id in words
            and all(argument.name != without for argument in call.arguments)
        ),
    )


@mutation("E301")
def groups_that_do_not_divide(a: Anatomy) -> Broken | None:
    call = plain(a, "conv", "conv_transpose", without="groups")
    return call and a.argue(call, "groups=997")


@mutation("E301")
def a_kernel_too_large(a: Anatomy) -> Broken | None:
    call = plain(a, "conv", without="padding")
    if call is None or call.arguments[0].name:
        return None
    words = [argument.span.text for argument in call.arguments]
    words[1] = "997, padding=0"
    return a.replace(call.span, f"conv({', '.join(words)})")


@mutation("E301")
def padding_beyond_half_a_window(a: Anatomy) -> Broken | None:
    call = plain(a, "max_pool", "avg_pool", without="padding")
    return call and a.argue(call, "padding=99")


@mutation("E301")
def heads_that_do_not_divide(a: Anatomy) -> Broken | None:
    call = plain(a, "attention")
    # nothing else is kept: with `head_width`, any number of heads is right
    return call and a.replace(call.span, "attention(997)")


@mutation("E301")
def a_stop_beyond_the_end(a: Anatomy) -> Broken | None:
    call = plain(a, "slice", without="stop")
    return call and a.replace(call.span, "slice(0, 997)")


@mutation("E301")
def a_layer_on_a_tensor_of_the_wrong_kind(a: Anatomy) -> Broken | None:
    call = plain(a, "conv", "max_pool", "to_sequence", "upsample", "pad", "channel_shuffle")
    if call is None:
        return None
    made = a.put(call.span.start, call.span.start, "flatten -> ")
    return made._replace(end=made.end + call.span.end - call.span.start)


@mutation("E301")
def branches_of_unequal_shapes(a: Anatomy) -> Broken | None:
    call = plain(a, "add")
    if call is None or a.flowing != "x":  # where `add` stands first, there is nothing to merge
        return None
    if any(_is_pick(argument.value) for argument in call.arguments):
        return None
    several = ", ".join(["identity"] * 7)  # a number of times that others rarely are larger
    return a.argue(call, f"concat({several})")


def _is_pick(value: ast.Expression) -> bool:
    return isinstance(value, ast.Call) and value.function.id == "pick"


@mutation("E301")
def a_token_op_on_features(a: Anatomy) -> Broken | None:
    return a.append("embedding(4)")


@mutation("E301")
def other_numbers_of_numbers(a: Anatomy) -> Broken | None:
    return a.append("reshape(9973)")


@mutation("E442", "E301")
def an_output_of_the_wrong_width(a: Anatomy) -> Broken | None:
    return a.append("concat(identity, identity)")


@mutation("E442")
def a_task_of_another_width(a: Anatomy) -> Broken | None:
    task = a.clause("task").call
    if not task.arguments or any(name in a.text for name in named_by_tasks()):
        return None  # where the model names the width, it follows
    # the layer that ends the model is at fault just as well
    made = a.replace(task.arguments[0].span, "71")
    return made._replace(end=len(made.text))
