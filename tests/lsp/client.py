"""An editor: a client of the protocol that speaks with ``archdsl lsp`` over stdio."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

if TYPE_CHECKING:
    from collections.abc import Coroutine

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds that an answer may take on a busy machine


class Editor:
    """One server process; its requests are made from the thread of a test."""

    def __init__(self, encodings: list[str] | None = None, settings: Any = None) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.told: dict[str, list[types.PublishDiagnosticsParams]] = {}
        self.news = threading.Condition()
        self.client = LanguageClient("tests", "1")

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def heard(told: types.PublishDiagnosticsParams) -> None:
            self._heard(told)

        self.number = 0
        self.capabilities = self.wait(self._start(encodings, settings)).capabilities

    async def _start(self, encodings: list[str] | None, settings: Any) -> types.InitializeResult:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        await self.client.start_io(sys.executable, "-m", "archdsl", "lsp", env=environment)
        general = types.GeneralClientCapabilities(position_encodings=encodings)
        capabilities = types.ClientCapabilities(general=general)
        begun = await self.client.initialize_async(
            types.InitializeParams(capabilities, initialization_options=settings)
        )
        self.client.initialized(types.InitializedParams())
        return begun

    def wait(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """What comes of it."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE)

    @property
    def process(self) -> Any:
        """The server's process."""
        return self.client._server

    def ask(self, method: str, params: Any) -> Any:
        """The answer to a request."""

        async def answered() -> Any:
            return await self.client.protocol.send_request_async(method, params)

        return self.wait(answered())

    def tell(self, method: str, params: Any) -> None:
        """Tell something that needs no answer."""
        self.loop.call_soon_threadsafe(self.client.protocol.notify, method, params)

    def open(self, text: str, path: Path | None = None) -> Page:
        """A text, of a file or of none."""
        self.number += 1
        uri = f"untitled:{self.number}.arch" if path is None else path.as_uri()
        page = Page(self, uri, text)
        item = types.TextDocumentItem(uri, "archdsl", page.version, text)
        self.tell(types.TEXT_DOCUMENT_DID_OPEN, types.DidOpenTextDocumentParams(item))
        return page

    def _heard(self, told: types.PublishDiagnosticsParams) -> None:
        with self.news:
            self.told.setdefault(told.uri, []).append(told)
            self.news.notify_all()

    def close(self) -> None:
        """Leave, as an editor does."""
        self.wait(self._leave())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)
        self.loop.close()

    async def _leave(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await asyncio.wait_for(self.process.wait(), PATIENCE)
        with contextlib.suppress(asyncio.CancelledError):
            await self.client.stop()
        self.process._transport.close()


class Page:
    """An open text."""

    def __init__(self, editor: Editor, uri: str, text: str) -> None:
        self.editor = editor
        self.uri = uri
        self.text = text
        self.version = 1

    @property
    def identifier(self) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri)

    def type(self, text: str) -> None:
        """The text is another one now."""
        self.version += 1
        self.text = text
        whole = types.TextDocumentContentChangeWholeDocument(text)
        one = types.VersionedTextDocumentIdentifier(self.version, self.uri)
        self.editor.tell(
            types.TEXT_DOCUMENT_DID_CHANGE, types.DidChangeTextDocumentParams(one, [whole])
        )

    def findings(self, times: int = 1) -> list[types.Diagnostic]:
        """What is said of the text as it is now, once it was said so often."""
        with self.editor.news:
            self.editor.news.wait_for(lambda: len(self._of_now()) >= times, PATIENCE)
            return list(self._of_now()[times - 1].diagnostics)

    def until(self, codes: set[str]) -> list[types.Diagnostic]:
        """What is said of the text as it is now, once these are the codes of all of it."""

        def told() -> list[types.Diagnostic] | None:
            last = self._of_now()[-1:]
            same = last and {one.code for one in last[0].diagnostics} == codes
            return list(last[0].diagnostics) if same else None

        with self.editor.news:
            assert self.editor.news.wait_for(lambda: told() is not None, PATIENCE)
            return told() or []

    def _of_now(self) -> list[types.PublishDiagnosticsParams]:
        known = self.editor.told.get(self.uri, [])
        return [one for one in known if one.version == self.version]

    def close(self) -> None:
        """It is open no more."""
        self.editor.tell(
            types.TEXT_DOCUMENT_DID_CLOSE, types.DidCloseTextDocumentParams(self.identifier)
        )

    def position(self, before: str, number: int = 0, behind: int | None = None) -> types.Position:
        """Where some text begins for the nth time; ``behind``: so many characters behind that."""
        offset = -1
        for _ in range(number + 1):
            offset = self.text.index(before, offset + 1)
        offset += behind or 0
        line = self.text.count("\n", 0, offset)
        column = offset - (self.text.rfind("\n", 0, offset) + 1)
        return types.Position(line, column)

    def at(self, range_: types.Range) -> str:
        """The text in a range."""
        return self.text[self._offset(range_.start) : self._offset(range_.end)]

    def edited(self, edits: list[types.TextEdit]) -> str:
        """The text after edits that do not overlap."""
        text = self.text
        for edit in sorted(edits, key=lambda e: self._offset(e.range.start), reverse=True):
            start, end = self._offset(edit.range.start), self._offset(edit.range.end)
            text = text[:start] + edit.new_text + text[end:]
        return text

    def _offset(self, position: types.Position) -> int:
        lines = self.text.split("\n")
        return sum(len(line) + 1 for line in lines[: position.line]) + position.character
