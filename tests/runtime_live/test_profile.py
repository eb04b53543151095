"""archdsl profile"""

from __future__ import annotations

import json
import time

import torch
from torch import nn

from archdsl.runtime.live.advice import advice
from archdsl.runtime.live.layer_times import LayerTime, layer_times
from archdsl.runtime.live.profile import OtherSteps, Profile

PARTS = {"data": 0.0, "forward": 0.3, "backward": 0.6, "optimizer": 0.1}


def _profile(parts=None, layers=(), elementwise=0.1, kernel=1e-3, memory=None, **others):
    found = {**PARTS, **(parts or {})}
    rest = (layers, elementwise, kernel, True, OtherSteps(**others), memory)
    return Profile("it", 8, 1, "cpu", 3, found, *rest)


def test_the_command_splits_a_step(run):
    result = run("profile", "image.arch", "--steps", "2", "--batch", "4")
    assert result.exit_code == 0, result.stderr
    for part in ("data", "forward ", "backward", "optimizer", "Conv2d", "To try:", "--data D"):
        assert part in result.stdout
    assert result.stderr == "timing 2 steps of Small on batches of 4\n"


def test_reading_data_is_timed_when_given(run):
    arguments = ("--steps", "2", "--data", "sklearn:digits", "--format", "json")
    document = json.loads(run("profile", "image.arch", *arguments).stdout)
    assert document["parts"]["data"] > 0
    assert document["data_is_given"]
    assert sum(document["parts"].values()) == document["step"]
    assert abs(sum(layer["share"] for layer in document["layers"]) - 1) < 1e-6


def test_steps_in_mixed_precision_and_with_half_the_batch_are_timed(run):
    arguments = ("--steps", "1", "--format", "json", "--batch")
    document = json.loads(run("profile", "image.arch", *arguments, "4").stdout)
    assert all(seconds > 0 for seconds in document["others"].values())
    assert set(document["others"]) == {"mixed", "half"}
    assert 0 < document["memory"] < 1
    alone = json.loads(run("profile", "image.arch", *arguments, "1").stdout)
    assert alone["others"]["half"] is None


def test_every_kind_of_data_can_be_profiled(run):
    for kind in ("words", "steps", "graphs", "pixels"):
        assert run("profile", f"{kind}.arch", "--steps", "1").exit_code == 0


def test_an_only_child_is_looked_into():
    module = nn.Sequential(nn.Sequential(nn.Linear(2, 2), nn.ReLU()))
    found = layer_times(module, lambda: module(torch.ones(1, 2)), 2, "cpu")
    assert [(layer.name, layer.kind) for layer in found[:-1]] == [
        ("0.0", "Linear"),
        ("0.1", "ReLU"),
    ]
    assert found[-1].kind == ""


def test_a_sequence_is_shown_by_its_members_while_rows_are_few():
    def names(*lengths):
        parts = (nn.Sequential(*(nn.ReLU() for _ in range(length))) for length in lengths)
        module = nn.Sequential(*parts)
        return [
            layer.name for layer in layer_times(module, lambda: module(torch.ones(1)), 1, "cpu")
        ]

    assert names(2, 1)[:-1] == ["0.0", "0.1", "1.0"]
    assert names(2, 50)[:-1] == ["0.0", "0.1", "1"]


def test_a_layer_called_twice_has_the_time_of_both():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.wait = Wait()
            self.other = nn.ReLU()

        def forward(self, x):
            return self.other(self.wait(self.wait(x)))

    class Wait(nn.Module):
        def forward(self, x):
            time.sleep(0.01)
            return x

    module = Twice()
    found = layer_times(module, lambda: module(torch.ones(1)), 3, "cpu")
    assert found[0].seconds >= 0.02


def test_advice_knows_the_kind_of_the_heaviest_layer():
    def told(kind):
        layers = (LayerTime("it", kind, 1.0, 0.8), *[LayerTime("o", "ReLU", 1.0, 0.1)] * 2)
        return advice(_profile(layers=layers))[0]

    assert "depthwise" in told("Conv2d")
    assert "step by step" in told("LSTM")
    assert "windows" in told("SelfAttention")
    assert "fewer units" in told("Linear")
    assert told("Embedding").endswith("make it narrower")


def test_waiting_for_data_is_named_first():
    told = advice(_profile({"data": 0.3}))
    assert told[0].startswith("data takes 23 %")
    assert "num_workers" in told[0]
    assert advice(_profile({"data": 0.2}))[0].startswith("nothing stands out")


def test_each_bottleneck_has_its_advice():
    assert "channels_last" in advice(_profile(elementwise=0.6))[0]
    assert "fused=True" in advice(_profile({"optimizer": 0.9}))[0]
    assert "torch.compile" in advice(_profile(kernel=5e-6))[0]
    assert len(advice(_profile(kernel=5e-6, elementwise=0.6))) == 1
    layers = tuple(LayerTime(f"layer{n}", "Conv2d", 1.0, s) for n, s in enumerate((0.6, 0.3, 0.1)))
    assert advice(_profile(layers=layers))[0].startswith("layer0 takes 60 %")


def test_mixed_precision_is_named_where_it_was_faster():
    assert "precision=amp" in advice(_profile(mixed=0.5))[0]
    assert "takes 50 % of the time" in advice(_profile(mixed=0.5))[0]
    slower = advice(_profile(mixed=0.95))
    assert len(slower) == 1
    assert "mixed precision takes 95 % of it here: a simpler model" in slower[0]


def test_a_smaller_batch_is_named_where_it_was_faster_or_memory_is_nearly_full():
    (faster,) = advice(_profile(half=0.4))
    assert faster.startswith("two steps of half the batch take 80 % of the time of one")
    assert "a smaller batch: 4, the gradients of two accumulated" in faster
    (full,) = advice(_profile(memory=0.9, half=0.4))
    assert full.startswith("a step takes 90 % of the memory there is: a smaller batch: 4")
    assert advice(_profile(memory=0.8, half=0.46))[0].startswith("nothing stands out")


def test_where_nothing_stands_out_a_simpler_model_is_left():
    (told,) = advice(_profile())
    assert told.startswith("nothing stands out, so products take the time: a simpler model (fewer")
