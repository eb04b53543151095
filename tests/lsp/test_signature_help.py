"""What the call that is being written takes."""

from __future__ import annotations

import pytest
from lsprotocol import types

from archdsl.explain.ops import op_page
from archdsl.lsp.signatures import signature_of
from archdsl.ops import catalog
from tests.lsp.specs import GOOD

BLOCK = "# A cell.\nblock cell(width, act=relu) = conv(width, 3) -> act\n\n"


def _help(editor, text: str):
    """The signature at a mark, and the argument that is being written."""
    page = editor.open(text.replace("¦", ""))
    page.text = text
    place = page.position("¦")
    params = types.SignatureHelpParams(page.identifier, place)
    found = editor.ask(types.TEXT_DOCUMENT_SIGNATURE_HELP, params)
    if found is None:
        return None
    (one,) = found.signatures
    active = found.active_parameter
    label = one.parameters[active].label if active is not None else None
    return one.label, one.label[label[0] : label[1]] if label else None


@pytest.mark.parametrize(
    ("text", "label", "active"),
    [
        ("arch A { model = conv(¦", "conv(channels, kernel, stride=1", "channels"),
        ("arch A { model = conv(8, ¦", "conv(channels, kernel, stride=1", "kernel"),
        ("arch A { model = conv(8, 3, stride=¦", "conv(channels, kernel, stride=1", "stride=1"),
        ("arch A { model = add(x, conv(8, ¦", "conv(channels", "kernel"),
        ("arch A { model = add(x, ¦", "add(…", "…"),
        ("arch A { data image(3, ¦", "image(channels, height, width", "height"),
        ("arch A { train sgd(momentum=¦", "sgd(batch=", "momentum="),
        (BLOCK + "arch A { model = cell(8, ¦", "cell(width, act=relu)", "act=relu"),
        ("arch A { model = bottleneck(¦", "bottleneck(width, stride=1", "width"),
        ("arch A { model = when(x.channels == 3, ¦", "when(condition, a, else=b)", "a"),
        ("arch A { require memory(¦", "memory(training|inference", "training|inference"),
    ],
)
def test_the_call_around_a_place_is_told(editor, text, label, active):
    told, part = _help(editor, text)
    assert told.startswith(label)
    assert part == active


def test_outside_of_calls_there_is_none(editor):
    assert _help(editor, GOOD.replace("let body", "¦let body")) is None
    assert _help(editor, "block cell(w¦") is None


def test_the_signatures_of_ops_are_those_of_their_pages():
    for word in catalog.words():
        found = signature_of(word, "let", None)
        assert found is not None
        assert found.label == op_page(word).signature
