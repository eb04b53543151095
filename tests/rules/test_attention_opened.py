"""Rules see the core of attention as attention, and biases by position as positions."""

from __future__ import annotations

import pytest

import archdsl

AHEAD = """arch A {{
  data tokens(8, vocab=50, samples=1_000_000)
  task next_token()
  model = embedding(64) -> dot_product_attention(linear(64), linear(64), linear(64), 2{more})
          -> layer_norm -> linear(vocab)
}}"""
SET = """arch A {{
  data tokens(8, vocab=50, samples=1_000_000)
  task classify(2)
  model = embedding(64) -> {layer} -> layer_norm -> mean_over -> linear(classes)
}}"""
CORE = "dot_product_attention(linear(64), linear(64), linear(64), {heads}{more})"


def codes(text: str) -> dict[str, str]:
    """The findings by code."""
    return {found.code: found.message for found in archdsl.check(text).diagnostics}


@pytest.mark.parametrize(
    ("more", "far"),
    [
        ("", "position 0 reads the input up to position 7"),
        (", reach=2", "position 0 reads the input up to position 2"),
        (", position_bias=alibi(2)", "position 0 reads the input up to position 7"),
        (
            ", causal=true, position_bias=linear(16) -> reshape(2, height=8, width=8)",
            "position 1 reads the input up to position 4",
        ),
    ],
)
def test_positions_reach_positions_through_the_core(more: str, far: str) -> None:
    message = codes(AHEAD.format(more=more))["P801"]
    assert f"the answer at {far}, through this `dot_product_attention`" in message


@pytest.mark.parametrize(
    "more",
    [
        ", causal=true",
        ", causal=true, position_bias=alibi(2)",
        ", causal=true, reach=2, global_tokens=1, sinks=true",
    ],
)
def test_what_reads_the_past_alone_is_passed(more: str) -> None:
    assert "P801" not in codes(AHEAD.format(more=more))


@pytest.mark.parametrize(
    ("more", "lost"),
    [
        ("", True),
        (", cosine=true", True),
        (", sinks=true", True),
        (", position_bias=alibi(2)", False),
        (", position_bias=relative_position_bias(2)", False),
        (", reach=2", False),
        (", causal=true", False),
    ],
)
def test_order_is_lost_where_nothing_tells_it(more: str, lost: bool) -> None:
    for layer in (CORE.format(heads=2, more=more), f"attention(2{more})"):
        assert ("P802" in codes(SET.format(layer=layer))) is lost, layer


def test_rotary_positions_tell_the_order() -> None:
    turned = "linear(64) -> rotary_embedding(2)"
    layer = f"dot_product_attention({turned}, {turned}, linear(64), 2)"
    assert "P802" not in codes(SET.format(layer=layer))


def test_heads_of_the_core_may_be_narrow() -> None:
    narrow = codes(SET.format(layer=CORE.format(heads=32, more="")))
    assert narrow["P825"] == "32 heads of 2 features each"


def test_a_bias_is_no_memory() -> None:
    text = SET.format(layer="attention(2, position_bias=alibi(2))").replace("8,", "8_000,", 1)
    assert "64,000,000 pairs" in codes(text)["P106"]


def test_positions_that_the_core_mixed_are_not_unmixed() -> None:
    text = """arch A {{
      data image(3, 16, 16, samples=100_000)
      task classify(10)
      model = conv(8, 1) -> relu -> to_sequence -> {layer}flatten -> linear(64) -> relu
              -> linear(classes)
    }}"""
    core = "dot_product_attention(identity, identity, identity, 1) -> "
    assert "P101" in codes(text.format(layer=""))
    assert "P101" not in codes(text.format(layer=core))
