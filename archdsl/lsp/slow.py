"""The other end of :mod:`archdsl.lsp.worker`: one task at a time, ended when nobody waits."""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from archdsl.lsp.worker import LENGTH, message

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from archdsl.lsp.analysis import Snapshot

COMMAND = ("-m", "archdsl.lsp.worker")


class Worker:
    """A process that is started when it is first needed, and again after it was ended."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._free = asyncio.Lock()

    async def ask(self, task: str, snapshot: Snapshot, *more: Any) -> Any:
        """What comes of a task; None where the worker has failed. Cancelled, it ends the task."""
        async with self._free:
            process = self._process or await self._started()
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                process.stdin.write(message((task, snapshot, *more)))
                await process.stdin.drain()
                length = int.from_bytes(await process.stdout.readexactly(LENGTH), "big")
                answer = pickle.loads(await process.stdout.readexactly(length))  # noqa: S301
            except (OSError, EOFError):
                await self._end()
                return None
            except BaseException:
                await self._end()
                raise
        return None if isinstance(answer, Exception) else answer

    async def close(self) -> None:
        """End the process."""
        await self._end()

    async def _started(self) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *COMMAND,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYDANTIC_DISABLE_PLUGINS": "1"},
            limit=1 << 24,
        )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
