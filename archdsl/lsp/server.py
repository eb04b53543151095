"""The server: what an editor sends, handed to the session and to the features."""

from __future__ import annotations

import inspect
import logging
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from archdsl import __version__
from archdsl.catalog import files
from archdsl.lsp.findings import publish
from archdsl.lsp.session import Session
from archdsl.lsp.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

FEATURES = "archdsl.lsp.features"
SWITCH = 0.001  # seconds that the reading thread may keep what is asked meanwhile waiting


def serve() -> None:
    """Speak with an editor over stdin and stdout until it leaves."""
    logging.basicConfig(level=logging.WARNING)  # stderr, which editors show in a log
    sys.setswitchinterval(SWITCH)
    made().start_io()


def made() -> LanguageServer:
    """A server with all features. Texts are sent whole: they are small, and a text that was put
    together from changes could be another one than the editor's."""
    whole = types.TextDocumentSyncKind.Full
    server = LanguageServer("archdsl", __version__, text_document_sync_kind=whole)
    session = Session(server, publish)
    for module in features():
        options = getattr(module, "OPTIONS", None)
        server.feature(module.METHOD, options)(_answering(module.answer, session))
    _keep_up(server, session)
    return server


def features() -> list[ModuleType]:
    """The features there are."""
    return [import_module(f"{FEATURES}.{name}") for name in files(FEATURES)]


def _answering(answer: Callable[[Session, Any], Any], session: Session) -> Callable[[Any], Any]:
    if inspect.iscoroutinefunction(answer):

        async def later(params: Any) -> Any:
            return await answer(session, params)

        return later

    def at_once(params: Any) -> Any:
        return answer(session, params)

    return at_once


def _keep_up(server: LanguageServer, session: Session) -> None:
    """Follow what is open, and what it says."""

    @server.feature(types.INITIALIZE)
    def begin(params: types.InitializeParams) -> None:
        session.settings = read_settings(params.initialization_options)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def configured(params: types.DidChangeConfigurationParams) -> None:
        session.settings = read_settings(params.settings)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        one = params.text_document
        session.changed(one.uri, one.text, one.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        one = params.text_document
        session.changed(one.uri, server.workspace.get_text_document(one.uri).source, one.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        session.closed(uri)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def changed_on_disk(params: types.DidChangeWatchedFilesParams) -> None:
        session.changed_on_disk([change.uri for change in params.changes])

    @server.feature(types.SHUTDOWN)
    async def leave(_: None) -> None:
        await session.close()
