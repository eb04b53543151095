"""Which family, which size, and why."""

from __future__ import annotations

import pytest

from archdsl.starting.budget import UNBOUNDED, Budget, budgets, parameters
from archdsl.starting.choosing import NoDesignFits, choose, objections
from archdsl.starting.description import Description
from archdsl.starting.families.forecast import LinearForecast
from archdsl.starting.families.linear import LinearBaseline
from archdsl.starting.families.mlp_baseline import MlpBaseline
from archdsl.starting.families.resnet import ResNet
from archdsl.starting.sizing import Fit, attempt, evaluated, largest
from archdsl.starting.tree import families
from archdsl.starting.writing import first_design
from tests.starting.grid import named, shapes

MANY = 1_000_000


@pytest.mark.parametrize(
    ("data", "family"),
    [
        (Description("image", (3, 64, 64), MANY, targets=10), "ResNet"),
        (Description("image", (3, 64, 64), MANY, targets=10, device="mobile_cpu"), "MobileNet"),
        (Description("image", (3, 224, 224), 10 * MANY, targets=10), "VisionTransformer"),
        (Description("series", (50, 8), MANY, targets=10), "Lstm"),
        (Description("series", (99, 8), MANY, targets=10), "Lstm"),
        (Description("series", (100, 8), MANY, targets=10), "Transformer"),
        (Description("series", (100, 8), 50_000, targets=10), "TemporalResNet"),
        (Description("series", (4_000, 8), MANY, targets=10), "Transformer"),
        (Description("series", (4_001, 8), MANY, targets=10), "WindowedTransformer"),
        (Description("tokens", (512, 500), MANY, "next_token", 500), "LanguageModel"),
        (Description("table", (20,), 999, targets=3), "Linear"),
        (Description("table", (20,), 50_000, targets=3), "Mlp"),
        (Description("table", (20,), 100_001, targets=3), "ResidualMlp"),
        (Description("graph", (8, 50_000, 90_000), 50_000, targets=3), "Gcn"),
        (Description("graph", (8, MANY, MANY), MANY, targets=3), "GraphSage"),
        (Description("graph", (8, 30, 60), MANY, targets=3, many_graphs=True), "Gin"),
    ],
)
def test_the_tree_chooses_a_family(data: Description, family: str) -> None:
    assert choose(data).trial.family.name == family


def test_the_size_is_the_largest_within_the_budget() -> None:
    family = ResNet(Description("image", (3, 32, 32), 50_000, targets=10))
    budget = Budget(150_000, 0)
    found = largest(family, budget)
    assert isinstance(found, Fit)
    assert found.trial.params <= 150_000
    sizes = list(family.sizes())
    following = attempt(family, sizes[sizes.index(found.trial.size) + 1], budget)
    assert following.params > 150_000
    assert found.beyond is not None
    assert following.over == found.beyond.over


@pytest.mark.parametrize("data", list(shapes(200_000)), ids=named)
def test_every_larger_size_of_a_family_has_more_parameters(data: Description) -> None:
    for family in (*families(data), LinearBaseline(data), MlpBaseline(data)):
        params = [evaluated(family, size, 8).params for size in family.sizes()]
        assert params == sorted(params), family.name


def test_a_limit_makes_a_design_smaller() -> None:
    plain = Description("image", (3, 64, 64), MANY, targets=10, device="laptop_cpu")
    tight = Description("image", (3, 64, 64), MANY, targets=10, device="laptop_cpu", latency=5e-4)
    assert choose(tight).trial.params < choose(plain).trial.params


def test_the_batch_is_halved_before_the_width_when_memory_is_short() -> None:
    data = Description("image", (3, 64, 64), MANY, targets=10, memory=128 * 2**20)
    assert 8 <= choose(data).trial.batch < 128


def test_a_missed_limit_is_named_with_how_far_it_is_missed() -> None:
    data = Description("image", (3, 64, 64), MANY, targets=10, device="t4", latency=1e-6)
    with pytest.raises(NoDesignFits, match=r"latency\(t4, batch=1\) of .* where 1 us are allowed"):
        choose(data)


def test_a_limit_that_nobody_set_gives_way() -> None:
    data = Description("graph", (32, 20 * MANY, 80 * MANY), MANY, targets=7, device="mobile_cpu")
    text = first_design(data)
    assert "require latency" not in text
    assert "require memory(inference) <= 4 GiB" in text


def test_the_least_there_is_says_why_it_is_allowed() -> None:
    text = first_design(Description("table", (100,), 8, "regress"))
    assert (
        'allow overcapacity because "no design of this kind has many fewer parameters than 101, '
        "and weight_decay=0.1 holds them back" in text
    )


