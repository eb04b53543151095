"""What to do with a first design: how to train it, what to weigh it against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting import clauses
from archdsl.starting.description import COLOUR
from archdsl.starting.families.linear import Linear
from archdsl.starting.families.published import BertBase
from archdsl.starting.numbers import said
from archdsl.starting.sizing import taken
from archdsl.starting.thresholds import USUAL_MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.starting.description import Description
    from archdsl.starting.families import Family
    from archdsl.starting.sizing import SizedDesign

BOOSTING = "gradient boosting (scikit-learn's HistGradientBoosting, XGBoost)"
FEW = 10_000  # samples below which pretrained features are hard to beat
LEAST_VOCABULARY = 500  # of texts that are made of words
HEAD_FIRST = 1_000  # samples below which a new head is trained before the rest
PRETRAINED = {"image": "a ResNet trained on ImageNet", "tokens": "BERT"}
AUGMENTED = {
    "strong": "`augment=strong`: mirrored, shifted, turned and recoloured.",
    "photograph": (
        "`augment=basic`: mirrored and shifted. More (`augment=strong`) asks for a larger network, "
        "and that for more samples."
    ),
    "image": (
        "`augment=basic`: shifted only. Mirrored or turned, digits, characters and scans are "
        "others; where yours are not, say `augment=strong`."
    ),
    "volume": (
        "`augment=basic`: shifted only, as mirrored scans are others; where yours may be turned "
        "and scaled, say `augment=strong`."
    ),
}


def training(data: Description, trial: SizedDesign) -> Iterator[str]:
    """What the text of a spec does not say of training."""
    for name, part in (data.parts or {"": data}).items():
        if part.augment != "none":
            of = f"Of {name}: " if name else ""
            yield f"{of}{_augmented(part)}"
    yield from _normalised(data, trial.family)
    if trial.family.is_published:
        yield _tuned(data)
    if trial.batch < clauses.first_batch(data):
        yield _memory(data, trial)


def _augmented(data: Description) -> str:
    """How samples are varied, and why no more."""
    coloured = data.kind == "image" and data.channels == COLOUR
    basic = "photograph" if coloured else data.kind
    return AUGMENTED[basic if data.augment == "basic" else "strong"]


def _normalised(data: Description, family: Family) -> Iterator[str]:
    """What inputs and targets are brought to; `archdsl train` does so by itself."""
    also = " and the numbers to predict" if data.predicts_numbers else ""
    done = "over the training samples; `archdsl train` does so"
    if any(part.kind not in ("tokens", "category") for part in data.parts.values()):
        yield f"Standardise each input by itself{also}: mean 0 and deviation 1 {done}."
    elif data.is_grid and family.is_published:
        yield (
            "Normalise the channels as its authors did: means 0.485, 0.456, 0.406, deviations "
            f"0.229, 0.224, 0.225{', and standardise' + also[4:] if also else ''}."
        )
    elif data.is_grid:
        yield f"Standardise each channel{also}: mean 0 and deviation 1 {done}."
    elif data.kind in ("table", "series"):
        yield f"Standardise the features{also}: mean 0 and deviation 1 {done}."
    elif data.kind == "graph":
        yield f"Standardise the features of the nodes{also}, unless they are 0 or 1, {done}."
    elif also:
        yield f"Standardise{also[4:]}: mean 0 and deviation 1 {done}."


def _tuned(data: Description) -> str:
    """How published weights are fitted to a task."""
    rate = "Load its published weights and tune all layers at this low rate, for few epochs"
    if data.samples >= HEAD_FIRST:
        return f"{rate}."
    return (
        f"{rate}, after the new head alone has been trained with the rest frozen: "
        f"{data.samples:,} samples would pull at all weights at random (Kumar et al. 2022, "
        "arXiv:2202.10054)."
    )


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
    if data.pretrained or not few or data.predicts_tokens:
        return
    if data.kind in PRETRAINED and _looks_like_theirs(data):
        yield (
            "With so few samples a pretrained network is usually worth more than anything trained "
            f"from scratch: `--pretrained` writes a spec for {PRETRAINED[data.kind]}."
        )


def _looks_like_theirs(data: Description) -> bool:
    """Whether a published network reads such data: photographs, and texts of words."""
    if data.kind == "tokens":
        return data["vocab"] >= LEAST_VOCABULARY and data["length"] <= BertBase.longest
    return data.channels == COLOUR


def comparison(
    data: Description, trial: SizedDesign, baselines: list[SizedDesign]
) -> Iterator[str]:
    """The ladder, and when the design is worth keeping."""
    names = [baseline.family.name for baseline in baselines]
    if data.is_forecast:
        names = ["the last value of the window", "the value a season before", *names]
    if data.are_columns:
        names.append(BOOSTING)
    own = trial.family.name
    if not names:
        simplest = "the mean" if data.predicts_numbers else "the commonest class"
        simplest = "any partner at all" if data.is_pair else simplest
        yield f"The ladder: always answering {simplest}, then {own}, its first rung."
        return
    yield (
        f"The ladder: {', '.join(names)}, then {own}; train all on the same split, and keep "
        f"the last if it saves more than 5 percent of the error of the best of the others."
    )
    if not data.has_graph and not data.predicts_tokens:
        command = f"archdsl baselines FILE --arch {own} --data DATA"
        yield f"`{command}` does so with baselines of its own."
    if data.are_columns:
        yield from _boosting(data, trial)
    elif data.inputs and not data.is_pair:
        yield (
            "Train a spec of each input alone, too: what the design gains over the best of these "
            "is what the others add."
        )


def _boosting(data: Description, trial: SizedDesign) -> Iterator[str]:
    """Where trees are ahead of networks, and where they are not."""
    if isinstance(trial.family, Linear):
        yield (
            "Gradient boosting needs more rows than a linear model; from some thousand on it is "
            "often the best there is for tables (Grinsztajn et al. 2022, arXiv:2207.08815)."
        )
        return
    yield (
        "Expect gradient boosting to win where features are skewed, idle or act in steps, as in "
        "most tables (Grinsztajn et al. 2022, arXiv:2207.08815): start with it, and keep the "
        "network where the answer is smooth in its features, or is trained with other networks."
    )
