"""The decision tree: which families of designs suit a description, the first choice first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.profiles import find
from archdsl.starting import thresholds as at
from archdsl.starting.families.causal import CausalConvNet, WindowedLanguageModel
from archdsl.starting.families.graph import Gcn, Gin, GraphSage, LinearGcn
from archdsl.starting.families.linear import Linear
from archdsl.starting.families.mlp import Mlp, ResidualMlp
from archdsl.starting.families.mobilenet import (
    MobileNet,
    SeparableCnn,
    SeparableTemporalCnn,
    TemporalCnn,
)
from archdsl.starting.families.recurrent import Gru, Lstm
from archdsl.starting.families.resnet import ResNet, TemporalResNet
from archdsl.starting.families.transformer import LanguageModel, Transformer, WindowedTransformer
from archdsl.starting.families.vision_transformer import VisionTransformer, patch_of

if TYPE_CHECKING:
    from archdsl.starting.description import Description
    from archdsl.starting.families import Family

Families = tuple["type[Family]", ...]


def families(data: Description) -> Families:
    """What to try in order: each next family is smaller, for less data or tighter limits."""
    if data.kind == "table":
        return _for_table(data)
    if data.kind == "graph":
        return _for_graph(data)
    return _for_grid(data) if data.is_grid else _for_sequence(data)


def _for_grid(data: Description) -> Families:
    device = find(data.device, {}) if data.device else None
    if device is not None and device.edge:
        return (MobileNet, SeparableCnn)
    many = data.kind == "image" and data.samples >= at.TRANSFORMER_PICTURES
    if many and patch_of(data) is not None:
        return (VisionTransformer, ResNet, SeparableCnn)
    return (ResNet, SeparableCnn)


def _for_sequence(data: Description) -> Families:
    if data["length"] < at.FEW_STEPS:
        return (Lstm, Gru)
    enough = data.units >= at.ATTENTION_SAMPLES or data.pretrained
    windowed = data["length"] > at.MANY_TOKENS
    if data.task == "next_token":
        attention = WindowedLanguageModel if windowed else LanguageModel
        return (attention, CausalConvNet) if enough else (CausalConvNet,)
    along = (TemporalResNet, TemporalCnn, SeparableTemporalCnn)
    return (WindowedTransformer if windowed else Transformer, *along) if enough else along


def _for_table(data: Description) -> Families:
    if data.samples < at.LINEAR_ROWS:
        return (Linear,)
    if data.samples <= at.SMALL_ROWS:
        return (Mlp, Linear)
    return (ResidualMlp, Mlp, Linear)


def _for_graph(data: Description) -> Families:
    if data.many_graphs:
        return (Gin, LinearGcn)
    larger = data["nodes"] > at.LARGE_GRAPH
    return (GraphSage if larger else Gcn, LinearGcn)
