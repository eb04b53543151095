"""Forms as the text of a grammar in the dialect of Lark that OpenAI and llguidance read: tokens are
bounded regular expressions, nothing is ignored, and nothing is imported, ranked or looked ahead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archdsl.syntax.forms import Either, Named, OneOf, Row, Text, Times

if TYPE_CHECKING:
    from archdsl.syntax.forms import Form, Forms

_COUNTS = {(0, 1): "?", (0, None): "*", (1, None): "+"}
_IN_CLASS = frozenset("]\\[-^/&~")


def lark_dialect(forms: Forms) -> str:
    """The grammar: its rules, then its tokens; a token that is one text stands in place."""
    texts = {name: form.text for name, form in forms.tokens.items() if isinstance(form, Text)}
    rules = [f"{name}: {_rule(form, texts)}" for name, form in forms.rules.items()]
    used = set(re.findall(r"\b[A-Z_]+\b", "\n".join(rules)))
    tokens = [
        f"{name}: /{_pattern(form, forms)}/"
        for name, form in forms.tokens.items()
        if name in used and name not in texts
    ]
    return "\n".join([*rules, "", *tokens, ""])


def _rule(form: Form, texts: dict[str, str]) -> str:
    if isinstance(form, Named):
        return _quoted(texts[form.rule]) if form.rule in texts else form.rule
    if isinstance(form, Text):
        return _quoted(form.text)
    if isinstance(form, Row):
        return " ".join(_group(part, texts, Either) for part in form.parts)
    if isinstance(form, Either):
        return " | ".join(_group(option, texts, Either) for option in form.options)
    if isinstance(form, OneOf):
        raise TypeError("a class of characters stands in tokens alone")
    return _group(form.part, texts, Either, Row, Times) + _COUNTS[form.least, form.most]


def _group(form: Form, texts: dict[str, str], *loose: type) -> str:
    text = _rule(form, texts)
    return f"({text})" if isinstance(form, loose) else text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _pattern(form: Form, forms: Forms) -> str:
    """A token as a regular expression in one piece."""
    if isinstance(form, Text):
        return re.escape(form.text).replace("/", "\\/").replace("\n", "n").replace("\\ ", " ")
    if isinstance(form, OneOf):
        ranges = (_sign(a) if a == b else f"{_sign(a)}-{_sign(b)}" for a, b in form.ranges)
        return f"[{'^' * form.negated}{''.join(ranges)}]"
    if isinstance(form, Named):
        return _pattern(forms.tokens[form.rule], forms)
    if isinstance(form, Row):
        return "".join(_part(part, forms, Either) for part in form.parts)
    if isinstance(form, Either):
        return "|".join(_pattern(option, forms) for option in form.options)
    most = "" if form.most is None else form.most
    least_most = (form.least, form.most)
    count = f"{{{form.least}}}" if form.least == form.most else f"{{{form.least},{most}}}"
    single = isinstance(form.part, Text) and len(form.part.text) == 1
    loose = () if single else (Either, Row, Times, Text, Named)
    return _part(form.part, forms, *loose) + _COUNTS.get(least_most, count)


def _part(form: Form, forms: Forms, *loose: type) -> str:
    text = _pattern(form, forms)
    bare = isinstance(form, Named) and not isinstance(forms.tokens[form.rule], Text)
    return f"({text})" if isinstance(form, loose) or bare else text


def _sign(sign: str) -> str:
    if sign in _IN_CLASS:
        return f"\\{sign}"
    if sign.isascii() and sign.isprintable():
        return sign
    return f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}"
