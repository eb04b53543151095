"""What to do with a first design: how to train it, what to weigh it against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting import clauses
from archdsl.starting.families.linear import Linear
from archdsl.starting.families.transformer import Transformer
from archdsl.starting.families.vision_transformer import VisionTransformer
from archdsl.starting.numbers import said
from archdsl.starting.sizing import taken
from archdsl.starting.thresholds import NOTED, SHIFT, USUAL_MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.starting.description import Description
    from archdsl.starting.sizing import SizedDesign

BOOSTING = "gradient boosting (scikit-learn's HistGradientBoosting, XGBoost)"
FEW = 10_000  # samples below which pretrained features are hard to beat
LEAST_VOCABULARY = 500
# What is best known of each kind, and how wide its features are.
PRETRAINED = {"image": ("a ResNet-18 trained on ImageNet", 512), "tokens": ("BERT-base", 768)}


def training(data: Description, trial: SizedDesign) -> Iterator[str]:
    """What the text of a spec does not say of training."""
    if data.is_grid:
        yield (
            "Augment strongly in training (flips, crops, colour, mixup): `augment=strong` says so, "
            f"and carries {SHIFT} times the parameters."
        )
    if data.kind in ("table", "series"):
        also = " and the numbers to predict" if data.task == "regress" else ""
        yield f"Standardise the features{also}: mean 0 and deviation 1 over the training samples."
    if isinstance(trial.family, Transformer | VisionTransformer):
        yield "Warm the learning rate up over the first steps and let it fall along a cosine."
    if trial.batch < clauses.first_batch(data):
        yield _memory(data, trial)


def _memory(data: Description, trial: SizedDesign) -> str:
    """Why the batch is smaller than usual."""
    if clauses.training_memory(data) is not None:
        return f"batch={trial.batch} is what training has the memory for."
    usual = f"{USUAL_MEMORY / 1e9:.0f} GB, a common card"
    gigabytes = f"{said(taken(trial) / 1e9)} GB"
    if taken(trial) <= USUAL_MEMORY:
        return f"batch={trial.batch} trains in {gigabytes}, within {usual}."
    return f"Even batch={trial.batch} takes {gigabytes} to train: more than {usual}."


def instead(data: Description, trial: SizedDesign) -> Iterator[str]:
    """What is worth more than a network trained from scratch, where samples are few."""
    few = data.samples < FEW or isinstance(trial.family, Linear)
    if data.pretrained or not few or data.task == "next_token":
        return
    if data.kind in PRETRAINED and _looks_like_theirs(data):
        network, features = PRETRAINED[data.kind]
        yield (
            "With so few samples the features of a pretrained network are usually worth more than "
            f"anything trained from scratch. Those of {network} are a table: "
            f"`--kind table --size {features}`."
        )
    if data.kind == "tokens":
        yield from _smaller_vocabulary(data)


def _looks_like_theirs(data: Description) -> bool:
    """Whether a published network reads such data: for pictures, classes of colour or grey."""
    return data.kind == "tokens" or (data.channels in (1, 3) and data.task == "classify")


def _smaller_vocabulary(data: Description) -> Iterator[str]:
    """How many tokens leave room for a design that reads their order."""
    enough = int(data.units * NOTED) // 1600 * 100  # eight features each take half the budget
    if LEAST_VOCABULARY <= enough < data["vocab"]:
        yield (
            f"Nearly all parameters are the vocabulary's: its {said(enough)} commonest tokens "
            f"(`--size {data['length']}x{enough}`) leave room to read their order."
        )


def comparison(
    data: Description, trial: SizedDesign, baselines: list[SizedDesign]
) -> Iterator[str]:
    """The ladder, and when the design is worth keeping."""
    names = [baseline.family.name for baseline in baselines]
    if data.kind == "table":
        names.append(BOOSTING)
    own = trial.family.name
    if not names:
        simplest = "the commonest class" if data.task == "classify" else "the mean"
        yield f"The ladder: always answering {simplest}, then {own}, its first rung."
        return
    yield (
        f"The ladder: {', '.join(names)}, then {own}; train all on the same split, and keep "
        f"the last if it saves more than 5 percent of the error of the best of the others."
    )
    if data.kind != "graph" and data.task != "next_token":
        command = f"archdsl baselines FILE --arch {own} --data DATA"
        yield f"`{command}` does so with baselines of its own."
    if data.kind == "table":
        yield "On tables gradient boosting is often the best (Grinsztajn et al. 2022)."
