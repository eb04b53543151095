"""Blocks with several results as PyTorch: tuples, taken apart by name; some in training only."""

from __future__ import annotations

import torch

import archdsl
from tests.unjudged import UNJUDGED

BLOCKS = """
block fork(c) {
  let a = conv(c, 3) -> relu
  return a, a -> conv(2 * c, 3, stride=2)
}
block stage(act=relu) {
  let (hi, lo) = x
  let up = lo -> conv(hi.channels, 1) -> upsample(2)
  return add(hi, up) -> act, lo
}
"""


def source(body: str) -> str:
    return compiled(body).source


def compiled(body: str) -> archdsl.Compiled:
    text = f"{BLOCKS}arch A {{ data image(3, 8, 8) model {{ {body} }} }}"
    return archdsl.compile(text, terms=UNJUDGED)


def test_results_are_taken_apart_by_their_names() -> None:
    text = source("let (a, b) = fork(2) return add(a, b -> upsample(2) -> conv(2, 1)) -> flatten")
    assert "    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:\n" in text
    assert "        self.a_b = Fork()\n" in text
    assert "        a, b = self.a_b(x)  # 2x8x8, 4x4x4\n" in text


def test_a_result_that_nothing_reads_has_no_name() -> None:
    assert "        a, _ = self.a_b(x)" in source("let (a, b) = fork(2) return a -> flatten")


def test_a_class_takes_several_results_as_one_tuple() -> None:
    text = source("let (a, b) = fork(2) -> 2 * stage return a -> flatten, b")
    assert "def forward(self, x: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:" in text
    assert "        hi, lo = x\n" in text
    assert "nn.Sequential(Fork(), *[Stage() for _ in range(2)])" in text


def test_its_sizes_are_called_after_the_results() -> None:
    body = "let (a, b) = fork(2) -> stage let (c, d) = fork(3) -> stage(act=tanh) "
    text = source(f"{body}return a -> flatten, b, c, d")
    assert "class Stage(nn.Module):" in text
    assert "def __init__(self, hi_channels: int, lo_channels: int," in text.replace("\n", "")


def test_results_stand_beside_each_other_in_a_call() -> None:
    text = source("let (a, b) = outputs(tanh, avg_pool(2)) -> stage return a -> flatten, b")
    assert "parts = torch.tanh(x), F.avg_pool2d(x, 2)  # 3x8x8, 3x4x4\n" in text
    assert "a, b = self.a_b(parts)\n" in text


def test_what_is_there_in_training_only_runs_in_training_only() -> None:
    body = (
        "let h = conv(4, 3) -> relu "
        "let side = h -> conv(4, 3, stride=2) -> relu -> flatten "
        "let main = h -> global_avg_pool -> linear(4) "
        "return main, train_only((side -> linear(4)), weight=0.3)"
    )
    module = compiled(body).module()
    calls: list[str] = []
    for name, part in module.named_modules():
        part.register_forward_hook(lambda *_, name=name: calls.append(name))
    x = torch.randn(2, 3, 8, 8)
    first, *others = module.train()(x)
    assert (len(others), others[0].shape) == (1, first.shape)
    in_training = set(calls)
    calls.clear()
    assert torch.equal(module.eval()(x), first)
    assert in_training > set(calls)
    assert {name for name in in_training - set(calls) if name} == {"side", "linear"}
    text = source(body)
    assert "-> Tensor | tuple[Tensor, Tensor]:" in text
    assert "        if self.training:\n" in text
