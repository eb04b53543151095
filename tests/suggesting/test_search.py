"""The nearest designs that pass: each is checked, the nearest comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

import archdsl
from archdsl.source import Source
from archdsl.suggesting import search
from archdsl.suggesting.search import Searching, _is_enclosed

ANTIPATTERNS = Path(__file__).parents[2] / "specs" / "antipatterns"
SPEC = """\
arch Net {{
  data  image(3, 32, 32, samples=50_000)
  task  classify(10)
  train adamw(batch=256)
{clauses}
  model = {model} -> global_avg_pool -> linear(classes)
}}
"""


def spec(model: str, clauses: str = "") -> str:
    return archdsl.format(SPEC.format(model=model, clauses=clauses))


def searched(text: str):
    found = Searching(Source(text, "net.arch"), "Net").suggestions()
    for one in found:
        assert archdsl.check(one.text).ok, one.title
        assert one.text == archdsl.format(one.text)
    return found


def test_the_skips_that_are_missing_come_first_those_with_only_sums_on_their_path_before_others():
    text = spec("conv(16, 3) -> 24 * (conv(16, 3, bias=false) -> batch_norm -> relu)")
    first, second, *_ = searched(text)
    flat = " ".join(first.text.split())
    assert "12 * residual(2 * (batch_norm -> relu -> conv(16, 3, bias=false)))" in flat
    assert first.params - second.params == 32  # of the norm behind the last
    assert "12 * residual(2 * (conv(16, 3, bias=false) -> batch_norm -> relu))" in second.text
    assert second.distance == 0


def test_the_norm_and_the_activation_come_behind_the_last_sum_too():
    text = spec("24 * conv_bn_act(64)")
    flat = " ".join(searched(text)[0].text.split())
    inner = "residual(batch_norm -> relu -> conv(64, 3, bias=false))"
    assert f"conv_bn_act(64) -> 23 * {inner} -> batch_norm -> relu" in flat


def test_the_first_copy_may_change_the_shape():
    text = spec("24 * conv_bn_act(64)")
    texts = [one.text for one in searched(text)]
    assert any("conv_bn_act(64) -> 23 * residual(conv_bn_act(64))" in one for one in texts)


def test_skips_are_put_everywhere_where_one_alone_does_not_help():
    stages = "conv_bn_act(32, stride=2) -> 24 * conv_bn_act(32) -> "
    stages += "conv_bn_act(64, stride=2) -> 24 * conv_bn_act(64)"
    best, other, *_ = searched(spec(stages))
    assert best.title == "`residual(…)` around what is repeated, with norm and activation first"
    assert other.title == "put `residual(…)` around what is repeated"


def test_the_largest_repeat_that_passes_is_found():
    found = searched(spec("40 * (conv(16, 3, bias=false) -> batch_norm -> relu)"))
    (shorter,) = [one for one in found if one.title.startswith("19 instead of 40")]
    more = shorter.text.replace("19 *", "20 *")
    assert not archdsl.check(more).ok


def test_the_largest_width_that_passes_is_found():
    limit = "  require params <= 100k"
    found = searched(spec("conv(512, 3, bias=false) -> batch_norm -> relu -> conv(512, 3)", limit))
    assert found
    for one in found:
        assert archdsl.compile(one.text).params <= 100_000
    assert any(one.title.startswith("all widths at ") for one in found)


def test_the_largest_batch_that_fits_is_found():
    limit = "  require memory(training) <= 64 MiB"
    first = searched(spec("conv(64, 3, bias=false) -> batch_norm -> relu", limit))[0]
    assert first.distance == 0
    value = int(first.text.split("batch=")[1].split(")")[0])
    assert value < 256
    more = first.text.replace(f"batch={value}", f"batch={value + 1}")
    assert not archdsl.check(more).ok


ADAPTED = """\
arch Net {{
  data  table(12, samples=5_000, pretrained=true)
  task  classify(3)
  train adam(freeze=body, adapter_rank={rank})
  require params(trainable) <= {most}
  model {{
    let body = linear(32) -> relu -> linear(64) -> relu
    return body -> linear(classes)
  }}
}}
"""


def test_the_largest_rank_of_adapters_that_fits_is_nearer_than_other_layers():
    first, *others = searched(ADAPTED.format(rank=8, most=700))
    assert "adapter_rank=3" in first.text
    assert first.distance == 0
    assert all(other.distance for other in others)


def test_no_rank_is_lower_than_none():
    assert all(one.distance for one in searched(ADAPTED.format(rank=0, most=150)))


def test_fixes_are_suggested():
    text = spec("conv(64, 3, bias=false) -> batch_norm -> relu").replace("classes)", "3)")
    (first, *_) = searched(text.replace("classify(3)", "classify(10)").replace("classes", "3"))
    assert "linear(10)" in first.text


def test_a_skip_is_found_besides_a_fix():
    text = spec("conv(16, 3) -> 24 * (conv(16, 3) -> relu)").replace("linear(classes)", "linear(3)")
    found = {one.title: one.text for one in searched(text)}
    title = "write `linear(10)`; `residual(…)` around what line 6 repeats"
    assert "24 * residual(conv(16, 3) -> relu)" in found[title]


def test_numbers_that_the_task_and_the_data_set_are_left_alone():
    text = spec("conv(512, 3)", "  require params <= 1k").replace("linear(classes)", "linear(10)")
    assert all("linear(10)" in one.text for one in searched(text))


def test_only_the_architecture_asked_for_has_to_pass():
    bad = spec("24 * (conv(16, 3, bias=false) -> batch_norm -> relu)")
    text = bad + bad.replace("arch Net", "arch Other")
    found = Searching(Source(text, "two.arch"), "Net").suggestions()
    assert found
    assert all("arch Other" in one.text for one in found)


def test_what_comes_once_is_not_counted():
    found = searched(spec("24 * (conv(16, 3) -> relu)", "  require params <= 4k"))
    assert found
    assert all("1 *" not in one.text for one in found)


def test_a_number_with_a_name_is_what_a_skip_is_repeated_by():
    text = spec("conv(16, 3) -> depth * (conv(16, 3) -> relu)", "  let depth = 24")
    assert "depth * residual(conv(16, 3) -> relu)" in searched(text)[0].text


def test_a_width_is_found_although_the_smallest_does_not_pass():
    clauses = "  require params <= 100k\n  require params >= 20k"
    found = searched(spec("conv(512, 3, bias=false) -> batch_norm -> relu -> conv(16, 3)", clauses))
    assert found
    assert all(20_000 <= one.params <= 100_000 for one in found)


@pytest.mark.slow
def test_smaller_widths_and_repeats_together_are_told_when_neither_does_better_alone():
    text = (ANTIPATTERNS / "2_plain_100_layers.arch").read_text()
    found = Searching(Source(text, "net.arch"), "Plain100").suggestions()
    assert not any("widths and repeats" in one.title for one in found)


def test_a_search_ends_in_time_and_says_so(monkeypatch):
    monkeypatch.setattr(search, "SECONDS", 0)
    text = spec("24 * (conv(16, 3) -> relu)")
    searching = Searching(Source(text, "net.arch"), "Net")
    assert searching.suggestions() == []
    assert searching.stopped


@pytest.mark.parametrize("text", ["arch Net {", "arch Net { data table(3) }", ""])
def test_what_cannot_be_read_has_no_suggestions_but_fixes(text):
    assert Searching(Source(text, "net.arch"), "Net").suggestions() == []


def test_parentheses_enclose_a_layer_when_they_are_one_pair():
    assert _is_enclosed("(a -> b)")
    assert not _is_enclosed("(a) -> (b)")
    assert not _is_enclosed("conv(3, 3)")


def test_what_is_too_narrow_is_widened_to_the_least_that_passes():
    found = searched(spec("conv_bn_act(8) -> 30 * resnet_basic(8)"))
    titles = {one.title: one.text for one in found}
    wider = titles["all widths times 2"]
    assert "conv_bn_act(16) -> 30 * resnet_basic(16)" in wider
    narrower = wider.replace("(16)", "(12)")
    assert not archdsl.check(narrower).ok


def test_what_has_to_be_larger_grows():
    found = searched(
        spec("conv(32, 3, stride=2) -> relu -> conv(32, 3)", "  require params >= 40k")
    )
    assert found
    assert all(one.params >= 40_000 for one in found)
    assert any(one.title.startswith("all widths times ") for one in found)


def test_what_is_too_large_is_not_widened():
    found = searched(spec("conv(512, 3) -> relu -> conv(512, 3)", "  require params <= 100k"))
    assert found
    assert not any("times" in one.title for one in found)


WORDS = """\
arch Net {{
  data  tokens({length}, vocab=1_000, samples=200_000)
  task  {task}
  train adamw(batch=4)
{clauses}
  model = embedding({width}) -> position_embedding -> 2 * {block} -> {head}
}}
"""


def words(block: str, length: int = 500, width: int = 256, clauses: str = "") -> str:
    head, task = "mean_over -> linear(classes)", "classify(4)"
    if block.startswith("gpt"):
        head, task = "linear(vocab)", "next_token()"
    text = WORDS.format(
        block=block, length=length, width=width, clauses=clauses, head=head, task=task
    )
    return archdsl.format(text)


CAUSAL = (
    "(residual(layer_norm -> local_attention(4, reach=256, causal=true, dropout=0) -> dropout(0))"
    " -> residual(layer_norm -> mlp -> dropout(0)))"
)


@pytest.mark.parametrize(
    ("block", "swapped"),
    [
        ("transformer_encoder(4)", "longformer_block(4, reach=256)"),
        ("transformer_encoder(4, hidden=64)", "longformer_block(4, reach=256, hidden=64)"),
        ("gpt_block(4, drop=0)", CAUSAL),
    ],
)
def test_attention_among_too_many_tokens_becomes_attention_in_windows(block, swapped):
    (first, *_) = searched(words(block, length=17_000, width=16))
    assert first.title == "attention to 256 tokens on each side"
    assert swapped in " ".join(first.text.split())
    assert first.distance < 0.1


@pytest.mark.parametrize("block", ["transformer_encoder(4, norm_first=false)", "llama_block(4)"])
def test_blocks_with_what_windows_do_not_have_are_left_alone(block):
    found = searched(words(block, length=17_000, width=16))
    assert not any("tokens on each side" in one.title for one in found)


def test_heads_of_attention_are_not_made_narrower():
    limit = "  require params <= 500k"
    found = searched(words("transformer_encoder(8)", clauses=limit))
    assert found
    for one in found:
        graph = archdsl.show(one.text)
        assert graph.params <= 500_000
    (together,) = [one for one in found if one.title.startswith("all widths and heads at")]
    heads = int(together.text.split("transformer_encoder(")[1].split(")")[0])
    width = int(together.text.split("embedding(")[1].split(")")[0])
    assert (heads < 8, width // heads, width % heads) == (True, 32, 0)
    assert not any(one.title.startswith("all widths at") for one in found)
