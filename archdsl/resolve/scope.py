"""What names mean while a spec is resolved, and what its choices are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from archdsl.cost import catalog as metric_catalog
from archdsl.evaluate.arithmetic import FUNCTIONS
from archdsl.ops import catalog
from archdsl.ops.synonyms import foreign
from archdsl.spec.constants import LIST
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archdsl.diagnostics import Diagnostic, SpecError
    from archdsl.evaluate.layers import Layer
    from archdsl.evaluate.memo import Memo
    from archdsl.evaluate.scalars import Unbound
    from archdsl.resolve.definition import BlockDefinition, FunctionDefinition

VALUE = "value"
LAYER = "layer"
UNKNOWN = "unknown"  # a parameter: the call decides
SPECIAL = ("when", "each", "pick", "permute")


class Hint(NamedTuple):
    """What to say of a name that nothing binds here; ``other`` is what is meant, if that is
    certain."""

    help: str
    other: str = ""


class BlockTable(Protocol):
    """The blocks and functions that can be called from a place."""

    memo: Memo

    def names(self) -> tuple[str, ...]: ...

    def shared(self) -> tuple[str, ...]: ...

    def has(self, name: str) -> bool: ...

    def find(self, name: str) -> BlockDefinition | None: ...

    def layer(self, node: ast.Expression, scope: Scope) -> Layer: ...

    def functions(self) -> tuple[str, ...]: ...

    def function(self, name: str) -> FunctionDefinition | None: ...


REPORTED = "metric"  # `metric(f1)` is what training reports under a name


class Labels:
    """Names for the choices of one body: unique, readable, and stable under edits elsewhere.

    ``reserved`` names are those of choices made elsewhere: for parameters, or once for the model.
    """

    __slots__ = ("prefix", "reserved", "taken")

    def __init__(
        self,
        prefix: str = "",
        reserved: Iterable[str] = (),
        taken: dict[str, int] | None = None,
    ) -> None:
        self.prefix = prefix
        self.reserved = frozenset(reserved)
        self.taken: dict[str, int] = {} if taken is None else taken  # with the last number given

    def claim(self, name: str, own: bool = False) -> str:
        """``.layer2.conv``, or ``.layer2.conv_2`` when there is one already.

        ``own``: the name is a parameter's, and what is labelled is that parameter applied.
        """
        label = wanted = f"{self.prefix}.{name}"
        number = self.taken.get(wanted, 1)
        while label in self.taken or (not own and label[1:] in self.reserved):
            number += 1
            label = f"{wanted}_{number}"
        self.taken[wanted] = number
        self.taken.setdefault(label, 1)
        return label

    def under(self, label: str) -> Labels:
        """The same body, one name further in."""
        return Labels(label, self.reserved, self.taken)

    def copy(self) -> Labels:
        """The same names, to be claimed a second time."""
        return Labels(self.prefix, self.reserved, dict(self.taken))


class Scope:
    """The names visible at a place: parameters, lets and counters with what they hold."""

    def __init__(
        self,
        blocks: BlockTable,
        kinds: dict[str, str],
        metrics: bool = False,
        flows_in: bool = True,
        told: list[Diagnostic] | None = None,
    ) -> None:
        self.blocks = blocks
        self.kinds = kinds
        self.metrics = metrics
        self.flows_in = flows_in
        self.reports = False  # whether what training reports can be named, too
        self.measured = False  # whether a metric has been named since this was cleared
        self.lent: set[str] = set()  # the names whose weights an op borrows
        self.applied: set[str] = set()  # the names that stand for a layer, not for a tensor
        self.told = told  # where mistakes are told; None: the first one is raised
        self.hints: dict[str, Hint] = {}
        self.words: dict[str, Unbound] = {}  # the lets that hold a name which nothing binds
        self.aliases: dict[str, str] = {}  # other names of what flows in

    def adding(self, names: tuple[str, ...], kind: str) -> Scope:
        kinds = {**self.kinds, **dict.fromkeys(names, kind)}
        inner = Scope(self.blocks, kinds, self.metrics, self.flows_in, self.told)
        inner.lent = self.lent
        inner.applied = self.applied
        inner.reports = self.reports
        inner.words = self.words
        inner.hints = self.hints
        inner.aliases = {other: ours for other, ours in self.aliases.items() if other not in names}
        return inner

    def tensor(self, name: str) -> str:
        """What a name that is bound here is called where the body is evaluated."""
        return self.aliases.get(name, name)

    def go_on(self, error: SpecError) -> None:
        """Tell the mistakes of a part, so that the other parts are looked at, too. Raises them
        where there is nobody to tell."""
        if self.told is None:
            raise error
        self.told.extend(error.diagnostics)

    def owners(self) -> frozenset[str]:
        """The names of several tasks, which are read for what these say: ``kind.classes``."""
        return frozenset(name.partition(".")[0] for name in self.kinds if "." in name)

    def known_names(self) -> tuple[str, ...]:
        """Everything a name could mean here, for did-you-mean."""
        metrics = metric_catalog.words() if self.metrics else ()
        callable_ = (*self.blocks.names(), *self.blocks.functions(), *catalog.words())
        return (*self.kinds, *metrics, *callable_, "true", "false")

    def known_values(self) -> tuple[str, ...]:
        """Everything that a name could mean where no layer can stand, for did-you-mean."""
        held = (name for name, kind in self.kinds.items() if kind != LAYER)
        return (*held, *(metric_catalog.words() if self.metrics else ()), "true", "false")

    def known_calls(self) -> tuple[str, ...]:
        """Everything that can be called here."""
        metrics = metric_catalog.words() if self.metrics else ()
        measured = [word for word in metrics if metric_catalog.takes_arguments(word)]
        blocks = (*self.blocks.names(), *self.blocks.functions())
        return (*blocks, *catalog.words(), *FUNCTIONS, *SPECIAL, *measured)

    def binds(self, name: str) -> bool:
        """Whether a name means something of the spec's own here, so no word of the language."""
        known = self.blocks.has(name) or self.blocks.function(name) is not None
        return name in self.kinds or known

    def measures(self, name: str) -> bool:
        """Whether a name means a metric: where none can be read, only if it means nothing else."""
        known = metric_catalog.find(name) is not None
        return known and (self.metrics or not self.binds(name))

    def is_layer_word(self, name: str) -> bool:
        """Whether a name that nothing binds is an op or a block."""
        return self.blocks.has(name) or catalog.find(name) is not None


