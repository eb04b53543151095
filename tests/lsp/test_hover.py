"""What is told under the pointer."""

from __future__ import annotations

import pytest
from lsprotocol import types

from archdsl.explain.ops import op_page
from tests.lsp.client import ROOT
from tests.lsp.specs import GOOD, SPACE

BLOCKS = """# A convolution and what follows it.
block cell(width, act=relu) = conv(width, 3) -> act

function double(v) = 2 * v

"""


def _hover(page, text: str, behind: int = 0):
    params = types.HoverParams(page.identifier, page.position(text, behind=behind))
    found = page.editor.ask(types.TEXT_DOCUMENT_HOVER, params)
    return found.contents.value if found else ""


@pytest.fixture(scope="module")
def resnet(editor):
    return editor.open((ROOT / "specs/zoo/resnet50.arch").read_text())


@pytest.fixture(scope="module")
def own(editor):
    return editor.open(
        BLOCKS
        + GOOD.replace("conv(16, 3)", "cell(double(8)) -> cell(32)").replace(
            "\n  model",
            '  allow overcapacity because "few"\n  require latency(t4) <= 1 s\n\n  model',
        )
    )


def test_an_op_tells_its_page_its_shapes_and_its_costs(resnet):
    told = _hover(resnet, "conv(64")
    assert op_page("conv").signature in told
    assert "3×224×224 image → 64×112×112 image: 9,408 parameters, 118 MMACs" in told

    told = _hover(resnet, "bottleneck(64)")
    assert "block bottleneck(width, stride=1" in told
    assert "the block of ResNet-50 and deeper" in told
    assert "64×56×56 image → 256×56×56 image: 75,008 parameters" in told


def test_a_let_tells_its_share_of_the_whole(resnet):
    told = _hover(resnet, "layer3 =")
    assert "1024×14×14 image: 7,098,368 parameters, 1.5 GMACs" in told
    assert "27.8 % of its 25.6M parameters, 35.8 % of its 4.1 GMACs" in told


def test_a_step_in_a_block_counts_wherever_it_is_called(own):
    told = _hover(own, "conv(width, 3)")
    assert told.count("→") >= 2
    assert "2 times, " in told


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("sgd(", "Stochastic gradient descent"),
        ("momentum", "a number from 0 to below 1"),
        ("image(", "image(channels, height, width"),
        ("classify(", "one score for each class"),
        ("stride=2, b", "a whole number of at least 1"),
        ("ResNet50 {", "25.6M parameters, 4.1 GMACs"),
    ],
)
def test_words_of_clauses_arguments_and_architectures_are_told(resnet, text, word):
    assert word in _hover(resnet, text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("cell(double", "block cell(width, act=relu)"),
        ("cell(double", "A convolution and what follows it."),
        ("double(8)", "function double(v)"),
        ("width, act", "in this file: 16, 32"),
        ("overcapacity", "P501"),
        ("latency", "seconds"),
        ("t4)", "device t4("),
        ("stem -> max", "let stem = conv(8, 5, stride=2) -> relu"),
    ],
)
def test_names_of_ones_own_are_told(own, text, word):
    assert word in _hover(own, text)


def test_a_choice_tells_its_paths_options_and_shares(editor):
    page = editor.open(SPACE)
    told = _hover(page, "| 5")
    assert told.startswith("choice `body.mixed.conv.kernel`: one of 3, 5")
    (lens,) = editor.ask(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensParams(page.identifier))
    editor.ask(types.CODE_LENS_RESOLVE, lens)
    assert "of the designs of `Space`: 3: 50.0 %, 5: 50.0 %" in _hover(page, "| 5")
    assert "`depth`: one of 1, 2, 3" in _hover(page, "1 to 3", behind=2)


def test_numbers_and_blanks_tell_nothing(resnet):
    assert _hover(resnet, "# torchvision") == ""
