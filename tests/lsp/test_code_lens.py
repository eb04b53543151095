"""The line above each architecture."""

from __future__ import annotations

from lsprotocol import types

from tests.lsp.client import ROOT
from tests.lsp.specs import GOOD, SPACE, WRONG


def _lenses(page):
    params = types.CodeLensParams(page.identifier)
    found = page.editor.ask(types.TEXT_DOCUMENT_CODE_LENS, params)
    done = [one if one.command else page.editor.ask(types.CODE_LENS_RESOLVE, one) for one in found]
    return {page.at(one.range): one.command.title for one in done}


def test_a_design_tells_its_parameters_its_macs_and_its_memory(editor):
    page = editor.open((ROOT / "specs/zoo/resnet50.arch").read_text())
    assert _lenses(page) == {"ResNet50": "25.6M parameters, 4.1 GMACs, trains in 20.8 GiB"}


def test_each_of_several_has_its_own_and_memory_only_with_training(editor):
    page = editor.open(GOOD + GOOD.replace("Digits", "Other").replace("16, 3", "32, 3"))
    assert _lenses(page) == {
        "Digits": "1.5k parameters, 95.8 kMACs",
        "Other": "2.9k parameters, 152 kMACs",
    }


def test_a_space_tells_its_designs_their_parameters_and_its_dead_options(editor):
    page = editor.open(SPACE)
    assert _lenses(page) == {"Space": "6 designs, 4.9k to 21.8k parameters"}
    page.type(SPACE.replace("\n  model", "  require params <= 9_200\n\n  model"))
    assert _lenses(page) == {"Space": "3 designs, 4.9k to 9k parameters, 1 dead option"}


def test_what_cannot_be_evaluated_has_none(editor):
    assert _lenses(editor.open(WRONG)) == {}
