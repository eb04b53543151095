"""The readers of the grammar: our parser, Lark itself, llguidance, XGrammar, and one of GBNF."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from lark import UnexpectedInput
from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper

from archdsl.diagnostics import SpecError
from archdsl.source import Source
from archdsl.syntax.bounds import Limits
from archdsl.syntax.export import grammar_for
from archdsl.syntax.parser import parse
from archdsl.syntax.reference import reference_parser
from tests.syntax.gbnf import Gbnf, Matcher

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from lark import Token, Tree

END = 256
DEEP = Limits(nesting=10_000)
_CLOSING = b')]}"'
_SHORT = b"rxm"  # return, x, model
_GOING_ON = b"(-+*/%^|,.#:<>=! \n"
_LIKELY = {
    **dict.fromkeys(b')]}"', 30.0),
    **dict.fromkeys(b"=,-*^|{>", 8.0),
    **dict.fromkeys(b"([\t\r\n_.", 0.4),
    ord("#"): 0.05,
}


def parses(text: str) -> bool:
    """Whether our parser reads a text, however deep it nests."""
    try:
        parse(Source(text), DEEP)
    except SpecError:
        return False
    return True


class _Bytes:
    """A vocabulary of the 256 bytes and an end."""

    eos_token_id = END
    bos_token_id = None
    tokens = (*(bytes([i]) for i in range(256)), b"<end>")
    special_token_ids = (END,)

    def __call__(self, text: bytes) -> list[int]:
        return list(text)


@cache
def _tokenizer() -> LLTokenizer:
    return LLTokenizer(TokenizerWrapper(_Bytes()), n_vocab=257)


@cache
def _grammar() -> str:
    return LLMatcher.grammar_from_lark(grammar_for("llguidance"))


def complaint_of_llguidance() -> str:
    return LLMatcher.validate_grammar(_grammar(), _tokenizer())


def llguidance_accepts(text: str, grammar: str | None = None) -> bool:
    data = list(text.encode())
    made = _grammar() if grammar is None else LLMatcher.grammar_from_lark(grammar)
    matcher = LLMatcher(_tokenizer(), made)
    return matcher.try_consume_tokens(data) == len(data) and matcher.is_accepting()


def llguidance_text(random: Random, length: int = 120, grammar: str | None = None) -> str:
    """A text that llguidance lets a model write by a grammar, byte by byte."""
    made = _grammar() if grammar is None else LLMatcher.grammar_from_lark(grammar)
    matcher = LLMatcher(_tokenizer(), made)

    def allowed() -> list[int]:
        return [i for i, bias in enumerate(matcher.compute_logit_bias()) if bias]

    return written(allowed, matcher.consume_token, random, length)


@cache
def _compiled(grammar: str) -> Any:
    import xgrammar

    vocabulary = [*(bytes([i]) for i in range(256)), b"<end>"]
    info = xgrammar.TokenizerInfo(
        vocabulary, vocab_type=xgrammar.VocabType.RAW, stop_token_ids=[END]
    )
    return xgrammar.GrammarCompiler(info, max_threads=1).compile_grammar(grammar)


def xgrammar_accepts(text: str, grammar: str) -> bool:
    import xgrammar

    matcher = xgrammar.GrammarMatcher(_compiled(grammar))
    return bool(matcher.accept_string(text) and matcher.accept_token(END))


def xgrammar_text(random: Random, grammar: str, length: int = 120) -> str:
    """A text that XGrammar lets a model write, of ASCII."""
    import xgrammar

    matcher = xgrammar.GrammarMatcher(_compiled(grammar))
    mask = xgrammar.allocate_token_bitmask(1, END + 1)

    def allowed() -> list[int]:
        matcher.fill_next_token_bitmask(mask)
        words = [int(word) & 0xFFFFFFFF for word in mask[0]]
        return [i for i in (*range(128), END) if words[i // 32] >> i % 32 & 1]

    return written(allowed, matcher.accept_token, random, length)


@cache
def _read(grammar: str) -> Gbnf:
    return Gbnf(grammar)


def gbnf_accepts(text: str, grammar: str) -> bool:
    matcher = Matcher(_read(grammar))
    return all(matcher.take(sign) for sign in text) and matcher.ended


def gbnf_text(random: Random, grammar: str, length: int = 120) -> str:
    """A text that a reader of GBNF lets a model write, of ASCII."""
    matcher = Matcher(_read(grammar))
    signs = "".join(map(chr, range(128)))

    def allowed() -> list[int]:
        return [*map(ord, matcher.allowed(signs)), *([END] if matcher.ended else [])]

    return written(allowed, lambda byte: matcher.take(chr(byte)), random, length)


def written(
    allowed: Callable[[], list[int]], take: Callable[[int], Any], random: Random, length: int
) -> str:
    """A text of the bytes that an engine allows, which closes what it can beyond a length."""
    text = bytearray()
    while True:
        may = allowed()
        if END in may and (len(text) > length or len(may) == 1 or random.random() < 0.05):
            return text.decode()
        late = len(text) > length
        choices = [i for i in may if i != END]
        weights = [_weight(i, late=late, in_text=ord("~") in may) for i in choices]
        byte = random.choices(choices, weights)[0]
        text.append(byte)
        take(byte)


def _weight(byte: int, *, late: bool, in_text: bool) -> float:
    """Texts and comments soon end, blanks are few; late, what closes is likely and what goes on is
    not."""
    if byte >= 0x80:
        return 0.2
    if in_text:
        return 20.0 if byte in b'"\n' else 1.0
    usual = _LIKELY.get(byte, 1.0)
    if not late:
        return usual
    if byte in _SHORT:
        return 5.0
    return usual * (20.0 if byte in _CLOSING else 0.02 if byte in _GOING_ON else 1.0)


def lark_tree(text: str) -> Tree[Token] | None:
    """Lark's tree of a text, or None where it is not of the language."""
    try:
        return reference_parser().parse(text)
    except UnexpectedInput:
        return None


def lark_accepts(text: str) -> bool:
    return lark_tree(text) is not None
