"""Ops are asked for their formulas as seldom as can be, and what they answered stays right."""

from __future__ import annotations

from typing import Any

import pytest

from archdsl.emit.pytorch import emit, op_formulas
from archdsl.emit.pytorch.op_formulas import Asking
from archdsl.formulas import Origin, source, value_of
from archdsl.ops.convolution.conv import Conv
from archdsl.ops.sequence.window_attention import WindowAttention
from archdsl.traced import Traced, of
from archdsl.types import Image
from tests.emit.graphs import graph


@pytest.mark.parametrize(("name", "most"), [("resnet50", 12), ("mobilenet_v2", 16)])
def test_an_op_answers_once_for_all_sizes(
    name: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    answers = op_formulas._answers

    def counting(*given: Any) -> Any:
        asked.append(given[0])
        return answers(*given)

    monkeypatch.setattr(op_formulas, "_answers", counting)
    emit(graph(name))
    assert 0 < len(asked) <= most


@pytest.mark.parametrize("kernels", [(3, 4, 3), (4, 3, 1)])
def test_an_answer_is_taken_only_where_it_tells_what_the_op_says(kernels: tuple[int, ...]) -> None:
    asking = Asking()
    for kernel in kernels:
        for stride in (1, 2):
            takes = Image(8, 32, 32)._replace(height=Traced(32, source("size", "height")))
            op = Conv(16, kernel, stride=stride)
            given = {name: source("argument", name) for name in ("kernel", "stride")}
            out = op.infer(Image(8, 32, 32))
            answer = asking.answer(op, given, [takes], out)
            values = {
                Origin("argument", "kernel"): kernel,
                Origin("argument", "stride"): stride,
                Origin("size", "height"): 32,
            }
            assert value_of(of(answer.out.height), values) == out.height


def test_the_default_of_a_class_of_ours_is_what_its_constructor_declares() -> None:
    asking = Asking()
    for shift in (0, 3):
        op = WindowAttention(2, 7, shift=shift)
        takes = Image(8, 14, 14)
        given = {"shift": source("argument", "shift")}
        answer = asking.answer(op, given, [takes], takes)
        assert answer.arguments["shift"] == given["shift"]
