"""From syntax to value expressions: names bound, functions found, choices labelled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archdsl.cost import catalog as metrics
from archdsl.diagnostics import Diagnostic, SpecError, instead, meant
from archdsl.evaluate import lists, scalars
from archdsl.evaluate.arithmetic import FUNCTIONS
from archdsl.evaluate.functions import FunctionCall, takes_values
from archdsl.evaluate.measures import (
    TRAINED,
    Measure,
    Reported,
    known_after_training,
    misplaced,
)
from archdsl.ops.synonyms import foreign, translated
from archdsl.resolve.arguments import match_function, positional, when_parts
from archdsl.resolve.options import call_values
from archdsl.resolve.scope import LAYER, REPORTED, SPECIAL, Labels, Scope, sort_of
from archdsl.spec.constants import LIST, as_in_0_1, number
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.ops.synonyms import Foreign
    from archdsl.resolve.definition import FunctionDefinition
    from archdsl.resolve.scope import Labels, Scope
    from archdsl.source import Span

CONSTANTS = {"true": True, "false": False}


def lower_value(
    expression: ast.Expression, scope: Scope, labels: Labels, whole: bool = False
) -> scalars.Scalar:
    """A value expression. ``whole``: a choice here may take the label of what holds it."""
    try:
        return _VALUES[type(expression)](expression, scope, labels, whole)
    except SpecError as error:
        scope.go_on(error)
        return scalars.Mistaken(expression.span)


def _number(node: ast.Number, *_: Any) -> scalars.Scalar:
    return scalars.Constant(number(node), node.span)


def _text(node: ast.Text, *_: Any) -> scalars.Scalar:
    return scalars.Constant(node.value, node.span)


def _name_value(node: ast.Name, scope: Scope, labels: Labels, whole: bool) -> scalars.Scalar:
    if node.id not in scope.kinds and scope.blocks.function(node.id) is not None:
        raise SpecError(_not_called(node, scope))
    if node.id in scope.kinds:
        return scalars.Variable(node.id, node.span)
    if node.id in CONSTANTS:
        return scalars.Constant(CONSTANTS[node.id], node.span)
    if scope.measures(node.id):
        return _measure(node.id, (), node.span, scope)
    if scope.metrics and node.id in TRAINED:
        return _reported(node.id, node.span, scope)
    return scalars.Unbound(node.id, node.span, scope.known_names())


def _not_called(node: ast.Name, scope: Scope) -> Diagnostic:
    """The finding for a function that stands without its arguments."""
    function = scope.blocks.function(node.id)
    assert function is not None
    called = f"{node.id}({', '.join(function.parameter_names)})"
    return Diagnostic(
        "E205", f"`{node.id}` is a function, and it is not called", node.span, needed=f"`{called}`"
    )


def _measure(
    word: str, arguments: tuple[ast.Argument, ...], span: Span, scope: Scope
) -> scalars.Scalar:
    if not scope.metrics:
        raise SpecError(misplaced(word, span))
    scope.measured = True
    return Measure(word, arguments, span)


def _reported(name: str, span: Span, scope: Scope) -> scalars.Scalar:
    if not scope.reports:
        raise SpecError(known_after_training(span))
    return Reported(name, span)


def _reported_call(node: ast.Call, scope: Scope) -> scalars.Scalar:
    """``metric(f1)``"""
    given = node.arguments[0].value if len(node.arguments) == 1 else None
    if isinstance(given, ast.Name) and node.arguments[0].name is None:
        return _reported(given.id, node.span, scope)
    if isinstance(given, ast.Attribute) and node.arguments[0].name is None:
        return _reported(f"{given.owner.id}.{given.name}", node.span, scope)
    message, needed = "`metric` does not read like this", "`metric(NAME)`, as it is reported"
    raise SpecError(Diagnostic("E431", message, node.span, needed=needed))


def _attribute(node: ast.Attribute, scope: Scope, labels: Labels, whole: bool) -> scalars.Scalar:
    kind = scope.kinds.get(node.owner.id)
    whole_name = f"{node.owner.id}.{node.name}"
    if whole_name in scope.kinds:  # what one of several tasks says of itself
        return scalars.Variable(whole_name, node.span)
    if kind is None and node.owner.id in scope.owners():
        raise SpecError(_no_constant(node, scope))
    if kind is None:
        raise SpecError(scalars.unknown_name(node.owner.id, node.owner.span, tuple(scope.kinds)))
    return scalars.Size(scope.tensor(node.owner.id), node.name, node.span)


def _no_constant(node: ast.Attribute, scope: Scope) -> Diagnostic:
    owner = node.owner.id
    known = [name for name in scope.kinds if name.startswith(f"{owner}.")]
    help, fix = instead(known[0], node.span, f"`{owner}` has `{known[0]}`")
    message = f"the task `{owner}` names no `{node.name}`"
    needed = " or ".join(f"`{name}`" for name in known)
    return Diagnostic("E201", message, node.span, needed=needed, help=help, fix=fix)


def known_value(
    node: ast.Expression, scope: Scope, labels: Labels, whole: bool = False
) -> scalars.Scalar:
    """A value that has to be known: a word will not do."""
    scalar = lower_value(node, scope, labels, whole)
    if isinstance(scalar, scalars.Unbound):
        scope.go_on(no_such_value(scalar, scope))
        return scalars.Mistaken(node.span)
    return scalar


def no_such_value(name: scalars.Unbound, scope: Scope) -> SpecError:
    """The mistake of a name that nothing binds, where a layer cannot stand."""
    known = scope.known_values()
    said = scope.hints.get(str(name.constant))
    if said is not None:
        found = scalars.unknown_name(name.constant, name.span, (), only_value=True)
        fix = instead(said.other, name.span, "").fix if said.other else None
        return SpecError(replace(found, help=said.help, fix=fix))
    found = scalars.unknown_name(name.constant, name.span, known, only_value=True)
    metric = metrics.called_elsewhere(name.constant) if scope.metrics else ""
    if metric:
        help, fix = instead(metric, name.span, f"the metric is called `{metric}` here")
        found = replace(found, needed="a metric, or a `let` above", help=help, fix=fix)
    elif scope.reports and found.fix is None:
        written = f"metric({name.constant})"
        words = f"what training reports as `{name.constant}` is written `{written}`"
        help, fix = instead(written, name.span, words)
        found = replace(found, needed="a metric, or a `let` above", help=help, fix=fix)
    return SpecError(found)


def _binary_value(node: ast.Binary, scope: Scope, labels: Labels, whole: bool) -> scalars.Scalar:
    if LAYER in (sort_of(node.left, scope), sort_of(node.right, scope)):
        raise SpecError(with_layers(node, scope))
    left = known_value(node.left, scope, labels)
    right = known_value(node.right, scope, labels)
    return scalars.Arithmetic(node.operator, left, right, node.span)


_MERGES = {"+": "add", "-": "subtract", "*": "mul", "/": "divide"}
# a tensor and a number, either of which may stand first
_WITH_A_NUMBER = {
    "+": "{layer} -> shift({number})",
    "*": "{layer} -> scale({number})",
}
_NUMBER_LAST = {
    "-": "{layer} -> shift(-{number})",
    "/": "{layer} -> scale(1 / {number})",
    "^": "{layer} -> pow({number})",
}
_NUMBER_FIRST = {
    "-": "subtract(constant({number}), {layer})",
    "/": "divide(constant({number}), {layer})",
}


def of_tensors(node: ast.Binary) -> Diagnostic:
    """The finding for arithmetic with layers: there are ops that do it."""
    sides = (node.left, node.right)
    left, right = (side.span.text for side in sides)
    help, fix = "", None
    if any(isinstance(side, (ast.Number, ast.Negation)) for side in sides):
        first = isinstance(node.left, (ast.Number, ast.Negation))
        help = _by_a_number(node.operator, left, right, first)
    elif node.operator == "//":
        help = "if it was to begin a comment: that is `#`; if to divide: `divide(a, b)`"
    elif node.operator in _MERGES:
        text = f"{_MERGES[node.operator]}({left}, {right})"
        help, fix = instead(text, node.span, f"`{text}` does this with each number of the two")
    return Diagnostic(
        "E225",
        f"`{node.operator}` works on numbers, and there is a layer beside it",
        node.span,
        needed="an op that does it: `add` and `mul` merge two, `scale` and `shift` take a number",
        help=help,
        fix=fix,
    )


def with_layers(node: ast.Binary, scope: Scope) -> Diagnostic:
    """The finding for arithmetic with layers; of ``layer * 4``, that copies are counted first."""
    right = node.right
    if node.operator != "*" or isinstance(node.left, ast.Name):
        return of_tensors(node)
    if sort_of(node.left, scope) != LAYER or sort_of(right, scope) == LAYER:
        return of_tensors(node)
    if isinstance(right, ast.Negation) or (
        isinstance(right, ast.Number) and isinstance(number(right), float)
    ):
        return of_tensors(node)
    left, count = node.left.span.text, right.span.text
    alone = isinstance(right, (ast.Number, ast.Name, ast.Call, ast.Attribute))
    text = f"{count} * {left}" if alone else f"({count}) * {left}"
    scaled = f"; `{left} -> scale({count})` multiplies its numbers"
    help, fix = instead(text, node.span, f"copies in a row are `{text}`{scaled}")
    return replace(of_tensors(node), help=help, fix=fix)


def _by_a_number(operator: str, left: str, right: str, number_first: bool) -> str:
    """How the numbers of a layer are put together with a constant one."""
    value, layer = (left, right) if number_first else (right, left)
    written = _WITH_A_NUMBER | (_NUMBER_FIRST if number_first else _NUMBER_LAST)
    if operator not in written:
        return ""
    text = written[operator].format(layer=layer, number=value).replace("(--", "(")
    return f"`{text}` does so"


def _comparison(node: ast.Comparison, scope: Scope, labels: Labels, whole: bool) -> scalars.Scalar:
    left = lower_value(node.left, scope, labels)
    right = lower_value(node.right, scope, labels)
    words = (left,) if node.operator in ("==", "!=") else (left, right)  # `kind == relu` is fine
    wrong = [side for side in words if isinstance(side, scalars.Unbound)]
    for side in wrong:
        scope.go_on(no_such_value(side, scope))
    if wrong:
        return scalars.Mistaken(node.span)
    return scalars.Comparison(node.operator, left, right, node.span)


def _list(node: ast.List, scope: Scope, labels: Labels, whole: bool) -> scalars.Scalar:
    return lists.Listed(tuple(_item(i, scope, labels) for i in node.items), node.span)


def _item(node: ast.Expression, scope: Scope, labels: Labels) -> scalars.Scalar:
    """An item of a list: a value, or a layer that is the same wherever it is applied."""
    if sort_of(node, scope) != LAYER:
        return lower_value(node, scope, labels)
    if not _is_the_same_anywhere(node, scope):
        scope.go_on(SpecError(lists.holds_no_layers(node.span)))
        return scalars.Mistaken(node.span)
    return lists.LayerItem(scope.blocks.layer(node, scope))


def _is_the_same_anywhere(node: ast.Expression, scope: Scope) -> bool:
    """Whether a layer consists of ops and constants."""
    for part in node.within():
        if isinstance(part, (ast.Choice, ast.Range, ast.Attribute)):
            return False
        if isinstance(part, ast.Name) and scope.binds(part.id):
            return False
        if isinstance(part, ast.Call) and part.function.id in SPECIAL:
            return False
    return True


def _index(node: ast.Index, scope: Scope, labels: Labels, whole: bool) -> scalars.Scalar:
    if sort_of(node.owner, scope) == LAYER:
        raise SpecError(_no_items(node))
    owner = known_value(node.owner, scope, labels)
    place = known_value(node.place, scope, labels.under(labels.claim("index")), whole=True)
    return lists.Index(owner, place, node.span)


def _no_items(node: ast.Index) -> Diagnostic:
    needed = "a list, such as `[24, 32, 64]`"
    help = "numbers of a tensor are `slice`, `last`" if isinstance(node.owner, ast.Name) else ""
    message = f"`{node.owner.span.text}` is a layer, it has no items"
    return Diagnostic("E236", message, node.owner.span, needed=needed, help=help)


def _negation(node: ast.Negation, scope: Scope, labels: Labels, whole: bool) -> scalars.Scalar:
    return scalars.Negative(known_value(node.operand, scope, labels), node.span)


def _choice_value(node: ast.Choice, scope: Scope, labels: Labels, whole: bool) -> scalars.Scalar:
    label = labels.prefix if whole else labels.claim("choice")
    inner = labels.under(label)
    options = tuple(lower_value(option, scope, inner) for option in node.options)
    called = call_values(options, node.options, node.names)
    return scalars.Options(label, options, *called, node.span)


def _range(node: ast.Range, scope: Scope, labels: Labels, whole: bool) -> scalars.Scalar:
    label = labels.prefix if whole else labels.claim("choice")
    return series(node, scope, labels.under(label), label)


def series(node: ast.Range, scope: Scope, labels: Labels, label: str) -> scalars.Series:
    first = known_value(node.first, scope, labels)
    last = known_value(node.last, scope, labels)
    step = None if node.step is None else known_value(node.step, scope, labels)
    return scalars.Series(label, first, last, step, node.span, node.log)


def _call_value(node: ast.Call, scope: Scope, labels: Labels, whole: bool) -> scalars.Scalar:
    word = node.function.id
    if word == "when":
        condition, yes, no = when_parts(node)
        if no is None:
            raise SpecError(_no_else(node))
        return scalars.Conditional(
            known_value(condition, scope, labels),
            lower_value(yes, scope, labels),
            lower_value(no, scope, labels),
            node.span,
        )
    if scope.measures(word):
        return _measure(word, node.arguments, node.span, scope)
    if scope.metrics and word == REPORTED:
        return _reported_call(node, scope)
    function = scope.blocks.function(word)
    if function is not None:
        return _function_call(node, function, scope, labels)
    if word == LIST and not scope.binds(word):
        raise SpecError(as_in_0_1(node))
    if word not in FUNCTIONS:
        raise SpecError(_not_a_value(node, scope))
    inner = labels.under(labels.claim(word))
    arguments = tuple(known_value(a.value, scope, inner) for a in positional(node))
    return scalars.Function(FUNCTIONS[word], arguments, node.span)


def _function_call(
    node: ast.Call, function: FunctionDefinition, scope: Scope, labels: Labels
) -> scalars.Scalar:
    word = node.function.id
    if word in scope.kinds:
        raise SpecError(calls_a_name(node))
    inner = labels.under(labels.claim(word))
    given: list[tuple[str, scalars.Scalar | None]] = []
    for name, expression in match_function(node, function.parameter_names, function.required):
        if expression is not None and sort_of(expression, scope) == LAYER:
            scope.go_on(SpecError(takes_values(word, expression.span)))
            return scalars.Mistaken(node.span)
        label_ = inner.under(inner.claim(name))
        scalar = None if expression is None else lower_value(expression, scope, label_, whole=True)
        given.append((name, scalar))
    return FunctionCall(function.body, tuple(given), node.span)


def calls_a_name(node: ast.Call) -> Diagnostic:
    """The finding for arguments behind a name that is bound: a parameter, a let or a counter."""
    word = node.function.id
    return Diagnostic(
        "E217",
        f"`{word}` is a name bound here; it takes no arguments",
        node.span,
        needed=f"`{word}` alone",
    )


def _no_else(node: ast.Call) -> Diagnostic:
    call = node.span.text.rstrip()[:-1]
    return Diagnostic(
        "E216",
        "this `when` gives no value when its condition is false",
        node.span,
        needed="`when(condition, value, else=value)`",
        help=f"say what it is then: `{call}, else=…)`" if len(call) < 60 else "",
    )


def _not_a_value(node: ast.Call, scope: Scope) -> Diagnostic:
    word = node.function.id
    if scope.is_layer_word(word):
        return Diagnostic(
            "E210", f"`{word}` is a layer, and a value is needed here", node.function.span
        )
    return unknown_call(node, scope)


_FORMS = {
    **dict.fromkeys(
        ("choice", "choices", "choose", "categorical", "one_of", "oneof", "select", "switch"),
        "a choice is written `a | b | c`",
    ),
    **dict.fromkeys(
        ("range", "arange", "randint", "int", "linspace"),
        "a range is written `16 to 64 by 16`, or `16 to 64 log 2`",
    ),
    **dict.fromkeys(
        ("uniform", "loguniform", "log_uniform", "quniform", "float", "real"),
        "any number between two is written `0.0 to 0.5`, on a log scale `1e-4 to 1e-1 log`",
    ),
    **dict.fromkeys(
        ("repeat", "stack", "times", "modulelist", "clone"),
        "copies in a row are written `4 * layer`, or `each(i = 1 to 4, layer)`",
    ),
    **dict.fromkeys(
        ("sequential", "chain", "pipeline", "compose"), "layers follow one another with `->`"
    ),
    **dict.fromkeys(
        ("parallel", "branch", "branches", "split"),
        "layers side by side are merged: `concat(a, b)`, `add(a, b)`",
    ),
    **dict.fromkeys(("skip", "shortcut", "skip_connection"), "a way around is `residual(layer)`"),
}


def unknown_call(node: ast.Call, scope: Scope) -> Diagnostic:
    """The finding for a call of something that does not exist."""
    word = node.function.id
    help, fix = meant(word, scope.known_calls(), node.function.span)
    elsewhere = foreign(word)
    if elsewhere is not None:
        help, fix = instead(_translated(node, elsewhere), node.span, elsewhere.said())
    elif not help and word.lower() in _FORMS:
        help = _FORMS[word.lower()]
    return Diagnostic(
        "E202",
        f"there is no op or block called `{word}`",
        node.function.span,
        needed="an op (`archdsl ops`), a library block (`archdsl blocks`) or a `block` of yours",
        help=help,
        fix=fix,
    )


def _translated(node: ast.Call, elsewhere: Foreign) -> str:
    """A call of another library as it is written here; where that is not certain, with the
    arguments it has."""
    given = [(argument.name, argument.value.span.text) for argument in node.arguments]
    as_it_is = elsewhere.word + node.span.text[len(node.function.id) :]
    return translated(elsewhere, given) or as_it_is


def _layer_value(node: ast.Flow, scope: Scope, labels: Labels, whole: bool) -> scalars.Scalar:
    raise SpecError(Diagnostic("E210", "this is a layer, and a value is needed here", node.span))


_VALUES: dict[type, Callable[..., scalars.Scalar]] = {
    ast.Number: _number,
    ast.Text: _text,
    ast.Name: _name_value,
    ast.Attribute: _attribute,
    ast.Binary: _binary_value,
    ast.Comparison: _comparison,
    ast.Negation: _negation,
    ast.Choice: _choice_value,
    ast.Range: _range,
    ast.Call: _call_value,
    ast.List: _list,
    ast.Index: _index,
    ast.Flow: _layer_value,
}
