"""What is pretrained starts from the network that the weights belong to."""

from __future__ import annotations

import pytest

from archdsl import api, zoo
from archdsl.starting.choosing import choose
from archdsl.starting.description import Description
from archdsl.starting.writing import first_design

PICTURES = {
    "ResNet18": Description("image", (3, 224, 224), 2_000, targets=1_000, pretrained=True),
    "ResNet50": Description("image", (3, 224, 224), 50_000, targets=1_000, pretrained=True),
    "MobileNetV2": Description(
        "image", (3, 224, 224), 2_000, targets=1_000, pretrained=True, device="mobile_cpu"
    ),
}
FILES = {"ResNet18": "resnet18", "ResNet50": "resnet50", "MobileNetV2": "mobilenet_v2"}


@pytest.mark.parametrize("name", PICTURES)
def test_it_is_the_network_of_the_zoo_weight_by_weight(name: str) -> None:
    chosen = choose(PICTURES[name]).trial
    published = api.compile(zoo.models()[FILES[name]])
    ours = api.compile(first_design(PICTURES[name]), arch=name)
    assert chosen.family.name == name
    assert {key: tuple(value.shape) for key, value in ours.module().state_dict().items()} == {
        key: tuple(value.shape) for key, value in published.module().state_dict().items()
    }


def test_texts_get_bert_with_a_head_and_its_vocabulary() -> None:
    data = Description("tokens", (128, 8_000), 3_000, targets=2, pretrained=True)
    chosen = choose(data).trial
    assert chosen.params == 109_482_240 + 2 * 769  # transformers' BertModel, and the head
    assert "tokens(128, vocab=30_522" in chosen.text
    assert "lr=5e-5, warmup=0.2, schedule=cosine, weight_decay=0.01, epochs=4)" in chosen.text


def test_texts_to_go_on_with_get_gpt_2() -> None:
    data = Description("tokens", (128, 8_000), 3_000, "next_token", 8_000, pretrained=True)
    assert choose(data).trial.params == 124_439_808  # as transformers counts


def test_small_grey_pictures_are_made_what_it_reads() -> None:
    text = first_design(Description("image", (1, 28, 28), 300, targets=10, pretrained=True))
    assert "let picture = concat(x, x, x) -> upsample(4, mode=bilinear)" in text
    assert api.check(text).ok


@pytest.mark.parametrize(
    "data",
    [
        PICTURES["ResNet18"],
        Description("tokens", (128, 8_000), 3_000, targets=2, pretrained=True),
        Description("tokens", (4_096, 8_000), 50, targets=2, pretrained=True),
    ],
)
def test_no_baseline_is_called_pretrained(data: Description) -> None:
    _, *baselines = first_design(data).split("\narch ")[1:]
    assert baselines
    assert all("pretrained" not in baseline for baseline in baselines)


def test_what_the_zoo_has_no_weights_for_learns_as_before() -> None:
    data = Description("image", (13, 64, 64), 3_000, targets=10, pretrained=True)
    assert choose(data).trial.family.name in ("ResNet", "SeparableCnn")


def test_where_no_published_network_fits_the_design_learns_from_scratch_and_says_so() -> None:
    data = Description("image", (3, 64, 64), 3_000, targets=10, pretrained=True, params=100_000)
    text = first_design(data)
    assert "pretrained=true" not in text
    assert "Passed over: ResNet18" in " ".join(text.replace("#", "").split())
