"""Lists, rows and functions of values at random, for the spaces of
:mod:`tests.space.random_spaces`."""

from __future__ import annotations

from tests.space.random_values import Scope, Values

FIRST = 10**9
"""Spaces with seeds from here on have lists; those before are as they were without."""


class Lists(Values):
    """Writes lists, what is read of them, and functions of values, if it ``lists``. ``functions``
    are those that can be called, with how many values each takes at least and at most."""

    def __init__(self, seed: int, room: float) -> None:
        super().__init__(seed, room)
        self.lists = seed >= FIRST
        self.functions: dict[str, tuple[int, int]] = {}

    def value(self, scope: Scope, depth: int = 2) -> str:
        if depth <= 0 or not self.lists:
            return super().value(scope, depth)
        if self.functions and self.odds(0.12):
            return self._called(scope, depth - 1)
        if self.odds(0.3 if scope.lists else 0.06):
            return self._read(scope, depth - 1)
        return super().value(scope, depth)

    def listed(self, scope: Scope, depth: int, rows: int = 0) -> str:
        """A list of two or three values, or of rows with so many."""
        if scope.lists and not rows and self.odds(0.4):
            return self.random.choice(scope.lists)
        items = [
            self._row(scope, depth, rows) if rows else self.value(scope, depth)
            for _ in range(self.random.choice((2, 2, 3)))
        ]
        return f"[{', '.join(items)}]"

    def _row(self, scope: Scope, depth: int, length: int) -> str:
        length += self.odds(0.02) * self.random.choice((1, -1))
        return f"[{', '.join(self.value(scope, depth) for _ in range(length))}]"

    def _read(self, scope: Scope, depth: int) -> str:
        """A value that is read of a list."""
        kind = self.menu(item=4, whole=2, nested=1)
        if kind == "whole":
            return f"{self.random.choice(('len', 'sum', 'min', 'max'))}({self.listed(scope, 0)})"
        if kind == "nested":
            rows = self.listed(scope, 0, rows=2)
            return f"{rows}[{self._place(scope)}][{self._place(scope)}]"
        return f"{self.listed(scope, depth)}[{self._place(scope)}]"

    def _place(self, scope: Scope) -> str:
        if self.odds(0.1):
            return self.value(scope, 0)
        if self.odds(0.3) and self.afford(2):
            return self.random.choice(("(0 | 1)", "(0 to 1)", "(-1 | 0)"))
        return self.random.choice(("0", "1", "-1"))

    def _called(self, scope: Scope, depth: int) -> str:
        name, (least, most) = self.random.choice(list(self.functions.items()))
        count = self.random.choice((least, most))
        return f"{name}({', '.join(self.value(scope, depth) for _ in range(count))})"

    def function(self) -> str:
        """A function, callable from now on."""
        before, self.room = self.room, 0  # it makes no choices
        text = self._function_text(self.name("g"))
        self.room = before
        return text

    def _function_text(self, name: str) -> str:
        if self.odds(0.3):
            more = self.value(Scope(("n", "w")), 1)
            again = f"{name}(n - 1, {more})"
            self.functions[name] = (2, 2)
            return f"function {name}(n, w) = when(n > 0, {again}, else={self._leaf_of('w')})"
        scope, default = Scope(("w",)), self.value(Scope(("w",)), 1)
        inner = Scope(("w", "d"))
        lets = []
        if self.odds(0.4):
            local = self.name("v")
            lets.append(f"let {local} = {self.value(scope, 1)}")
            inner = Scope(("w", "d", local))
        if self.odds(0.15):
            lets.append(f"require {self.condition(inner, 0)}")
        result = self.value(inner, 2)
        self.functions[name] = (1, 2)
        body = f"{{ {' '.join(lets)} return {result} }}" if lets else f"= {result}"
        return f"function {name}(w, d={default}) {body}"

    def _leaf_of(self, name: str) -> str:
        return self.random.choice((name, f"{name} + 1", f"max({name}, 1)"))
