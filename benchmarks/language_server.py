"""The language server: how long a keystroke takes until a mistake is told, until all findings of a
good text are, and until its hints and its completions; how long the server takes to start, and its
memory."""

from __future__ import annotations

import re
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from tests.lsp.client import Editor

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lsp.client import Page

ROOT = Path(__file__).parent.parent
ZOO = ROOT / "specs" / "zoo"
KEYS = 60
LINES = 300
FEW = 40  # lines of a model that is not taken
WHOLE = types.Range(types.Position(0, 0), types.Position(10_000, 0))


def long_spec(layer: str, lines: int = LINES) -> str:
    """A network that says each of its layers in a line of its own."""
    head = [
        "arch Long {",
        "  data  image(3, 64, 64, samples=1_000_000, augment=strong)",
        "  task  classify(100)",
        "  train sgd(batch=64, lr=0.1, momentum=0.9, weight_decay=1e-4)",
        "",
        "  model {",
        "    let layer0 = conv(16, 3, bias=false) -> batch_norm -> relu",
    ]
    foot = ["    return body -> global_avg_pool -> linear(classes)", "  }", "}"]
    body = []
    for number in range(1, lines - len(head) - len(foot)):
        width = 16 * (1 + number // 60)
        down = "" if number % 60 else f"conv({width}, 2, stride=2, bias=false) -> "
        step = layer.format(width)
        body.append(f"    let layer{number} = layer{number - 1} -> {down}{step}")
    body.append(f"    let body = layer{len(body)}")
    return "\n".join([*head, *body, *foot, ""])


def several_models(lines: int = LINES) -> str:
    """Published models in one file, as many as have blocks of different names and make so many
    lines."""
    taken: set[str] = set()
    found: list[str] = []
    for path in sorted(ZOO.glob("*.arch"), key=lambda path: -path.stat().st_size):
        text = path.read_text()
        names = set(re.findall(r"^(?:shared )?(?:block|function|arch) (\w+)", text, re.MULTILINE))
        if "use " not in text and not names & taken and text.count("\n") >= FEW:
            taken |= names
            found.append(text)
        if sum(one.count("\n") + 1 for one in found) >= lines:
            break
    return "\n".join(found)


def texts() -> dict[str, tuple[str, str, str]]:
    """Texts by what they are, each with what is typed over, again and again."""
    plain, block = "residual(conv({}, 3, bias=false) -> batch_norm) -> relu", "resnet_basic({})"
    return {
        "ResNet-50": ((ZOO / "resnet50.arch").read_text(), "bottleneck(256)", "bottleneck({})"),
        "several models": (several_models(), "samples=1_281_167", "samples=1_281_{:0>3}"),
        "300 convolutions": (
            long_spec(plain),
            "layer200 -> residual(conv(64",
            "layer200 -> residual(conv({}",
        ),
        "300 blocks": (long_spec(block), "200 -> resnet_basic(64", "200 -> resnet_basic({}"),
    }


def _typed(text: str, old: str, new: str) -> list[str]:
    """Texts that differ in a number, some of them wrong."""
    assert old in text
    return [text.replace(old, new.format(16 + 16 * (n % 20)), 1) for n in range(KEYS)]


def _timed(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return 1000 * (time.perf_counter() - start)


def _hints(page: Page) -> object:
    params = types.InlayHintParams(page.identifier, WHOLE)
    return page.editor.ask(types.TEXT_DOCUMENT_INLAY_HINT, params)


def _completions(page: Page) -> object:
    line = next(n for n, one in enumerate(page.text.split("\n")) if "return" in one)
    params = types.CompletionParams(page.identifier, types.Position(line, 11))
    return page.editor.ask(types.TEXT_DOCUMENT_COMPLETION, params)


def measured(editor: Editor, text: str, old: str, new: str) -> dict[str, list[float]]:
    """Milliseconds of each keystroke, by what is waited for."""
    page = editor.open(text)
    page.findings()
    _hints(page)
    _completions(page)
    times: dict[str, list[float]] = {"mistakes": [], "findings": [], "hints": [], "completions": []}
    for typed in _typed(text, old, new):

        def told(typed: str) -> None:
            page.type(typed)
            page.findings()

        wrong = typed.replace("classes)", "clases)")
        times["mistakes"].append(_timed(lambda wrong=wrong: told(wrong)))
        times["findings"].append(_timed(lambda typed=typed: told(typed)))
        times["hints"].append(_timed(lambda: _hints(page)))
        times["completions"].append(_timed(lambda: _completions(page)))
    page.close()
    return times


def memory(pid: int) -> int:
    """Resident bytes of a process, where the system tells them."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    line = next(one for one in status.splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) << 10


def main() -> None:
    starts = []
    for _ in range(3):
        start = time.perf_counter()
        editor = Editor()
        starts.append(time.perf_counter() - start)
        editor.close()
    editor = Editor()
    print(f"start to the answer of `initialize`: {min(starts):.2f} s")
    print(f"{'milliseconds':<18} {'waited for':<12} {'p50':>7} {'p95':>7}")
    for name, (text, old, new) in texts().items():
        for what, times in measured(editor, text, old, new).items():
            p95 = statistics.quantiles(times, n=20)[-1]
            print(f"{name:<18} {what:<12} {statistics.median(times):>7.1f} {p95:>7.1f}")
    print(f"memory: {memory(editor.process.pid) / 2**20:.0f} MiB")
    editor.close()


if __name__ == "__main__":
    sys.exit(main())
