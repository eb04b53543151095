"""Value expressions at random, for the spaces of :mod:`tests.space.random_spaces`."""

from __future__ import annotations

from random import Random
from typing import NamedTuple


class Dialect(NamedTuple):
    """What flows: the data, the sizes it has, ops with places for values, tails that a task goes
    with, and layers that bring branches together."""

    data: str
    sizes: tuple[str, ...]
    ops: tuple[str, ...]
    tails: tuple[str, ...] = ("linear({w})", "linear(classes)", "relu")
    brings: tuple[str, ...] = ("linear({w})",)
    task: str = "classify({n})"


FLAT = Dialect(
    "table(3)",
    ("features",),
    (
        "linear({w})",
        "linear({w})",
        "linear({w}, bias={b})",
        "linear({w}) -> {a}",
        "{a}",
        "identity",
        "layer_norm",
        "dropout({p})",
    ),
)
IMAGES = Dialect(
    "image(2, 8, 8)",
    ("channels", "height"),
    (
        "conv({w}, 3)",
        "conv({w}, 1) -> {a}",
        "conv({w}, 3, stride={s})",
        "conv({w}, {k}, padding=0)",
        "max_pool({s})",
        "avg_pool(3, stride=1)",
        "batch_norm",
        "identity",
        "{a}",
        "residual({l})",
    ),
    ("global_avg_pool -> linear({w})", "global_avg_pool", "flatten -> linear(classes)"),
    ("conv({w}, 1)", "conv({w}, 1)", "conv({w}, 3, stride=2)"),
)
ROWS = Dialect(
    "series(6, 2)",
    ("features", "length"),
    ("linear({w})", "conv({w}, {k}, stride={s})", "{a}", "identity", "max_pool({s})", "layer_norm"),
    ("mean_over -> linear({w})", "last", "flatten -> linear(classes)"),
)
DIALECTS = (FLAT, FLAT, IMAGES, ROWS)
ACTIVATIONS = ("relu", "gelu", "tanh", "sigmoid")
ROOM = 300  # options multiplied, after which no more choices are made


class Scope(NamedTuple):
    """The names an expression may read."""

    values: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    tensors: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


class Values:
    """Writes value expressions. ``room`` is left for the options of choices, multiplied."""

    def __init__(self, seed: int, room: float = ROOM) -> None:
        self.random = Random(seed)
        self.dialect = self.random.choice(DIALECTS)
        self.room = room
        self.named = 0

    def odds(self, chance: float) -> bool:
        return self.random.random() < chance

    def name(self, prefix: str) -> str:
        self.named += 1
        return f"{prefix}{self.named}"

    def menu(self, **weights: float) -> str:
        """One of several words, by weight."""
        return self.random.choices(list(weights), list(weights.values()))[0]

    def afford(self, options: int) -> bool:
        """Whether a choice of so many options may still be made; it counts then."""
        if self.room < options:
            return False
        self.room /= options
        return True

    def value(self, scope: Scope, depth: int = 2) -> str:
        """A value that mostly is a small whole number."""
        named = 6 if scope.values else 0
        inner = depth > 0
        kind = self.menu(
            constant=3, named=named, sum=2 * inner, choice=5, range=2 * inner,
            when=1 * inner, size=1, function=0.6 * inner,
        )  # fmt: skip
        return getattr(self, f"_{kind}")(scope, depth - 1)

    def _constant(self, scope: Scope, depth: int) -> str:
        return "0" if self.odds(0.015) else self.random.choice("1223344")

    def _named(self, scope: Scope, depth: int) -> str:
        return self.random.choice(scope.values)

    def _sum(self, scope: Scope, depth: int) -> str:
        operator = self.random.choice(("+", "+", "+", "*", "*", "-", "//", "%", "/"))
        return f"({self.value(scope, depth)} {operator} {self.value(scope, depth)})"

    def _choice(self, scope: Scope, depth: int) -> str:
        count = self.random.choice((2, 2, 3))
        draw = self.value if depth > 0 else self._leaf
        options = list(dict.fromkeys(draw(scope, depth) for _ in range(count)))
        if len(options) == 1 or not self.afford(len(options)):
            return options[0]
        if self.odds(0.1):
            options = [f"o{number}: {option}" for number, option in enumerate(options)]
        return f"({' | '.join(options)})"

    def _leaf(self, scope: Scope, depth: int) -> str:
        named = scope.values and self.odds(0.4)
        return self._named(scope, depth) if named else self._constant(scope, depth)

    def _range(self, scope: Scope, depth: int) -> str:
        low = "0" if self.odds(0.07) else self.random.choice("112")
        if not self.afford(3):
            return low
        if self.odds(0.5):
            return f"({low} to {self._leaf(scope, depth)})"
        return f"({low} to {int(low) + 2})"

    def _when(self, scope: Scope, depth: int) -> str:
        yes, no = self.value(scope, depth), self.value(scope, depth)
        return f"when({self.condition(scope, depth)}, {yes}, else={no})"

    def _size(self, scope: Scope, depth: int) -> str:
        if not scope.tensors:
            return self._constant(scope, depth)
        return f"{self.random.choice(scope.tensors)}.{self.random.choice(self.dialect.sizes)}"

    def _function(self, scope: Scope, depth: int) -> str:
        word = self.random.choice(("min", "max"))
        return f"{word}({self.value(scope, depth)}, {self.value(scope, depth)})"

    def condition(self, scope: Scope, depth: int = 1) -> str:
        symbol = self.random.choice(("==", "!=", "<", ">", "<=", ">="))
        if len(scope.tensors) > 1 and self.odds(0.2):
            one, other = self.random.sample(scope.tensors, 2)
            return f"{one}.shape == {other}.shape"
        left = self._size(scope, depth) if self.odds(0.4) else self.value(scope, depth)
        return f"{left} {symbol} {self.value(scope, depth)}"
