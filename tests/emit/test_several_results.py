"""Blocks with several results as PyTorch: tuples, taken apart by name; some in training only."""

from __future__ import annotations

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import archdsl
from archdsl.cost.counts import macs, params
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


def test_comments_in_a_row_tell_all_results() -> None:
    text = source(
        "let (a, b) = fork(2) -> stage -> stage(act=tanh) -> stage return a -> flatten, b"
    )
    assert "            Fork(),  # 2x8x8, 4x4x4\n" in text


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


def test_a_module_that_gives_several_results_is_one_submodule() -> None:
    body = (
        "module tower = fork(3) let (a, b) = x -> tower let (c, d) = a -> tanh -> tower "
        "return concat(a, c) -> global_avg_pool -> linear(4), b, d"
    )
    module = compiled(body).module()
    x = torch.randn(2, 3, 8, 8)
    a, b = module.tower(x)
    c, d = module.tower(torch.tanh(a))
    first, *others = module(x)
    assert torch.equal(first, module.linear(torch.cat((a, c), 1).mean((2, 3))))
    assert torch.equal(others[0], b)
    assert torch.equal(others[1], d)
    assert [name for name, _ in module.named_children()] == ["tower", "linear"]
    assert params(compiled(body).graph) == sum(weight.numel() for weight in module.parameters())
    text = source(body)
    assert "        a, b = self.tower(x)" in text
    assert "        c, d = self.tower(torch.tanh(a))" in text


def test_queries_keys_and_values_of_one_layer() -> None:
    text = (
        "arch A { data series(10, 64) model { let (q, k, v) = x -> linear(3 * 64) -> chunk(3) "
        "return dot_product_attention(q, k, v, heads=4) -> linear(64) } }"
    )
    made = archdsl.compile(text, terms=UNJUDGED)
    assert "        q, k, v = x.chunk(3, dim=-1)" in made.source
    module, peer = made.module(), nn.MultiheadAttention(64, 4, batch_first=True)
    with torch.no_grad():
        peer.in_proj_weight.copy_(module.q_k_v.weight)
        peer.in_proj_bias.copy_(module.q_k_v.bias)
        peer.out_proj.load_state_dict(module.linear.state_dict())
    x = torch.randn(2, 10, 64)
    assert torch.allclose(module(x), peer(x, x, x)[0], atol=1e-6)
    assert params(made.graph) == sum(weight.numel() for weight in peer.parameters())


def test_a_module_runs_in_use_where_it_is_read_in_use() -> None:
    body = (
        "module tower = conv(3, 3) module head = global_avg_pool -> linear(4) "
        "let a = x -> tower return a -> head, train_only(a -> tower -> tanh -> head)"
    )
    made = compiled(body)
    once = 64 * 27 * 3 + 12
    assert (macs(made.graph), macs(made.graph, in_use=False)) == (once, 2 * once)
    for training in (False, True):
        with FlopCounterMode(display=False) as counter:
            made.module().train(training)(torch.randn(1, 3, 8, 8))
        assert counter.get_total_flops() == 2 * once * (1 + training)
