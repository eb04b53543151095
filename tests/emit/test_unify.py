"""What differs between copies becomes arguments, and reads as somebody would write it."""

from __future__ import annotations

from archdsl.emit.pytorch import emit
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


def test_an_argument_that_only_some_copies_give_is_one_with_a_default() -> None:
    text = emit(
        graph_of(
            """block b(shift=0) = window_attention(2, 4, shift=shift)
            arch A { data image(8, 16, 16)  model = b -> b(shift=2) }"""
        )
    )
    assert "shift: int = 0" in text
    assert "(B(), B(shift=2))" in text
