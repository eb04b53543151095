"""One server for most tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lsp.client import Editor

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def editor() -> Iterator[Editor]:
    """An editor with a server."""
    made = Editor()
    yield made
    made.close()
