from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.families import Family, Size, Tower

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.starting.description import Description

HEAD = 64  # features of one attention head
PATCHES = (16, 8, 4)


class VisionTransformer(Family):
    """Attention among patches of a picture."""

    name = "VisionTransformer"
    lr = "0.0005"
    warms_up = True
    weight_decay = "0.05"
    usual = Size(384, 12)

    def sizes(self) -> Sequence[Size]:
        return [Size(width, 12) for width in range(HEAD, 769, HEAD)]

    def tower(self, size: Size) -> Tower:
        patch, heads = patch_of(self.data), size.width // HEAD
        blocks = f"{size.depth} * vit_block({heads}, path=0.1)"
        lets = (
            f"let patches = x -> patch_embed({size.width}, {patch})",
            "let placed = patches -> class_token -> position_embedding",
            f"let encoder = placed -> {blocks} -> layer_norm",
        )
        return Tower(lets, "encoder -> first")

    def why(self) -> str:
        return (
            f"from about ten million pictures on ({self.data.samples:,} here) attention learns "
            "what convolution has built in, and overtakes it (Dosovitskiy et al. 2020, "
            "arXiv:2010.11929); P109 asks for strong augmentation beside it"
        )

    def shape(self, size: Size) -> str:
        patch = patch_of(self.data)
        return f"width {size.width}, {size.depth} blocks, patches of {patch} x {patch}"


def patch_of(data: Description) -> int | None:
    """The side of patches that cut a picture into 49 to 1,024 of them, None when there is none."""
    for patch in PATCHES:
        if any(side % patch for side in data.spatial):
            continue
        if 49 <= data.positions // patch**2 <= 1024:
            return patch
    return None
