"""Small spaces at random: everything of the language that choices can meet, a few designs each.

They are made to be awkward, not sensible: lets read nowhere, in several places and by other lets,
ranges that depend, values that fail, copies whose type changes, shared blocks met with different
types, recursion. Many designs of a space are refused; which ones is what the tests are about.
``space(seed)`` is the text of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import SpecError
from archdsl.resolve.loading import load
from archdsl.source import Source
from tests.space.random_lists import Lists
from tests.space.random_values import ACTIVATIONS, ROOM, ROWS, Scope

if TYPE_CHECKING:
    from archdsl.evaluate.program import Program


CONTINUOUS = "0.0 to 0.5"


class Parameter(NamedTuple):
    name: str
    layer: bool
    default: str | None


class Block(NamedTuple):
    """A block that can be called; ``counts`` when its first parameter ends a recursion."""

    name: str
    parameters: tuple[Parameter, ...]
    counts: bool = False


class Author(Lists):
    """Writes one space; ``modules`` are among its lets if they are wanted."""

    def __init__(self, seed: int, room: float = ROOM, modules: bool = False) -> None:
        super().__init__(seed, room)
        self.blocks: list[Block] = []
        self.modules = modules

    def layer(self, scope: Scope, depth: int = 3) -> str:
        """A layer, in brackets where its surroundings might want them."""
        inner = depth > 0
        kind = self.menu(
            op=3, known=2 if scope.layers else 0.05 * bool(scope.tensors), flow=4 * inner,
            either=5 * inner, branch=1.5 * inner, copies=2 * inner, each=1.5 * inner,
            merge=2.5 * inner, order=0.8 * inner, call=5 * inner * bool(self.blocks),
        )  # fmt: skip
        return getattr(self, f"_{kind}")(scope, depth - 1)

    def _op(self, scope: Scope, depth: int) -> str:
        text = self.random.choice(self.dialect.ops)
        places = {
            "{w}": self.value,
            "{k}": self._kernel,
            "{s}": self._stride,
            "{b}": self._bias,
            "{p}": self._chance,
            "{l}": self.layer,
        }
        for place, draw in places.items():
            inner = min(depth, 1) if place == "{l}" else 1
            text = text.replace(place, draw(scope, inner)) if place in text else text
        text = text.replace("{a}", self.random.choice(ACTIVATIONS))
        return f"({text})" if "->" in text else text

    def _kernel(self, scope: Scope, depth: int) -> str:
        return self._named(scope, 0) if scope.values and self.odds(0.4) else self._choice(scope, 0)

    def _stride(self, scope: Scope, depth: int) -> str:
        if self.odds(0.4) or not self.afford(2):
            return self.random.choice("12")
        return "(1 | 2)"

    def _bias(self, scope: Scope, depth: int) -> str:
        return "(true | false)" if self.afford(2) else "true"

    def _chance(self, scope: Scope, depth: int) -> str:
        return "(0.1 to 0.2 by 0.1)" if self.afford(2) else CONTINUOUS

    def _known(self, scope: Scope, depth: int) -> str:
        return self.random.choice(scope.layers or scope.tensors)

    def _flow(self, scope: Scope, depth: int) -> str:
        steps = [self.layer(scope, depth) for _ in range(self.random.choice((2, 2, 3)))]
        if scope.tensors and self.odds(0.2):
            steps[0] = self.random.choice(scope.tensors)
        return f"({' -> '.join(steps)})"

    def _either(self, scope: Scope, depth: int) -> str:
        count = self.random.choice((2, 2, 3))
        options = list(dict.fromkeys(self.layer(scope, depth) for _ in range(count)))
        if len(options) == 1 or not self.afford(len(options)):
            return options[0]
        if self.odds(0.1):
            options = [f"o{number}: {option}" for number, option in enumerate(options)]
        return f"({' | '.join(options)})"

    def _branch(self, scope: Scope, depth: int) -> str:
        test, yes = self.condition(scope), self.layer(scope, depth)
        no = f", else={self.layer(scope, depth)}" if self.odds(0.7) else ""
        return f"when({test}, {yes}{no})"

    def _copies(self, scope: Scope, depth: int) -> str:
        return f"{self._count(scope)} * {self.layer(scope, depth)}"

    def _count(self, scope: Scope) -> str:
        """How many copies."""
        if scope.values and self.odds(0.4):
            return self.random.choice(scope.values)
        if self.odds(0.4) and self.afford(2):
            return self.random.choice(("(0 | 2)", "(1 to 2)", "(1 | 3)", "(2 to 3)"))
        return self.random.choice("1233")

    def _each(self, scope: Scope, depth: int) -> str:
        index, before = self.name("i"), self.room
        inner = scope._replace(values=(*scope.values, index))
        if self.lists and self.odds(0.2):
            second = self.name("i")
            body = self.layer(inner._replace(values=(*inner.values, second)), depth)
            self.room = self.room**2 / before
            return f"each(({index}, {second}) = {self.listed(scope, 0, rows=2)}, {body})"
        body = self.layer(inner, depth)
        self.room = self.room**2 / before  # each copy chooses for itself
        return f"each({index} = {self._copies_for(scope)}, {body})"

    def _copies_for(self, scope: Scope) -> str:
        """What ``each`` makes copies for."""
        if self.odds(0.6):
            high = self.random.choice(("2", "2", "3", self.value(scope, 0)))
            low = self._leaf(scope, 0) if self.odds(0.2) else self.random.choice("1110")
            return f"{low} to {high}"
        if self.lists and self.odds(0.3):
            kind = self.menu(whole=3, pick=1, permute=1)
            if kind == "whole" or not self.afford(3):
                return self.listed(scope, 1)
            count = "1, " if kind == "pick" else ""
            return f"{kind}({count}{self.listed(scope, 0)})"
        values = list(dict.fromkeys(self.value(scope, 1) for _ in range(3)))
        kind = self.menu(pick=2, permute=1, list=1)
        if kind == "list" or not self.afford(len(values)):
            return f"[{', '.join(values)}]"
        count = "1" if len(values) == 1 else self._count(scope) if self.odds(0.3) else "2"
        return f"{kind}({', '.join([count, *values] if kind == 'pick' else values)})"

    def _order(self, scope: Scope, depth: int) -> str:
        """Layers in any order."""
        parts = list(dict.fromkeys(self.layer(scope, depth) for _ in range(2)))
        if len(parts) == 1 or not self.afford(2):
            return parts[0]
        return f"permute({', '.join(parts)})"

    def _merge(self, scope: Scope, depth: int) -> str:
        word = self.random.choice(("add", "add", "concat", "mul", "mix"))
        parts = [self._part(scope, depth) for _ in range(3 if word == "mix" else 2)]
        if self.odds(0.7):
            parts = self._alike(parts, scope)
        if word != "mix" and self.odds(0.3):
            parts.append(self._pick(scope, depth))
        if word != "mix" and self.odds(0.2) and self.afford(2):
            parts.insert(self.random.randrange(3), f"{self._part(scope, depth)} | none")
        if word != "mix" and self.odds(0.1):
            parts.append(f"when({self.condition(scope)}, {self._part(scope, depth)}, else=none)")
        if word == "concat" and "length" in self.dialect.sizes and self.odds(0.5):
            either = self.odds(0.3) and self.afford(2)
            parts.append("axis=channels | length" if either else "axis=length")
        return f"{word}({', '.join(parts)})"

    def _alike(self, parts: list[str], scope: Scope) -> list[str]:
        """Branches, most of which some layer brings to a width of their own or of all."""
        width, bring = self.value(scope, 1), self.random.choice(self.dialect.brings)
        made = []
        for part in parts:
            given = f"({self._constant(scope, 0)} | {width})" if self.odds(0.2) else width
            brought = f"{part} -> {bring.replace('{w}', given)}"
            made.append(brought if self.odds(0.9) else part)
        return made

    def _part(self, scope: Scope, depth: int) -> str:
        if scope.tensors and self.odds(0.25):
            return self.random.choice(scope.tensors)
        return self.layer(scope, depth)

    def _pick(self, scope: Scope, depth: int) -> str:
        parts = list(dict.fromkeys(self._part(scope, depth) for _ in range(3)))
        count = self._count(scope) if self.odds(0.4) else "1"
        return f"pick({count}, {', '.join(parts)})" if self.afford(len(parts)) else parts[0]

    # Blocks ----------------------------------------------------------------------------------

    def _call(self, scope: Scope, depth: int) -> str:
        return self.call(self.random.choice(self.blocks), scope, depth)

    def call(self, block: Block, scope: Scope, depth: int) -> str:
        given = []
        for parameter in block.parameters:
            if parameter.default is not None and self.odds(0.6):
                continue
            if block.counts and not given:
                text = self._count(scope)
            elif parameter.layer:
                text = self._part(scope, min(depth, 1))
            else:
                text = self.value(scope, 1)
            given.append(f"{parameter.name}={text}")
        return f"{block.name}({', '.join(given)})" if given else block.name

    def body(self, scope: Scope, depth: int, tail: str = "") -> str:
        """A body with some lets; it ends in ``tail``."""
        lets = []
        for _ in range(self.random.choice((0, 1, 1, 2, 3))):
            kind = self.menu(value=1, tensor=1, **{"list": 0.3} if self.lists else {})
            name = self.name({"value": "v", "tensor": "t", "list": "l"}[kind])
            drawn = {"value": self.value, "tensor": self._let_layer, "list": self.listed}[kind]
            deep = {"value": 2, "tensor": depth, "list": 1}[kind]
            lets.append(f"let {name} = {drawn(scope, deep)}")
            read = getattr(scope, f"{kind}s")
            scope = scope._replace(**{f"{kind}s": (*read, name)})
            if self.modules:
                scope = self._module(scope, lets)
            if self.odds(0.07):
                lets.append(self._require(scope))
        result = self.layer(scope, depth) + tail
        return f"{{ {' '.join(lets)} return {result} }}" if lets else f"= {result}"

    def _module(self, scope: Scope, lets: list[str]) -> Scope:
        """Perhaps a module, which later parts of a body mention."""
        if self.odds(0.4):
            return scope
        name = self.name("m")
        lets.append(f"module {name} = {self.layer(scope._replace(tensors=()), 2)}")
        return scope._replace(layers=(*scope.layers, name, name, name))

    def _let_layer(self, scope: Scope, depth: int) -> str:
        first = f"{self.random.choice(scope.tensors)} -> " if self.odds(0.3) else ""
        return first + self.layer(scope, depth - 1)

    def block(self) -> str:
        """A block, callable from now on."""
        parameters: list[Parameter] = []
        scope = Scope(tensors=("x",))
        for _ in range(self.random.choice((0, 1, 1, 2))):
            layer = self.odds(0.3)
            name = self.name("f" if layer else "w")
            default = None
            if self.odds(0.4):
                default = self.layer(scope, 1) if layer else self.value(scope, 1)
            elif parameters and parameters[-1].default is not None:
                default = self._op(scope, 1) if layer else "2"
            parameters.append(Parameter(name, layer, default))
            read = scope.layers if layer else scope.values
            scope = scope._replace(**{"layers" if layer else "values": (*read, name)})
        name, shared = self.name("b"), "shared " if self.odds(0.35) else ""
        text = f"{shared}block {name}({_listed(parameters)}) {self.body(scope, 2)}"
        self.blocks.append(Block(name, tuple(parameters)))
        return text

    def recursion(self) -> str:
        """A block that calls itself and hands on a let of its own, or a layer that reads it."""
        name, layer = self.name("r"), self.odds(0.3)
        parameters = (Parameter("n", False, None), Parameter("w", False, None))
        scope = Scope(("n", "w"), (), ("x",))
        if layer:
            parameters = (*parameters, Parameter("f", True, None))
            scope = scope._replace(layers=("f",))
        own = self.value(scope, 1)
        within = scope._replace(values=("n", "w", "k", "k"))
        handed = f", f={self.layer(within, 1)}" if layer else ""
        again = f"{name}(n=n - 1, w={self.value(within, 1)}{handed})"
        if self.odds(0.25):
            again = f"add({self.layer(within, 1)}, {again})"
        steps = [self.layer(within, 1), again]
        self.random.shuffle(steps)
        step, end = " -> ".join(steps), self.layer(within, 1)
        self.blocks.append(Block(name, parameters, counts=True))
        result = f"when(n > 0, {step}, else={end})"
        return f"block {name}({_listed(parameters)}) {{ let k = {own} return {result} }}"

    # The whole -------------------------------------------------------------------------------

    def space(self) -> str:
        blocks = [self.function()] if self.lists and self.odds(0.35) else []
        blocks += [self._any_block() for _ in range(self.random.choice((0, 1, 1, 2, 2, 3)))]
        scope, lets = self._outer()
        task, tail = self._task()
        model = self.body(scope._replace(tensors=("x",)), 3, tail)
        requires = [
            self._require(Scope(scope.values)) for _ in range(self.random.choice((0, 0, 0, 1, 2)))
        ]
        train = ["train sgd(batch=32 | 64)"] if self.odds(0.05) else []
        inner = [f"data {self.dialect.data}", *task, *train, *lets, *requires, f"model {model}"]
        return "\n".join([*blocks, "arch A {", *(f"  {line}" for line in inner), "}"]) + "\n"

    def of_two_inputs(self) -> str:
        """A space of models that read two inputs by their names."""
        blocks = [self._any_block() for _ in range(self.random.choice((0, 1, 2)))]
        scope, lets = self._outer()
        task, tail = self._task()
        inside, bound = scope._replace(tensors=("one", "other")), []
        for _ in range(self.random.choice((0, 1, 2, 3))):
            name = self.name("t")
            bound.append(f"let {name} = {self._rooted(inside)}")
            inside = inside._replace(tensors=(*inside.tensors, name))
        model = f"{{ {' '.join(bound)} return {self._rooted(inside)}{tail} }}"
        data = [f"data {name} = {self.dialect.data}" for name in ("one", "other")]
        inner = [*data, *task, *lets, f"model {model}"]
        return "\n".join([*blocks, "arch A {", *(f"  {line}" for line in inner), "}"]) + "\n"

    def _rooted(self, scope: Scope) -> str:
        """A layer behind a tensor, or two that are chosen from."""
        first, second = (self.random.choice(scope.tensors) for _ in range(2))
        root = f"({first} | {second})" if first != second and self.odds(0.3) else first
        return f"{root} -> {self.layer(scope, 2)}"

    def _any_block(self) -> str:
        return self.recursion() if self.odds(0.15) else self.block()

    def _outer(self) -> tuple[Scope, list[str]]:
        """The lets outside the model."""
        scope, lets = Scope(), []
        for _ in range(self.random.choice((0, 1, 2, 2, 3, 4))):
            layer = self.odds(0.35)
            if not layer and self.lists and self.odds(0.2):
                name = self.name("l")
                lets.append(f"let {name} = {self.listed(scope, 1)}")
                scope = scope._replace(lists=(*scope.lists, name))
                continue
            name = self.name("o" if layer else "a")
            lets.append(f"let {name} = {self.layer(scope, 1) if layer else self.value(scope)}")
            if layer:
                scope = scope._replace(layers=(*scope.layers, name))
            else:
                scope = scope._replace(values=(*scope.values, name))
            if self.modules:
                scope = self._module(scope, lets)
        return scope, lets

    def _task(self) -> tuple[list[str], str]:
        if self.odds(0.6):
            return [], ""
        tail = self.random.choice(self.dialect.tails)
        tail = tail.replace("{w}", self._choice(Scope(), 0))
        return [f"task {self.dialect.task.format(n=self.random.choice('234'))}"], f" -> {tail}"

    def _require(self, scope: Scope) -> str:
        room, self.room = self.room, 0  # a condition makes no choices
        condition = self.condition(scope)
        self.room = room
        return f"require {condition}"


def _listed(parameters: list[Parameter] | tuple[Parameter, ...]) -> str:
    return ", ".join(p.name if p.default is None else f"{p.name}={p.default}" for p in parameters)


def modular(seed: int) -> str:
    """A space with modules, which are mentioned in several places."""
    return Author(seed, modules=True).space()


def borrowing(seed: int) -> str:
    """A language model whose last layer borrows the weights of its embedding."""
    author = Author(seed)
    author.dialect = ROWS._replace(data="tokens(5, vocab=7)")
    blocks = [author._any_block() for _ in range(author.random.choice((0, 1)))]
    scope, lets = author._outer()
    width = author.value(scope)
    words = author.random.choice(
        (f"embedding({width})", f"(embedding({width}) | (embedding(2) -> gelu))", "embedding(3)")
    )
    own = author.odds(0.5)
    inner = Scope(("w",), ("f",), ("x", "e")) if own else scope._replace(tensors=("x", "e"))
    end = author.random.choice(("", " -> linear(e.features)", f" -> linear({width})"))
    body = f"{{ let e = {words} return e -> {author.layer(inner, 2)}{end} -> tied_linear(e) }}"
    if own:
        shared = "shared " if author.odds(0.3) else ""
        blocks.append(f"{shared}block lm(w, f) {body.replace(width, 'w')}")
        body = f"= lm({author.value(scope)}, {author.layer(scope, 1)})"
    inner_lines = ["data tokens(5, vocab=7)", *lets, f"model {body}"]
    return "\n".join([*blocks, "arch A {", *(f"  {line}" for line in inner_lines), "}"]) + "\n"


def space(seed: int) -> str:
    """The text of a space: the same for the same seed."""
    return borrowing(seed) if seed % 16 == 0 else Author(seed).space()


def with_inputs(seed: int) -> str:
    """The text of a space whose models have two inputs."""
    return Author(seed).of_two_inputs()


def program(seed: int) -> Program:
    """The program of a space whose designs can be told by their options. Where the text of the seed
    is none, because it offers a value twice or a choice is continuous, it is that of a seed further
    on."""
    text = space(seed)
    if CONTINUOUS in text:
        return program(seed + 1_000_003)
    try:
        return load(Source(text, f"space{seed}.arch")).program()
    except SpecError:
        return program(seed + 1_000_003)
