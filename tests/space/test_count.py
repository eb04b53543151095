"""Counting a space equals trying all of it."""

from __future__ import annotations

import pytest

from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.space.diagram import Node, Part, Product, Union, product
from archdsl.space.exhaust import exhaust
from archdsl.space.space import Space

BLOCKS = """
block op(width) = zero | identity | conv(width, 1) | conv(width, 3 | 5)
block unit(width, depth) = each(i = 1 to depth, conv(width, 3 | 5))
block residual(f) = add(x, f)
block chosen(kernel=3 | 5, act=relu | gelu) = conv(4, kernel) -> act
block down(width) = conv(width, 3, stride=1 | 2)
block maybe(width) = when(x.height > 16, conv(width, 3 | 5 | 7), else=conv(width, 1 | 3))
shared block cell(width) = conv(width, 3) -> op(width) -> op(width)
"""

SPACES = {
    "relu": 1,
    "conv(8, 3 | 5)": 2,
    "conv(8 | 16, 3 | 5) -> conv(4 to 16 by 4, 1)": 16,
    "conv(8, 3) -> op(8) -> op(8)": 25,
    "3 * conv(3, 3 | 5)": 2,
    "(0 to 3) * conv(3, 3 | 5)": None,
    "each(i = 1 to 3, conv(8, 3 | 5) -> (relu | gelu | identity))": 216,
    "unit(8, 2 to 4)": 28,
    "cell(8) -> cell(8) -> cell(4)": 25,
    "chosen -> chosen": 16,
    "residual(conv(3, 3 | 5) -> (relu | gelu))": 4,
    "conv(4, 1) -> concat(pick(2, conv(8, 3), conv(8, 5), conv(8, 7)))": 3,
    "conv(4, 1) -> concat(pick(1 to 3, conv(8, 3 | 5), conv(8, 5), conv(8, 7)))": None,
    "down(8) -> maybe(8)": 5,
    "down(8) -> down(8) -> maybe(4) -> (relu | gelu)": None,
    "2 * down(3)": 2,
    "2 * (down(8) -> maybe(3))": None,
    "{ let k = 3 | 5 return conv(8, k) -> when(k == 5, conv(8, 1 | 3 | 5)) }": 4,
    "{ let a = down(8) let b = a -> maybe(8) return add(a -> conv(8, 1), b) }": 5,
    "conv(8, 3) -> (relu | maybe(8) | (gelu -> maybe(4)))": 7,
    "conv(8, 3, padding=0) -> conv(8, 29 | 30 | 31 | 33, padding=0)": 2,
}


@pytest.mark.parametrize(("expression", "expected"), SPACES.items())
def test_the_count_is_what_trying_every_design_finds(expression: str, expected: int | None) -> None:
    body = expression if expression.startswith("{") else f"= {expression}"
    text = f"{BLOCKS}\narch A {{ data image(3, 32, 32) model {body} }}"
    program = load(Source(text)).program()
    tried = exhaust(program)
    assert Space(program).count() == tried
    assert expected in (None, tried)


def test_a_let_outside_bodies_counts_once() -> None:
    text = "arch A { data image(3, 8, 8) let act = relu | gelu let w = 4 | 8 | 16"
    text += " model = conv(w, 3) -> act -> conv(w, 3 | 5) -> act }"
    assert Space(load(Source(text)).program()).count() == 12


def test_designs_of_a_space_hold_numbers_drawn_for_continuous_choices() -> None:
    text = "arch A { data image(3, 8, 8) model = dropout(0.1 to 0.5) -> conv(1 to 40, 3) }"
    space = Space(load(Source(text)).program())
    designs = list(space.designs(seed=1))
    rates = [design["dropout.rate"] for design in designs]
    assert len({design["conv.channels"] for design in designs}) == 40
    assert len(set(rates)) == 40
    assert all(0.1 <= rate <= 0.5 for rate in rates)
    assert list(space.designs(seed=1, start=30)) == designs[30:]


class Multiplied(int):
    """A number that counts its multiplications, and those of what comes out of them."""

    times = 0

    def __mul__(self, other: int) -> Multiplied:
        Multiplied.times += 1
        return Multiplied(int(self) * int(other))

    __rmul__ = __mul__


def test_a_row_of_many_steps_is_counted_one_step_at_a_time():
    steps = 1_000
    either = Union((Product((), (), (0,)), Product((), (), (1,))))
    either.count = Multiplied(2)
    row: Node = Product((), (), (1,))
    Multiplied.times = 0
    for _ in range(steps):
        row = product(row, Part(either))
    assert row.count == 2**steps
    assert len(row.parts) == steps
    assert Multiplied.times <= 2 * steps
