"""archdsl mcp, driven by the client of the official SDK over stdio, in one session."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

pytest.importorskip("mcp", reason="the extra mcp")

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from archdsl.explain.prompt import prompt

MODEL = "linear(8) -> relu -> linear(targets)"
GOOD = f"arch A {{ data table(9, samples=9_000) task regress(1) model = {MODEL} }}"
SPACE = GOOD.replace("linear(8)", "linear(8 | 16)")
TYPO = GOOD.replace("relu", "rleu")


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What one session was answered, by what was asked."""
    folder = tmp_path_factory.mktemp("served")
    root, outside = folder / "root", folder / "outside"
    (root / "sub").mkdir(parents=True)
    outside.mkdir()
    for place in (root, root / "sub", outside):
        (place / "good.arch").write_text(GOOD)
    (root / "secret.txt").write_text(GOOD)
    (root / "link.arch").symlink_to(outside / "good.arch")
    (root / "uses.arch").write_text('use "../outside/good.arch"\n' + GOOD)
    (folder / "root_beside").mkdir()
    (folder / "root_beside" / "good.arch").write_text(GOOD)
    return asyncio.run(_session(root, outside))


async def _session(root: Path, outside: Path):
    server = StdioServerParameters(
        command=sys.executable,
        args=["-X", "importtime", "-m", "archdsl", "mcp", "--root", str(root)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    found = {}
    with (root.parent / "stderr").open("w") as errors:
        async with Client(stdio_client(server, errlog=errors)) as client:
            found["tools"] = {tool.name for tool in (await client.list_tools()).tools}
            told = await client.get_prompt("language")
            found["language"] = told.messages[0].content.text
            for name, (tool, arguments) in _asked(outside).items():
                found[name] = _json(await client.call_tool(tool, arguments))
    found["loaded"] = (root.parent / "stderr").read_text()
    return found


def _json(result):
    assert not result.is_error, result
    return json.loads(result.content[0].text)


def _asked(outside: Path):
    design = {"linear.features": 16}
    paths = {
        "file": "good.arch",
        "below": "sub/../good.arch",
        "up": "../outside/good.arch",
        "absolute": str(outside / "good.arch"),
        "link": "link.arch",
        "beside": "../root_beside/good.arch",
        "other kind": "secret.txt",
        "none": "none.arch",
        "nul": "a\0b.arch",
        "uses": "uses.arch",
    }
    return {
        "good": ("check", {"text": GOOD}),
        "typo": ("check", {"text": TYPO}),
        "neither": ("check", {}),
        "fixed": ("fix", {"text": TYPO, "unsafe": True}),
        "shown": ("show", {"text": SPACE, "design": design}),
        "compiled": ("compile", {"text": SPACE, "design": design}),
        "open": ("compile", {"text": SPACE}),
        "counted": ("count", {"text": SPACE}),
        "drawn": ("sample", {"text": SPACE, "n": 5}),
        "suggested": ("suggest", {"text": GOOD}),
        "explained": ("explain", {"name": "E301"}),
        "explained rule": ("explain", {"name": "overcapacity"}),
        "explained nothing": ("explain", {"name": "nothing"}),
        "ops": ("ops", {}),
        "op": ("ops", {"name": "conv"}),
        "no op": ("ops", {"name": "cnov"}),
        "block": ("blocks", {"name": "residual"}),
        **{name: ("check", {"path": path}) for name, path in paths.items()},
    }


def test_the_tools_and_the_language_are_offered(answers):
    offered = "check fix show compile explain count sample suggest ops blocks"
    assert answers["tools"] == set(offered.split())
    assert answers["language"] == prompt()


def test_specs_are_checked_and_findings_are_data(answers):
    assert answers["good"]["ok"]
    (found,) = [one for one in answers["typo"]["findings"] if one["severity"] == "error"]
    assert (found["code"], answers["typo"]["ok"]) == ("E201", False)
    assert "relu" in found["help"]
    assert answers["neither"]["findings"][0]["code"] == "E901"


def test_specs_are_fixed_shown_and_compiled(answers):
    assert answers["fixed"]["text"] == GOOD
    assert answers["fixed"]["ok"]
    assert answers["shown"]["table"]["params"] == answers["compiled"]["params"] == 177
    assert "class A(" in answers["compiled"]["source"]
    assert not answers["open"]["ok"]
    assert answers["open"]["findings"]


def test_spaces_are_counted_drawn_from_and_mended(answers):
    assert answers["counted"]["count"] == 2
    drawn = answers["drawn"]["designs"]
    assert sorted(one["linear.features"] for one in drawn) == [8, 16]
    assert answers["suggested"]["passes"]


def test_names_are_explained(answers):
    assert answers["explained"]["text"].startswith("E301: ")
    assert "overcapacity" in answers["explained rule"]["text"]
    assert not answers["explained nothing"]["ok"]
    assert len(answers["ops"]["ops"]) > 90
    assert answers["op"]["ops"][0]["signature"].startswith("conv(channels, kernel")
    assert "conv" in answers["no op"]["findings"][0]["help"]
    assert "add(x, f)" in answers["block"]["blocks"][0]["source"]


def test_files_below_the_root_are_read_and_no_others(answers):
    assert answers["file"]["ok"]
    assert answers["below"]["ok"]
    for name in ("up", "absolute", "link", "beside", "other kind", "none", "nul"):
        (found,) = answers[name]["findings"]
        assert (found["code"], "there is no spec" in found["message"]) == ("E901", True), name
    assert not answers["uses"]["ok"]
    assert "outside" in json.dumps(answers["uses"]["findings"])


def test_torch_is_not_imported(answers):
    loaded = {line.rpartition("|")[2].strip() for line in answers["loaded"].splitlines()}
    assert "archdsl.mcp.tools" in loaded
    assert loaded & {"torch", "optuna", "matplotlib"} == set()
