"""Forms as a grammar in extended Backus-Naur form, as llama.cpp and XGrammar read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.syntax.forms import Either, Named, OneOf, Row, Text, Times

if TYPE_CHECKING:
    from archdsl.syntax.forms import Form, Forms

_COUNTS = {(0, 1): "?", (0, None): "*", (1, None): "+"}
_IN_TEXT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_IN_CLASS = {"]": "\\]", "[": "\\[", "\\": "\\\\", "-": "\\x2d", "^": "\\x5e"}
START = "start"


class BackusNaur:
    """Writes grammars whose first rule is called ``root``, with ``joint`` in the names of rules."""

    def __init__(self, root: str, joint: str) -> None:
        self.root = root
        self.joint = joint

    def text(self, forms: Forms) -> str:
        """The rules, then what tokens are; a token that is one text stands in its place."""
        fixed = {name: form for name, form in forms.tokens.items() if isinstance(form, Text)}
        others = {name: form for name, form in forms.tokens.items() if name not in fixed}
        rules = {name: self._written(form, fixed) for name, form in forms.rules.items()}
        tokens = {name: self._written(form, {}) for name, form in others.items()}
        lines = [f"{self._name(name)} ::= {text}" for name, text in {**rules, **tokens}.items()]
        return "\n".join(lines) + "\n"

    def _name(self, rule: str) -> str:
        return self.root if rule == START else rule.strip("_").lower().replace("_", self.joint)

    def _written(self, form: Form, fixed: dict[str, Text]) -> str:
        if isinstance(form, Text):
            return f'"{"".join(_IN_TEXT.get(sign, sign) for sign in form.text)}"'
        if isinstance(form, OneOf):
            return _class(form)
        if isinstance(form, Named):
            known = fixed.get(form.rule)
            return self._name(form.rule) if known is None else self._written(known, {})
        if isinstance(form, Row):
            return " ".join(self._grouped(part, fixed, Either) for part in form.parts) or '""'
        if isinstance(form, Either):
            return " | ".join(self._grouped(option, fixed, Either) for option in form.options)
        count = _COUNTS.get((form.least, form.most)) or _between(form)
        return self._grouped(form.part, fixed, Either, Row, Times) + count

    def _grouped(self, form: Form, fixed: dict[str, Text], *loose: type) -> str:
        text = self._written(form, fixed)
        return f"({text})" if isinstance(form, loose) else text


def _between(form: Times) -> str:
    least, most = form.least, form.most
    return f"{{{least}}}" if least == most else f"{{{least},{'' if most is None else most}}}"


def _class(form: OneOf) -> str:
    ranges = (_sign(a) if a == b else f"{_sign(a)}-{_sign(b)}" for a, b in form.ranges)
    return f"[{'^' * form.negated}{''.join(ranges)}]"


def _sign(sign: str) -> str:
    if sign in _IN_CLASS:
        return _IN_CLASS[sign]
    if sign.isascii() and sign.isprintable():
        return sign
    return f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}"
