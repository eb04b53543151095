"""The live module is the emitted text, executed."""

from __future__ import annotations

import pickle
import traceback

import pytest

from archdsl.emit.pytorch import emit
from archdsl.runtime.module import build, load, model_class
from tests.emit.graphs import graph

torch = pytest.importorskip("torch")


def test_the_model_is_the_last_class() -> None:
    assert model_class(load(emit(graph("resnet50")), "resnet50")).__name__ == "ResNet50"


def test_a_traceback_shows_the_emitted_line() -> None:
    model = build(graph("resnet50"))
    try:
        model(torch.rand(1, 4, 64, 64))
    except RuntimeError as error:
        shown = "".join(traceback.format_exception(error))
    assert "x = F.relu(self.bn1(self.conv1(x)))" in shown


def test_one_text_is_one_module() -> None:
    text = emit(graph("unet"))
    assert load(text, "unet") is load(text, "unet")


def test_a_model_pickles() -> None:
    model = build(graph("unet"))
    again = pickle.loads(pickle.dumps(model))
    assert again.state_dict().keys() == model.state_dict().keys()


def test_text_that_fails_leaves_no_module_behind() -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            load("1 / 0\n", "broken")
