"""Ways out where sizes do not fit: each has been tried."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

import archdsl
from archdsl.cli.group import archdsl as cli
from archdsl.fixing import Fixing
from archdsl.rendering.fixed import applied
from tests.unjudged import UNJUDGED

PYRAMID = """arch Fpn {
  data image(3, 170, 340)
  task classify(5, per=pixel)
  model {
    let c1 = conv(16, 3) -> relu
    let c2 = c1 -> conv(16, 3, stride=2) -> relu
    let c3 = c2 -> conv(16, 3, stride=2) -> relu
    let p2 = add(c2, c3 -> upsample(2))
    return add(c1, p2 -> upsample(2)) -> conv(classes, 1)
  }
}
"""
CODEC = """arch Codec {
  data series(3200, 1)
  task regress(1, per=token)
  model {
    let enc = conv(16, 7) -> relu -> conv(32, 4, stride=2) -> relu -> conv(64, 10, stride=5)
    return enc -> conv_transpose(32, 10, stride=5) -> relu -> conv_transpose(16, 4, stride=2)
           -> conv(1, 7)
  }
}
"""
UNET = """arch Unet {
  data image(3, 100, 100)
  task classify(2, per=pixel)
  model {
    let a = conv(8, 3)
    let b = a -> unet_down(16)
    let c = b -> unet_down(32)
    let d = c -> unet_down(64)
    return d -> unet_up(c, 32) -> unet_up(b, 16) -> unet_up(a, 8) -> conv(classes, 1)
  }
}
"""


def only(text: str) -> archdsl.Report:
    (found,) = archdsl.check(text, terms=UNJUDGED).diagnostics
    return found


def test_a_merge_tells_the_size_of_each_input_and_the_way_it_came():
    found = only(PYRAMID)
    assert (found.code, found.span.text) == ("E301", "add(c2, c3 -> upsample(2))")
    assert [(label.span.text, label.text) for label in found.trail] == [
        ("c2", "gives a 16×85×170 image"),
        (
            "c3 -> upsample(2)",
            "gives a 16×86×170 image: `c3` 16×43×85, `upsample(2)` 16×86×170",
        ),
    ]


def test_what_is_offered_for_a_merge_crops_resizes_or_changes_the_data_and_all_of_it_works():
    found = only(PYRAMID)
    said = found.help + found.notes[0]
    layers = re.findall(r"`(c3 -> upsample\(2\) -> [^`]*)`", said)
    assert [layer.rpartition("-> ")[2] for layer in layers] == [
        "slice(0, 85, axis=height)",
        "adaptive_avg_pool(size(85, 170))",
    ]
    for layer in layers:
        assert archdsl.check(PYRAMID.replace("c3 -> upsample(2)", layer), terms=UNJUDGED).ok
    sizes = re.findall(r"data of (\d+)×(\d+)", said)
    assert sizes == [("168", "340"), ("172", "340")]
    for height, width in sizes:
        text = PYRAMID.replace("170, 340", f"{height}, {width}")
        assert archdsl.check(text, terms=UNJUDGED).ok
    assert archdsl.check(applied(PYRAMID, found.fix.edits), terms=UNJUDGED).ok


def test_what_does_not_work_is_not_offered():
    assert "pad(" not in only(PYRAMID).help + only(PYRAMID).notes[0]  # the next merge fails then


def test_a_decoder_of_odd_strides_is_told_where_its_output_padding_is_missing():
    found = only(CODEC)
    assert found.code == "E442"
    assert "`conv_transpose(32, 10, stride=5, output_padding=1)`" in found.help
    mended = Fixing(unsafe=True, principles=False).run(CODEC)
    assert mended.report.ok
    assert "conv_transpose(32, 10, stride=5, output_padding=1)" in mended.text


def test_a_merge_in_a_block_of_the_library_is_told_at_the_line_of_the_user():
    found = only(UNET)
    assert found.code == "E301"
    assert found.span.text.startswith("unet_up(c, 32)")
    assert found.trail[0].span.source.name.startswith("archdsl/library/")
    sizes = re.findall(r"data of (\d+)×(\d+)", found.help + "".join(found.notes))
    assert sizes == [("96", "96"), ("104", "104")]


@pytest.mark.parametrize("text", [PYRAMID, CODEC, UNET])
def test_compiling_offers_what_checking_offers(text):
    with pytest.raises(archdsl.SpecError) as error:
        archdsl.compile(text, terms=UNJUDGED)
    (compiled,), checked = error.value.diagnostics, only(text)
    assert "(tried: this fits)" in compiled.help
    assert (compiled.help, compiled.notes) == (checked.help, checked.notes)
    assert compiled.fix is not None
    assert compiled.fix.title == checked.fix.title


@pytest.mark.parametrize("command", ["compile", "show", "check"])
def test_each_command_offers_what_checking_offers(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "codec.arch").write_text(CODEC)
    told = CliRunner().invoke(cli, [command, "codec.arch"])
    assert told.exit_code == 1
    assert "output_padding=1)` (tried: this fits)" in told.stderr
    assert "also tried, and fits: " in told.stderr


def test_of_one_design_among_others_nothing_is_offered():
    text = PYRAMID.replace("-> conv(classes, 1)", "-> (relu | tanh) -> conv(classes, 1)")
    with pytest.raises(archdsl.SpecError) as error:
        archdsl.compile(text, design={"choice": "relu"}, terms=UNJUDGED)
    assert error.value.diagnostics[0].code == "E301"
    assert [(f.help, f.fix) for f in error.value.diagnostics] == [("", None)]


def test_where_a_layer_is_known_that_fits_nothing_else_is_said():
    text = "arch A { data image(3, 8, 8) model = conv(8, 3) -> residual(conv(8, 3, stride=2)) }"
    assert only(text).help == "conv(8, 1, stride=2) brings an 8×8×8 image to an 8×4×4 image"


def test_a_concat_of_other_channels_is_brought_to_one_size():
    body = "{ let a = conv(4, 3) return concat(a, max_pool(2) -> upsample(2)) }"
    found = only(f"arch A {{ data image(3, 31, 31) model {body} }}")
    assert "`a -> slice(0, 30, axis=height)" in found.help + found.notes[0]