def test_pretraining_makes_room_for_ten_times_the_parameters() -> None:
    few = Description("series", (12, 8), 500, targets=2)
    tuned = Description("series", (12, 8), 500, targets=2, pretrained=True)
    assert choose(tuned).trial.params > 2 * choose(few).trial.params


def test_for_imagenet_it_is_resnet_18() -> None:
    data = Description("image", (3, 224, 224), 1_281_167, targets=1000)
    assert choose(data).trial.params == 11_689_512  # torchvision's resnet18


def test_for_cifar_it_is_resnet_20() -> None:
    chosen = choose(Description("image", (3, 32, 32), 50_000, targets=10)).trial
    assert (chosen.family.name, chosen.size[:2]) == ("ResNet", (16, 3))


@pytest.mark.parametrize(
    ("data", "family"),
    [
        (Description("volume", (1, 64, 128, 128), 300, targets=2), "SeparableCnn"),
        (Description("series", (128, 9), 7_352, targets=6), "TemporalResNet"),
        (Description("series", (128, 9), 300, targets=6), "SeparableTemporalCnn"),
        (Description("series", (60, 1), 600, targets=6), "TemporalCnn"),
        (
            Description("series", (1_000, 12), 21_837, targets=5, device="mobile_cpu"),
            "SeparableTemporalCnn",
        ),
        (Description("graph", (1_433, 2_708, 10_556), 140, targets=7), "Gcn"),
        (Description("tokens", (64, 8_000), 5_000, targets=2), "Gru"),
        (Description("tokens", (400, 8_000), 5_000, targets=2), "Gru"),
        (Description("table", (20,), 1_000, "regress"), "Linear"),
    ],
)
def test_little_data_still_gets_a_design_that_sees_its_structure(
    data: Description, family: str
) -> None:
    assert choose(data).trial.family.name == family


def test_the_ladder_of_a_graph_has_both_baselines_however_few_nodes_are_labelled() -> None:
    text = first_design(Description("graph", (1_433, 2_708, 10_556), 140, targets=7))
    assert "arch LinearBaseline {" in text
    assert "arch MlpBaseline {" in text


def test_the_vectors_of_a_large_vocabulary_are_narrower_than_the_blocks() -> None:
    text = first_design(Description("tokens", (256, 20_000), 650_000, targets=5))
    assert "embedding(32) -> linear(128)" in " ".join(text.split())


def test_training_fits_a_usual_card_where_nobody_says_more() -> None:
    long = Description("tokens", (8_192, 8_000), 1_000_000, targets=2)
    assert choose(long).trial.batch < 128


def test_a_comment_breaks_no_line_inside_code() -> None:
    text = first_design(Description("table", (8,), 20_640, "regress"))
    assert all(line.count("`") % 2 == 0 for line in text.splitlines())


def test_pretrained_weights_are_tuned_for_a_few_epochs_at_a_low_rate() -> None:
    text = first_design(Description("series", (200, 8), 25_000, targets=2, pretrained=True))
    assert "lr=0.0001, warmup=0.5, schedule=cosine, weight_decay=0.01, epochs=10)" in text
    assert "attention comes with the pretrained weights" in " ".join(text.replace("#", "").split())


def test_the_embedding_of_a_large_vocabulary_is_graded_apart_from_the_rest() -> None:
    chosen = choose(Description("tokens", (50, 20_000), 5_000, targets=2)).trial
    found = parameters(chosen.evaluation.graph)
    assert found.embedded == 20_000 * chosen.size.width
    assert found.body <= 10 * 5_000 < found.total


def test_a_single_graph_is_fed_by_all_its_nodes() -> None:
    _, most = budgets(Description("graph", (1_433, 2_708, 10_556), 140, targets=7))
    assert most.body == 27_080


def test_what_has_to_be_allowed_is_not_a_smaller_kind_of_much_the_same_size() -> None:
    chosen = choose(Description("series", (336, 7), 800, "regress", 96))
    line = largest(LinearForecast(chosen.trial.family.data), UNBOUNDED)
    assert isinstance(line, Fit)
    assert chosen.trial.family.name == "Forecast"
    assert chosen.trial.params <= 2 * line.trial.params


@pytest.mark.parametrize("data", list(shapes(50)), ids=named)
def test_nothing_is_passed_over_for_its_size_beside_an_allowed_design_as_large(
    data: Description,
) -> None:
    choice = choose(data)
    _, most = budgets(choice.trial.family.data)
    if not list(most.exceeded(choice.trial.evaluation.graph)):
        return
    for family in families(data):
        if f"{family.name}:" in " ".join(choice.passed):
            smallest = attempt(family, family.sizes()[0], UNBOUNDED)
            assert smallest.params > 2 * choice.trial.params or objections(smallest)
