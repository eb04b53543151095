"""The one layout of a spec: the same for every text of the same tree and comments."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from archdsl.source import Source
from archdsl.syntax import nodes
from archdsl.syntax.bounds import DEFAULT_LIMITS, Limits
from archdsl.syntax.comments import Comments
from archdsl.syntax.layout import BLANK, Doc, Lines, Page, Row, Word
from archdsl.syntax.parser import read
from archdsl.syntax.spelling import Spelling, expression_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.syntax.scanner import Token

__all__ = ["expression_text", "format_source"]

_DROPPED = frozenset("(),")
_PADDED = len("train")


def format_source(text: str, limits: Limits = DEFAULT_LIMITS) -> str:
    """A source in its canonical layout; raises `SpecError` where it has syntax errors."""
    file, tokens = read(Source(text), limits)
    comments = Comments(file, tokens, kept_tokens(file, tokens))
    writer = Writer(comments.word)
    writer.file(file)
    writer.page.remarks(comments.at_end)
    return writer.page.text()


def block_text(block: nodes.Block) -> str:
    """A block in canonical layout, comments left out."""
    writer = Writer(Word)
    writer.item(block)
    return writer.page.text()


def kept_tokens(file: nodes.File, tokens: tuple[Token, ...]) -> list[int]:
    """The indices of the tokens of a file that its canonical spelling keeps."""
    kept = _Kept(tokens)
    Writer(kept.word).file(file)
    return kept.indices


class _Kept:
    """Finds out which tokens the canonical spelling keeps: all but needless parentheses, commas."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.indices: list[int] = []
        self._texts = [token.text.strip() for token in tokens]
        self._next = 0

    def word(self, text: str) -> Word:
        """The next token that is spelt so."""
        while self._texts[self._next] != text and self._texts[self._next] in _DROPPED:
            self._next += 1
        self.indices.append(self._next)
        self._next += 1
        return Word(text)


class Writer:
    """Writes items and statements to a page."""

    def __init__(self, word: Callable[[str], Word]) -> None:
        self.page = Page()
        self._word = word
        self._spelling = Spelling(word)

    def file(self, file: nodes.File) -> None:
        """All items of a file."""
        for item in file.items:
            self.item(item)

    def item(self, item: nodes.Item) -> None:
        """One item of a file."""
        if isinstance(item, nodes.Arch):
            self._arch(item)
        elif isinstance(item, nodes.Block):
            self._block(item)
        elif isinstance(item, nodes.Function):
            self._function(item)
        elif isinstance(item, nodes.Language):
            keyword = self._word("language")
            self._write(0, keyword, BLANK, self._spelling.expression(item.version))
        elif isinstance(item, nodes.Device):
            self._write(0, self._word("device"), BLANK, self._spelling.call(item.call))
        else:
            self._write(0, self._word("use"), BLANK, self._spelling.text(item.path))

    def _write(self, indent: int, *parts: Doc) -> None:
        self.page.statement(Row(parts), indent)

    def _arch(self, arch: nodes.Arch) -> None:
        header = [self._word("arch"), BLANK, self._word(arch.name.id), BLANK, self._word("{")]
        if arch.items:
            self._write(0, *header)
            for item in arch.items:
                self._clause(item)
            self._write(0, self._word("}"))
            return
        closer = self._word("}")
        if closer.before or header[-1].after:
            self._write(0, *header)
            self._write(0, closer)
        else:
            self._write(0, *header, closer)

    def _clause(self, item: nodes.ArchItem) -> None:
        if isinstance(item, nodes.Let):
            self._let(item, 2)
        elif isinstance(item, nodes.Model):
            self._body([self._word("model")], item.body, 2)
        elif isinstance(item, nodes.Clause):
            keyword = self._word(item.keyword)
            padding = Word(" " * max(1, _PADDED + 1 - len(item.keyword)))
            name = [] if item.name is None else [self._word(item.name.id), BLANK]
            words = [*name, self._word("="), BLANK] if name else []
            rows = item.keyword == "weights"
            settings = self._spelling.call(item.call, apart=True) if rows else None
            told = settings or self._spelling.expression(item.settings)
            self._write(2, keyword, padding, *words, told)
        elif isinstance(item, nodes.Require):
            self._require(item, 2)
        else:
            self._rule(item)

    def _rule(self, item: nodes.Allow | nodes.Objective) -> None:
        spell = self._spelling.expression
        if isinstance(item, nodes.Objective):
            self._write(2, self._word(item.direction), BLANK, spell(item.metric))
        else:
            words = [self._word("allow"), BLANK, self._word(item.rule.id), BLANK]
            reason = Row((self._word("because"), BLANK, self._spelling.text(item.reason)))
            self._write(2, *words, reason)

    def _require(self, item: nodes.Require, indent: int) -> None:
        keyword, condition = self._word("require"), self._spelling.expression(item.condition)
        if item.message is None:
            self._write(indent, keyword, BLANK, condition)
            return
        parts = Lines((Row((condition, self._word(","))), self._spelling.text(item.message)))
        self._write(indent, keyword, BLANK, parts)

    def _let(self, let: nodes.Let, indent: int) -> None:
        words = [self._word(let.keyword), BLANK, self._let_name(let), BLANK]
        self._write(indent, *words, self._word("="), BLANK, self._spelling.expression(let.value))

    def _let_name(self, let: nodes.Let) -> Doc:
        if not isinstance(let, nodes.LetParts):
            return self._word(let.name.id)
        return self._spelling.items([partial(self._word, name.id) for name in let.results])

    def _block(self, block: nodes.Block) -> None:
        words = [self._word("shared"), BLANK] if block.shared else []
        words += [self._word("block"), BLANK, self._word(block.name.id)]
        self._body([*words, self._parameters(block.parameters)], block.body, 0)

    def _function(self, function: nodes.Function) -> None:
        words = [self._word("function"), BLANK, self._word(function.name.id)]
        self._body([*words, self._parameters(function.parameters)], function.body, 0)

    def _parameters(self, parameters: tuple[nodes.Parameter, ...]) -> Doc:
        return self._spelling.items([partial(self._parameter, one) for one in parameters])

    def _parameter(self, parameter: nodes.Parameter) -> Doc:
        name = self._word(parameter.name.id)
        if parameter.default is None:
            return name
        return Row((name, self._word("="), self._spelling.expression(parameter.default)))

    def _body(self, header: list[Doc] | list[Word], body: nodes.Body, indent: int) -> None:
        if not body.braced:
            equals = self._word("=")
            result = self._spelling.expression(body.result)
            self._write(indent, *header, BLANK, equals, BLANK, result)
            return
        self._write(indent, *header, BLANK, self._word("{"))
        for part in body.statements:
            if isinstance(part, nodes.Let):
                self._let(part, indent + 2)
            else:
                self._require(part, indent + 2)
        words = [self._word("return"), BLANK]
        self._write(indent + 2, *words, self._spelling.result(body.result))
        self._write(indent, self._word("}"))
