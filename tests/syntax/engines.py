"""The other two readers of the grammar: Lark itself, and llguidance."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lark import UnexpectedInput
from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper

from archdsl.syntax.export import grammar_for
from archdsl.syntax.reference import reference_parser

if TYPE_CHECKING:
    from random import Random

    from lark import Token, Tree

END = 256
_LIKELY = {
    **dict.fromkeys(b')]}"', 30.0),
    **dict.fromkeys(b"=,-*^|{>", 8.0),
    **dict.fromkeys(b"([#\t\r\n_.", 0.4),
}


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


def llguidance_accepts(text: str) -> bool:
    data = list(text.encode())
    matcher = LLMatcher(_tokenizer(), _grammar())
    return matcher.try_consume_tokens(data) == len(data) and matcher.is_accepting()


def llguidance_text(random: Random, length: int = 120) -> str:
    """A text that llguidance lets a model write, byte by byte."""
    matcher = LLMatcher(_tokenizer(), _grammar())
    written = bytearray()
    while True:
        allowed = [i for i, bias in enumerate(matcher.compute_logit_bias()) if bias]
        if END in allowed and (
            len(written) > length or len(allowed) == 1 or random.random() < 0.05
        ):
            return written.decode()
        hurry = 9.0 if len(written) > length else 1.0
        choices = [i for i in allowed if i != END]
        weights = [_weight(i, hurry, in_text=ord("~") in allowed) for i in choices]
        byte = random.choices(choices, weights)[0]
        written.append(byte)
        matcher.consume_token(byte)


def _weight(byte: int, hurry: float, *, in_text: bool) -> float:
    """Texts and comments soon end, blanks are few, and what closes is likelier late."""
    if byte >= 0x80:
        return 0.2
    if in_text:
        return 20.0 if byte in b'"\n' else 1.0
    return _LIKELY.get(byte, 1.0) * (hurry if byte in b')]}"r' else 1.0)


def lark_tree(text: str) -> Tree[Token] | None:
    """Lark's tree of a text, or None where it is not of the language."""
    try:
        return reference_parser().parse(text)
    except UnexpectedInput:
        return None


def lark_accepts(text: str) -> bool:
    return lark_tree(text) is not None
