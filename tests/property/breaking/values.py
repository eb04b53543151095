"""Values of the wrong sort or size, and expressions that mean nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.property.breaking import Broken, mutation

if TYPE_CHECKING:
    from archdsl.syntax import nodes as ast
    from tests.property.breaking.anatomy import Anatomy


def whole_argument(a: Anatomy) -> ast.Argument | None:
    """An argument that must be a whole number, of a call that is reached."""
    call = a.among(a.reached, lambda call: call.function.id in ("conv", "linear", "embedding"))
    return call and call.arguments[0]


def wrong_value(a: Anatomy, text: str) -> Broken | None:
    argument = whole_argument(a)
    return argument and a.replace(argument.value.span, text)


@mutation("E231")
def a_text_for_a_number(a: Anatomy) -> Broken | None:
    return wrong_value(a, '"eight"')


@mutation("E231")
def a_fraction_for_a_whole_number(a: Anatomy) -> Broken | None:
    return wrong_value(a, "2.5")


@mutation("E231")
def a_number_below_the_least(a: Anatomy) -> Broken | None:
    return wrong_value(a, a.random.choice(("0", "-4")))


@mutation("E231")
def a_condition_for_a_number(a: Anatomy) -> Broken | None:
    return wrong_value(a, "true")


@mutation("E231")
def a_size_in_bytes_for_a_number(a: Anatomy) -> Broken | None:
    return wrong_value(a, "3 GiB")


@mutation("E201", "E210")
def a_layer_for_a_number(a: Anatomy) -> Broken | None:
    return wrong_value(a, a.random.choice(("relu -> tanh", "conv(3, 3)")))


@mutation("E231")
def a_number_for_a_flag(a: Anatomy) -> Broken | None:
    call = a.among(a.reached, lambda call: call.function.id in ("conv", "linear", "attention"))
    if call is None or any(argument.name == "bias" for argument in call.arguments):
        return None
    return a.argue(call, "bias=3")


@mutation("E231")
def a_word_that_is_not_offered(a: Anatomy) -> Broken | None:
    return a.append("gelu(approximate=tahn)")


@mutation("E211")
def a_number_for_a_layer(a: Anatomy) -> Broken | None:
    return a.append(a.random.choice(("3", "classes + 1", '"relu"', "max(1, 2)")))


@mutation("E213")
def a_size_that_the_tensor_lacks(a: Anatomy) -> Broken | None:
    return a.append(f"when({a.flowing}.colour == 3, relu)")


@mutation("E216")
def a_when_without_a_branch(a: Anatomy) -> Broken | None:
    return a.append(a.random.choice(("when(true)", "when(true, relu, tanh)", "when()")))


@mutation("E218")
def an_each_that_does_not_count(a: Anatomy) -> Broken | None:
    return a.append(a.random.choice(("each(3, relu)", "each(relu)", "each(i = 3, relu)")))


@mutation("E236")
def an_item_of_a_number(a: Anatomy) -> Broken | None:
    return a.append(a.random.choice(("when(3[0] == 1, relu)", "when([1, 2][0.5] == 1, relu)")))


@mutation("E237")
def an_item_behind_the_end(a: Anatomy) -> Broken | None:
    return a.append(a.random.choice(("when([1, 2][2] == 1, relu)", "when([][0] == 1, relu)")))


@mutation("E238")
def a_row_of_another_length(a: Anatomy) -> Broken | None:
    return a.append("each((n, m) = [[1, 2], [3]], relu)")


@mutation("E239")
def a_function_that_gives_a_layer(a: Anatomy) -> Broken:
    return a.declare("function broken_function(v) = relu")


@mutation("E240")
def a_list_as_in_the_first_version(a: Anatomy) -> Broken | None:
    return a.append("each(n = list(1, 2), relu)")


@mutation("E241")
def a_function_that_chooses(a: Anatomy) -> Broken:
    return a.declare("function broken_function(v) = v * (1 | 2)")


@mutation("E219")
def a_pick_outside_a_merge(a: Anatomy) -> Broken | None:
    return a.append("pick(1, relu, tanh)")


@mutation("E221")
def a_range_over_quantities(a: Anatomy) -> Broken | None:
    return a.append("each(i = 1 ms to 3 ms, relu)")


@mutation("E233")
def copies_for_all_numbers(a: Anatomy) -> Broken | None:
    return a.append("each(i = 1 to 2.5, relu)")


@mutation("E222")
def a_range_without_values(a: Anatomy) -> Broken | None:
    return a.append(a.random.choice(("each(i = 3 to 1, relu)", "each(i = 1 to 3 by 0, relu)")))


@mutation("E223")
def a_condition_that_is_a_number(a: Anatomy) -> Broken | None:
    return a.append("when(3, relu)")


@mutation("E224")
def a_division_by_zero(a: Anatomy) -> Broken | None:
    symbol = a.random.choice(("/", "//", "%"))
    return a.append(f"when(1 {symbol} (2 - 2) == 1, relu)")


@mutation("E225")
def arithmetic_with_texts(a: Anatomy) -> Broken | None:
    return a.append(a.random.choice(('when("a" + 1 == 2, relu)', "when(true * 2 == 2, relu)")))


@mutation("E226")
def an_order_of_texts(a: Anatomy) -> Broken | None:
    return a.append('when("a" < 1, relu)')


@mutation("E227")
def a_function_of_too_many_values(a: Anatomy) -> Broken | None:
    return a.append(a.random.choice(("when(not(true, false), relu)", "when(ceil() == 1, relu)")))


@mutation("E228")
def a_function_of_the_wrong_values(a: Anatomy) -> Broken | None:
    wrong = ("when(min(true) == 1, relu)", "when(all(3), relu)", "when(size(1.5) == 1, relu)")
    return a.append(a.random.choice(wrong))


@mutation("E229")
def copies_that_cannot_be_counted(a: Anatomy) -> Broken | None:
    return a.append(a.random.choice(("(-1) * relu", "2.5 * relu", "true * relu")))


@mutation("E230")
def more_picked_than_there_are(a: Anatomy) -> Broken | None:
    return a.append("add(pick(5, relu, tanh))")


@mutation("E501")
def a_choice_offered_twice(a: Anatomy) -> Broken | None:
    return a.append("(relu | tanh | relu)")


@mutation("E603")
def a_number_too_large(a: Anatomy) -> Broken | None:
    return a.append("when(10^17 * 10^17 == 1, relu)")


@mutation("E604")
def too_many_copies(a: Anatomy) -> Broken | None:
    return a.append("20000 * relu")