def sort_of(expression: ast.Expression, scope: Scope) -> str:
    """Whether an expression is a value or a layer, as far as the source tells."""
    rule = _SORTS.get(type(expression))
    return VALUE if rule is None else rule(expression, scope)


def _name(name: ast.Name, scope: Scope) -> str:
    if name.id in scope.kinds:
        return scope.kinds[name.id]
    return LAYER if scope.is_layer_word(name.id) else VALUE


def _call(call: ast.Call, scope: Scope) -> str:
    word = call.function.id
    if word == "when":
        branches = _branches(call)
        return LAYER if len(branches) == 1 else _joint(branches, scope)
    if scope.blocks.function(word) is not None:
        return VALUE
    if word == LIST and not scope.blocks.has(word):
        return VALUE
    is_value = is_function(word) or (scope.metrics and word == REPORTED)
    return VALUE if is_value and not scope.blocks.has(word) else LAYER


def is_function(word: str) -> bool:
    """Whether a call of this word is a value: a function of values, or a metric's."""
    return word in FUNCTIONS or metric_catalog.takes_arguments(word)


def _branches(call: ast.Call) -> list[ast.Expression]:
    return [argument.value for argument in call.arguments[1:]]


def _binary(binary: ast.Binary, scope: Scope) -> str:
    if binary.operator != "*":
        return VALUE
    return sort_of(binary.right, scope)


def _joint(expressions: Iterable[ast.Expression], scope: Scope) -> str:
    """The sort of alternatives: a layer or a plain value decides for all, else a parameter."""
    candidates = [e for e in expressions if not _is_word(e, scope)]
    sorts = {sort_of(expression, scope) for expression in candidates}
    return next((sort for sort in (LAYER, VALUE, UNKNOWN) if sort in sorts), VALUE)


def _is_word(expression: ast.Expression, scope: Scope) -> bool:
    """A name that nothing binds says nothing: it may be a word, or a layer misspelt."""
    if not isinstance(expression, ast.Name) or expression.id in scope.kinds:
        return False
    return not scope.is_layer_word(expression.id)


def _attribute(attribute: ast.Attribute, scope: Scope) -> str:
    """A size, unless it is the name of an op in another library, as `nn.ReLU` is."""
    if attribute.owner.id in scope.kinds or attribute.owner.id in scope.owners():
        return VALUE
    return VALUE if foreign(attribute.name) is None else LAYER


_SORTS: dict[type, Callable[..., str]] = {
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Results: lambda _results, _scope: LAYER,
    ast.Binary: _binary,
    ast.Flow: lambda _flow, _scope: LAYER,
    ast.Choice: lambda choice, scope: _joint(choice.options, scope),
}


def probe_of(expression: ast.Expression, scope: Scope) -> str:
    """The parameter that decides whether an expression of unknown sort is a layer."""
    if isinstance(expression, ast.Name):
        return expression.id
    if isinstance(expression, ast.Binary):
        return probe_of(expression.right, scope)
    if isinstance(expression, ast.Choice):
        return _first_probe(expression.options, scope)
    if isinstance(expression, ast.Call):
        return _first_probe(_branches(expression), scope)
    raise TypeError(f"{type(expression).__name__} has a sort of its own")


def _first_probe(expressions: Iterable[ast.Expression], scope: Scope) -> str:
    unknown = (e for e in expressions if sort_of(e, scope) == UNKNOWN)
    return probe_of(next(unknown), scope)
