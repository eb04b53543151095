"""The devices that a spec speaks of, wherever in an expression it does."""

from __future__ import annotations

import pytest

from archdsl.limits.devices import devices_named
from archdsl.resolve.loading import load
from archdsl.source import Source


@pytest.mark.parametrize(
    "clause",
    [
        "require latency(t4) < 1 s",
        "require -latency(t4) > -1 s",
        "require when(params > 0, latency(t4), else=latency(t4)) < 1 s",
        "require max(latency(t4), 2 * latency(t4)) < 1 s",
        "minimize latency(t4)",
    ],
)
def test_a_device_is_found_in_it(clause: str) -> None:
    program = load(Source(f"arch A {{ data table(8) {clause} model = linear(8) }}")).program()
    assert [name for name, _ in devices_named(program, program.clauses)] == ["t4"]
