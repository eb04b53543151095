"""What P820, P821 and P822 say of designs is what their gradients and answers say."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import archdsl
from archdsl.evaluate.designs import sampler
from archdsl.graph.flat import INPUT
from archdsl.rules.case import Case
from archdsl.rules.config import Config
from archdsl.rules.facts_channels import apart
from archdsl.rules.facts_demand import of_answer
from archdsl.rules.facts_reads import sizes_of
from archdsl.terms import Terms
from tests.rules.literate import loaded

SILENT = Terms(Config(select=("P202",)))  # models are built whatever is wrong with them
READING = {
    "a stride wider than its kernel": ("image(2, 9, 9)", "conv(4, 1, stride=2) -> conv(3, 3)"),
    "a shortcut beside a body": (
        "image(2, 8, 8)",
        "add(conv(4, 1, stride=2), conv(4, 3, stride=2))",
    ),
    "two strided ways": ("image(2, 8, 8)", "2 * add(conv(2, 1, stride=2), max_pool(1, stride=2))"),
    "dilation": ("series(17, 2)", "conv(4, 3, stride=2, dilation=2) -> tanh -> conv(3, 3)"),
    "slices": ("table(9)", "concat(slice(1, 3), slice(5, 9, step=2)) -> linear(4)"),
    "rows of a picture": ("image(2, 8, 8)", "slice(2, 7, step=2, axis=height) -> conv(4, 3)"),
    "the last of convolutions": ("series(20, 2)", "conv(4, 3) -> tanh -> conv(4, 3) -> last"),
    "the first of a causal stack": (
        "series(9, 4)",
        "attention(1, causal=true) -> linear(4) -> first",
    ),
    "a window turned round": (
        "series(6, 3)",
        "conv_transpose(4, 2, stride=4, padding=0) -> slice(0, 9, axis=length)",
    ),
    "what was turned": (
        "series(6, 4)",
        "transpose -> linear(5) -> slice(0, 3) -> transpose -> slice(1, 3)",
    ),
    "pixels as positions": ("image(4, 3, 3)", "to_sequence -> slice(0, 2) -> linear(4)"),
    "features as positions": (
        "table(8)",
        "reshape(1, length=8) -> slice(2, 5, axis=length) -> linear(3)",
    ),
    "enlarged": ("image(2, 4, 4)", "upsample(2) -> slice(1, 5, axis=height) -> conv(3, 1)"),
    "pooled": ("image(2, 8, 8)", "slice(0, 6, axis=width) -> avg_pool(2) -> adaptive_avg_pool(2)"),
    "groups": ("image(4, 5, 5)", "conv(8, 3, groups=2) -> slice(0, 4)"),
    "a class token": (
        "series(5, 4)",
        "class_token -> attention(1, causal=true) -> slice(0, 3, axis=length)",
    ),
    "padded": ("series(7, 2)", "pad(2, after=0) -> slice(0, 5, axis=length) -> conv(3, 1)"),
    "recurrent": ("series(7, 2)", "gru(4) -> slice(0, 4, axis=length)"),
    "nothing": ("table(5)", "linear(4) -> zero"),
}


@pytest.mark.parametrize(("data", "model"), READING.values(), ids=READING)
def test_the_places_that_are_read_are_those_with_a_gradient(data: str, model: str) -> None:
    text = f"arch Test {{\n  data {data}\n  model = {model}\n}}\n"
    program, _ = loaded(text)
    case = Case(program, program.evaluate(sampler(0)))
    asked = of_answer(case)
    assert asked is not None
    seen = torch.zeros(sizes_of(case.takes), dtype=torch.bool)
    for seed in range(3):
        torch.manual_seed(seed)
        module = archdsl.compile(text, terms=SILENT).module().double().eval()
        _shake(module)
        x = torch.randn(2, *seen.shape, dtype=torch.float64, requires_grad=True)
        answer = module(x)
        if answer.requires_grad:
            (gradient,) = torch.autograd.grad(answer.pow(3).sum(), x, allow_unused=True)
            seen |= torch.zeros_like(seen) if gradient is None else (gradient != 0).any(0)
    told = torch.zeros_like(seen)
    of_input = asked.of(INPUT)
    if of_input is not None:
        chosen = [
            sorted(range(size) if places is None else places)
            for places, size in zip(of_input, seen.shape, strict=True)
        ]
        told[tuple(torch.meshgrid(*map(torch.tensor, chosen), indexing="ij"))] = True
    assert torch.equal(told, seen)


APART = {
    "depthwise": ("3 * conv(8, 3, groups=8)", 8),
    "grouped": ("2 * conv(8, 3, groups=4) -> relu", 4),
    "shuffled": ("2 * (conv(8, 3, groups=4) -> channel_shuffle(4))", 2),
    "other borders": ("conv(12, 3, groups=3) -> conv(12, 3, groups=2)", 1),
    "finer": ("conv(8, 3, groups=2) -> conv(8, 3, groups=4)", 2),
    "ways round": ("2 * residual(conv(8, 3, groups=8) -> relu)", 8),
    "joined": ("conv(8, 3, groups=8) -> concat(identity, conv(8, 3, groups=8))", 8),
    "sliced": ("conv(8, 3, groups=8) -> slice(0, 8, step=2) -> conv(4, 3, groups=2)", 2),
}


@pytest.mark.parametrize(("body", "parts"), APART.values(), ids=APART)
def test_channels_of_different_parts_share_no_gradient(body: str, parts: int) -> None:
    text = f"arch Test {{\n  data image(3, 6, 6)\n  model = conv(8, 3) -> {body}\n}}\n"
    text = text.replace("conv(8, 3) -> conv(12", "conv(12, 3) -> conv(12")
    program, _ = loaded(text)
    case = Case(program, program.evaluate(sampler(0)))
    last = case.fact(apart)[case.flat.output]
    assert len(set(last.labels)) == parts or (parts == 1 and last.layers == 0)
    inner = text.replace("image(3,", "image(12," if "conv(12" in text else "image(8,")
    inner = inner.replace("conv(12, 3) -> ", "", 1).replace("conv(8, 3) -> ", "", 1)
    module = archdsl.compile(inner, terms=SILENT).module().double().eval()
    x = torch.randn(1, 12 if "conv(12" in text else 8, 6, 6, dtype=torch.float64)
    meets = torch.autograd.functional.jacobian(lambda x: module(x).sum((0, 2, 3)), x)
    joined = (meets != 0).any(-1).any(-1)[:, 0].double()  # which channel reads which
    alike = (joined @ joined.T > 0).double()
    for _ in range(5):
        alike = (alike @ alike > 0).double()
    assert len({tuple(row.tolist()) for row in alike}) == parts


SAME = {
    "pooled and enlarged": "global_avg_pool -> reshape(4, 1, 1) -> upsample(8) -> conv(5, 1)",
    "strided and enlarged": "conv(6, 8, stride=8) -> upsample(8, mode=bilinear) -> conv(5, 1)",
    "broadcast": "mul(adaptive_avg_pool(1) -> upsample(8), global_max_pool -> linear(4))",
}
OTHER = {
    "a gate": "mul(identity, global_avg_pool -> linear(4) -> sigmoid)",
    "pooled context": "concat(identity, adaptive_avg_pool(1) -> upsample(8)) -> conv(5, 1)",
    "positions by weights": "flatten -> linear(64) -> reshape(1, 8, 8)",
    "a window turned round": "adaptive_avg_pool(1) -> conv_transpose(5, 8, stride=8, padding=0)",
}


@pytest.mark.parametrize("body", [*SAME.values(), *OTHER.values()], ids=[*SAME, *OTHER])
def test_answers_that_are_told_to_be_the_same_are(body: str) -> None:
    text = (
        f"arch Test {{\n  data image(4, 8, 8)\n  task regress(9, per=pixel)\n  model = {body}\n}}\n"
    )
    width = archdsl.compile(
        text.replace("  task regress(9, per=pixel)\n", ""), terms=SILENT
    ).module()
    x = torch.randn(1, 4, 8, 8)
    answer = width.eval()(x)
    text = text.replace("regress(9", f"regress({answer.shape[1]}")
    found = archdsl.check(text, terms=Terms(Config(select=("P822",)))).diagnostics
    same = torch.allclose(answer, answer[:, :, :1, :1].expand_as(answer), atol=1e-6)
    assert same == bool(found) == (body in SAME.values())


def _shake(module: nn.Module) -> None:
    """Weights that are zero at the start become something else."""
    with torch.no_grad():
        for weight in module.parameters():
            weight.normal_()
