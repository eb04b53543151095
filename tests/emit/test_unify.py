"""What differs between copies becomes arguments, and reads as somebody would write it."""

from __future__ import annotations

import pytest

from archdsl.emit.pytorch import emit
from archdsl.runtime.module import load as executed
from tests.emit.graphs import graph, graph_of


def test_a_bottlenecks_arguments() -> None:
    text = emit(graph("resnet50"))
    assert "self, in_channels: int, width: int, stride: int = 1)" in text
    assert "if in_channels != 4 * width or stride != 1" in text
    assert "nn.Conv2d(width, 4 * width, kernel_size=1, bias=False)" in text
    assert "*[Bottleneck(1024, 256) for _ in range(5)]" in text


def test_an_inverted_residuals_arguments() -> None:
    text = emit(graph("mobilenet_v2"))
    assert "hidden = expand * in_channels" in text
    assert "if expand != 1:" in text
    assert "self.residual = in_channels == width and stride == 1" in text
    assert "return x + conv if self.residual else conv" in text


def test_a_class_of_one_copy_has_literals() -> None:
    text = emit(
        graph_of("block b(w) = conv(w, 3) -> relu  arch A { data image(3, 8, 8)  model = b(7) }")
    )
    assert "nn.Conv2d(3, 7, kernel_size=3, padding=1)" in text


def test_small_numbers_that_agree_by_chance_stay_apart() -> None:
    text = emit(
        graph_of(
            """block b(w, s, g) = conv(w, 3, stride=s, groups=g)
            arch A { data image(4, 32, 32)  model = b(32, 1, 1) -> b(64, 2, 2) }"""
        )
    )
    assert "stride=s" in text
    assert "groups=g" in text


def test_copies_of_other_structure_become_other_classes() -> None:
    text = emit(graph("recursion"))
    assert "class Maybe(nn.Module)" in text
    assert "class MaybeB(nn.Module)" in text


def test_a_layer_handed_over_is_a_module() -> None:
    text = emit(graph("transformer"))
    assert "def __init__(self, f: nn.Module) -> None:" in text
    assert "return x + self.f(x)" in text


def test_equal_blocks_of_one_structure_share_a_class() -> None:
    assert emit(graph("unet")).count("class ") == 3


def test_the_comment_above_a_block_is_its_docstring() -> None:
    block = '# Two of """ them.\n#\n# More.\nblock b(n) = n * conv(3, 3)\n'
    text = "arch A { data image(3, 8, 8)  model = b(2) }\n" + block
    assert 'Two of \\"\\"\\" them.' in emit(graph_of(text))


def test_a_long_sentence_ends_in_one_full_stop() -> None:
    said = "Layers whose widths grow from the first to the last of them and shrink no more at all."
    block = f"# {said}\nblock b(n) = n * conv(3, 3)\n"
    source = emit(graph_of("arch A { data image(3, 8, 8)  model = b(2) }\n" + block))
    assert said in " ".join(source.split())
    assert ".." not in source


def test_an_argument_that_only_some_copies_give_is_one_with_a_default() -> None:
    text = emit(
        graph_of(
            """block b(shift=0) = window_attention(2, 4, shift=shift)
            arch A { data image(8, 16, 16)  model = b -> b(shift=2) }"""
        )
    )
    assert "shift: int = 0" in text
    assert "(B(), B(shift=2))" in text


LOST = """block b(c, gated=false) {
  let p = (c * c + 1) % 97
  let q = (p * p + p + 1) % 89
  let r = (q * q + p * q + q + 1) % 83
  let s = (r * r + q * r + p * r + r + 1) % 7 + 1
  return conv(c, 3) -> when(gated, conv(s, 1) -> conv(c, 1))
}
"""


@pytest.mark.parametrize("gated", ["true", "false"])
def test_no_default_is_made_up_for_what_nobody_knows_the_formula_of(gated: str) -> None:
    model = f"b(8, gated=true) -> b(16, gated={gated}) -> b(24)"
    text = LOST + f"arch A {{ data image(3, 8, 8)  model = {model} }}"
    source = emit(graph_of(text))
    assert "out_channels: int," in source
    assert "gated: bool = False" in source
    module = executed(source, "lost")
    with pytest.raises(TypeError, match="out_channels"):
        module.B(3, 8)


def test_no_default_is_made_up_where_all_copies_agree_in_what_has_no_formula() -> None:
    model = "b(9, gated=true) -> b(18, gated=true)"
    source = emit(graph_of(LOST + f"arch A {{ data image(3, 8, 8)  model = {model} }}"))
    assert "out_channels: int" in source
    assert "out_channels: int =" not in source


def test_values_that_agree_by_chance_and_follow_from_something_unknown_stay_apart() -> None:
    blocks = LOST.replace("conv(s, 1)", "conv(s, 1) -> conv(c, s)")
    model = "b(8, gated=true) -> b(16, gated=true)"
    source = emit(graph_of(blocks + f"arch A {{ data image(3, 8, 8)  model = {model} }}"))
    assert "out_channels: int" in source
    assert "kernel_size: int" in source


def test_a_pool_moves_on_by_its_stride_also_where_that_is_its_kernel() -> None:
    text = """block b(k, s=2) = max_pool(k, stride=s, padding=0)
    arch A { data image(3, 32, 32)  model = b(3) -> b(2) -> b(2, 1) }"""
    assert "nn.MaxPool2d(k, stride=s)" in emit(graph_of(text))
    same = text.replace("stride=s, ", "")
    assert "nn.MaxPool2d(k)" in emit(graph_of(same))
