"""The decision tree: which families of designs suit a description, the first choice first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archdsl.cost.profiles import find
from archdsl.starting import thresholds as at
from archdsl.starting.description import COLOUR
from archdsl.starting.families.causal import CausalConvNet, WindowedLanguageModel
from archdsl.starting.families.forecast import Forecast, LinearForecast
from archdsl.starting.families.graph import Gcn, Gin, GraphSage, LinearGcn
from archdsl.starting.families.linear import Linear
from archdsl.starting.families.mlp import Mlp, ResidualMlp
from archdsl.starting.families.mobilenet import (
    Cnn,
    MobileNet,
    SeparableCnn,
    SeparableTemporalCnn,
    TemporalCnn,
)
from archdsl.starting.families.published import (
    BertBase,
    Gpt2,
    MobileNetV2,
    ResNet18,
    ResNet50,
)
from archdsl.starting.families.recurrent import Gru, Lstm
from archdsl.starting.families.resnet import ResNet, TemporalResNet
from archdsl.starting.families.text import TextGru, TextLstm
from archdsl.starting.families.transformer import LanguageModel, Transformer, WindowedTransformer
from archdsl.starting.families.vision_transformer import VisionTransformer, patch_of

if TYPE_CHECKING:
    from archdsl.starting.description import Description
    from archdsl.starting.families import Family
    from archdsl.starting.families.published import OfText, Published

Families = tuple["type[Family]", ...]
SHORT = 16  # steps below which convolutions have nothing to shorten
MANY_PICTURES = 5_000  # from which a ResNet-50 is tuned instead of a ResNet-18


def families(data: Description) -> tuple[Family, ...]:
    """What to try in order: each next family is smaller, for less data or tighter limits. The
    networks with published weights, where they read such data, come first; what stands behind them
    learns from nothing else."""
    published = _published(data) if data.pretrained else ()
    own = replace(data, pretrained=False) if published else data
    return (*(kind(data) for kind in published), *(kind(own) for kind in _families(own)))


def _published(data: Description) -> tuple[type[Published], ...]:
    if data.kind == "image" and data.channels in (1, COLOUR):
        if _is_edge(data):
            return (MobileNetV2,)
        many = data.samples >= MANY_PICTURES
        return (ResNet50, ResNet18, MobileNetV2) if many else (ResNet18, MobileNetV2)
    if data.kind != "tokens":
        return ()
    kind: type[OfText] = Gpt2 if data.predicts_tokens else BertBase
    return (kind,) if data["length"] <= kind.longest else ()


def _families(data: Description) -> Families:
    if data.kind == "table":
        return _for_table(data)
    if data.kind == "graph":
        return _for_graph(data)
    if data.is_grid:
        return _for_grid(data)
    if data.is_forecast and data["length"] * data["features"] * data.targets <= at.LARGEST_LINE:
        return (Forecast, LinearForecast)
    return _for_tokens(data) if data.kind == "tokens" else _for_series(data)


def _is_edge(data: Description) -> bool:
    device = find(data.device, {}) if data.device else None
    return device is not None and device.edge


def _for_grid(data: Description) -> Families:
    if _is_edge(data):
        return (MobileNet, SeparableCnn)
    many = data.kind == "image" and data.samples >= at.TRANSFORMER_PICTURES
    if many and patch_of(data) is not None:
        return (VisionTransformer, ResNet, Cnn, SeparableCnn)
    return (ResNet, Cnn, SeparableCnn)


def _for_tokens(data: Description) -> Families:
    enough = data.units >= at.ATTENTION_SAMPLES or data.pretrained
    short, windowed = data["length"] < at.FEW_STEPS, data["length"] > at.MANY_TOKENS
    if data.predicts_tokens:
        if short:
            return (Lstm, Gru)
        attention = WindowedLanguageModel if windowed else LanguageModel
        return (attention, CausalConvNet) if enough else (CausalConvNet,)
    if short:
        return (TextLstm, TextGru) if enough else (TextGru,)
    along = (TemporalResNet, TemporalCnn, SeparableTemporalCnn)
    if enough:
        return (WindowedTransformer if windowed else Transformer, *along)
    return along if windowed else (TextGru, *along)


def _for_series(data: Description) -> Families:
    if data["length"] < at.FEW_STEPS:
        few = data.samples < at.FEW_SERIES and data["length"] >= SHORT
        return (TemporalCnn, Lstm, Gru) if few else (Lstm, Gru)
    enough = data.units >= at.ATTENTION_SAMPLES or data.pretrained
    windowed = data["length"] > at.MANY_TOKENS
    along = (TemporalResNet, TemporalCnn, SeparableTemporalCnn)
    return (WindowedTransformer if windowed else Transformer, *along) if enough else along


def _for_table(data: Description) -> Families:
    if data.samples <= at.LINEAR_ROWS:
        return (Linear,)
    if data.samples <= at.SMALL_ROWS:
        return (Mlp, Linear)
    return (ResidualMlp, Mlp, Linear)


def _for_graph(data: Description) -> Families:
    if data.many_graphs:
        return (Gin, LinearGcn)
    larger = data["nodes"] > at.LARGE_GRAPH
    return (GraphSage if larger else Gcn, LinearGcn)
