"""Beside the text: shapes and parameters, those of the compiled model."""

from __future__ import annotations

import pytest
from lsprotocol import types

import archdsl
from archdsl.lsp.telling import amount, designs, span
from tests.lsp.client import ROOT
from tests.lsp.specs import GOOD, SPACE

EVERYTHING = types.Range(types.Position(0, 0), types.Position(10_000, 0))


def _shown(page, range_=EVERYTHING) -> str:
    """The text with its hints."""
    params = types.InlayHintParams(page.identifier, range_)
    hints = page.editor.ask(types.TEXT_DOCUMENT_INLAY_HINT, params)
    edits = [types.TextEdit(types.Range(h.position, h.position), f" ⟨{h.label}⟩") for h in hints]
    return page.edited(edits)


def test_each_step_tells_what_it_changes_and_each_let_all_of_it(editor):
    shown = _shown(editor.open(GOOD))
    assert "let stem = conv(8, 5, stride=2) ⟨8×14×14 · 208⟩ -> relu ⟨8×14×14 · 208⟩\n" in shown
    assert "-> max_pool(2) ⟨8×7×7⟩ -> conv(16, 3) ⟨16×7×7 · 1.2k⟩ -> relu ⟨16×7×7" in shown
    assert "return body -> global_avg_pool ⟨16⟩ -> linear(classes) ⟨10 · 170⟩\n" in shown


@pytest.mark.parametrize("name", ["resnet50", "unet"])
def test_the_shapes_of_lets_are_those_of_the_compiled_model(editor, name):
    path = ROOT / f"specs/zoo/{name}.arch"
    page = editor.open(path.read_text())
    lines = _shown(page).splitlines()
    for let, shape in archdsl.compile(path).shapes.items():
        told = "×".join(map(str, shape))
        mine = [number for number, line in enumerate(lines) if f"let {let} =" in line]
        for start in mine:
            ends = next(line for line in lines[start:] if line.endswith("⟩"))
            assert ends.rpartition("⟨")[2].partition(" ")[0].rstrip("⟩") == told


def test_a_block_tells_what_all_its_calls_came_to(editor):
    text = "block cell(width) = conv(width, 3) -> relu\n\n"
    page = editor.open(text + GOOD.replace("conv(16, 3)", "cell(16) -> cell(32)"))
    assert _shown(page).startswith(
        "block cell(width) = conv(width, 3) ⟨16–32×7×7 · 1.2k–4.6k⟩ -> relu"
    )


def test_a_space_tells_what_its_designs_share(editor):
    shown = _shown(editor.open(SPACE))
    assert "let stem = conv(16, 7, stride=2) ⟨16×16×16 · 2.4k⟩" in shown
    assert "let body = stem -> depth * mixed(16) ⟨16×8×8 · 2.3k–19.2k⟩" in shown
    assert "let depth = 1 to 3\n" in shown


def test_rows_of_layers_are_told_where_they_end(editor):
    body = "stem -> each(w = [16, 32], conv(w, 3) -> relu) -> max_pool(2)"
    page = editor.open(GOOD.replace("stem -> max_pool(2) -> conv(16, 3) -> relu", body))
    assert "conv(w, 3) ⟨16–32×14×14 · 1.2k–4.6k⟩ -> relu) ⟨32×14×14 · 5.8k⟩ -> max_pool" in (
        _shown(page)
    )


def test_values_beside_the_model_are_worked_out(editor):
    text = GOOD.replace("\n  model", "  let wide = round(0.7 * 23)\n  let plain = 16\n\n  model")
    page = editor.open(text.replace("conv(16, 3)", "conv(wide, 3)"))
    assert "let wide = round(0.7 * 23) ⟨= 16⟩\n  let plain = 16\n" in _shown(page)


def test_while_a_text_is_wrong_what_was_known_stays_beside_it(editor):
    page = editor.open(GOOD)
    before = _shown(page)
    page.type(GOOD.replace("arch Digits {", "arch Digits {\n  train"))
    assert _shown(page) == before.replace("arch Digits {", "arch Digits {\n  train")


def test_only_what_is_seen_is_told(editor):
    line = types.Range(types.Position(7, 0), types.Position(8, 0))
    assert _shown(editor.open(GOOD), line).count("⟨") == 2


def test_numbers_take_few_signs():
    assert [amount(n) for n in (0, 999, 1_234, 25_557_032, 4_089_184_256, 15_000_000)] == [
        "0", "999", "1.2k", "25.6M", "4.1G", "15M",
    ]  # fmt: skip
    assert span(760_000, 2_480_000) == "0.76M–2.5M"
    assert (span(0, 5_000), span(7_000, 2_900_000)) == ("0–5k", "7k–2.9M")
    assert [designs(n) for n in (1, 1_234, 21_758_655_492_572_485_851)] == [
        "1", "1,234", "2.2·10¹⁹",
    ]  # fmt: skip
