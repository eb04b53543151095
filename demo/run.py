"""What archdsl does, in three minutes: `make demo`.

Refuses a model that sees what it is to tell, and mends it. Checks, compiles and trains a small
classifier of handwritten digits, then compiles ResNet-50, runs a batch through it and prints its
table of layers; then searches ten million ways to tell digits for a minute. Fails when the
classifier written by hand or the one found does not learn.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import torch
from searching import compared
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn

import archdsl

HERE = Path(__file__).parent
WRITER = HERE / "writer.arch"
DIGITS = HERE / "digits.arch"
RESNET = HERE.parent / "specs" / "zoo" / "resnet50.arch"
ENOUGH = 0.95
EPOCHS = 12
BATCH = 64


def main() -> int:
    """Exit code 0 when the classifiers learned, else 1."""
    torch.manual_seed(0)
    start = time.perf_counter()
    _refuse(WRITER)
    compiled = _compile(DIGITS)
    accuracy = _train(compiled.module())
    _show_resnet()
    _say("A minute's search: 873,792 other networks, each trained in 12 ways")
    found = compared(DIGITS)
    print(f"\nDone in {time.perf_counter() - start:.0f} s.")
    if min(accuracy, found) > ENOUGH:
        return 0
    print(f"The classifiers got {accuracy:.1%} and {found:.1%} right: that is too few.")
    return 1


def _say(title: str) -> None:
    print(f"\n── {title} {'─' * max(0, 75 - len(title))}", flush=True)


def _refuse(path: Path) -> None:
    """Shows what is wrong with a spec, and what is left of that after its fixes."""
    _say(f"{path.name} is refused: it sees the words that it is to tell")
    text = path.read_text(encoding="utf-8")
    print(text.rstrip())
    print(f"\n{archdsl.check(text, name=path.name).render().rstrip()}")
    left = archdsl.fix(text, name=path.name, unsafe=True).report
    print(f"\nWith that fix: {left.render('concise') or 'no findings'}.")


def _compile(path: Path) -> archdsl.Compiled:
    _say(f"{path.name} is checked and compiled")
    text = path.read_text(encoding="utf-8")
    print(text.rstrip())
    report = archdsl.check(text, name=path.name)
    if not report.ok:
        raise SystemExit(report.render())
    compiled = archdsl.compile(text, name=path.name)
    lines = len(compiled.source.splitlines())
    print(f"\n{report.render('concise') or 'No findings.'}")
    print(f"{compiled.params:,} parameters, {compiled.macs:,} MACs; it becomes")
    print(f"{lines} lines of PyTorch (archdsl compile demo/{path.name}).")
    return compiled


def _data() -> list[Tensor]:
    """Training and test pictures, training and test labels."""
    pictures, labels = load_digits(return_X_y=True)
    pictures = pictures.reshape(-1, 1, 8, 8) / 8 - 1
    parts = train_test_split(pictures, labels, test_size=0.2, random_state=0, stratify=labels)
    pictures = [torch.tensor(part, dtype=torch.float32) for part in parts[:2]]
    return [*pictures, *(torch.tensor(part) for part in parts[2:])]


def _train(model: nn.Module) -> float:
    """The share of test pictures that are told right in the end."""
    train_x, test_x, train_y, test_y = _data()
    _say(f"The module learns from {len(train_x):,} pictures; {len(test_x)} are kept for the test")
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    accuracy = 0.0
    for epoch in range(1, EPOCHS + 1):
        loss = _epoch(model, optimizer, train_x, train_y)
        schedule.step()
        accuracy = _accuracy(model, test_x, test_y)
        bar = "█" * round(30 * accuracy)
        print(f"epoch {epoch:2}  loss {loss:.3f}  test {accuracy:6.1%} {bar}", flush=True)
    return accuracy


def _epoch(model: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor, y: Tensor) -> float:
    model.train()
    losses = []
    for chosen in torch.randperm(len(x)).split(BATCH):
        loss = nn.functional.cross_entropy(model(x[chosen]), y[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


@torch.no_grad()
def _accuracy(model: nn.Module, x: Tensor, y: Tensor) -> float:
    model.eval()
    return (model(x).argmax(dim=1) == y).float().mean().item()


def _show_resnet() -> None:
    _say("ResNet-50: compiled, run on a batch, and shown")
    model = archdsl.build(RESNET).eval()
    with torch.no_grad():
        out = model(torch.randn(2, 3, 224, 224))
    print(f"A batch of 2×3×224×224 came out as {'×'.join(map(str, out.shape))}.\n", flush=True)
    if not torch.isfinite(out).all():
        raise SystemExit("ResNet-50 gives numbers that are not finite")
    subprocess.run([sys.executable, "-m", "archdsl", "show", str(RESNET)], check=True)


if __name__ == "__main__":
    sys.exit(main())
