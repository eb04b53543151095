"""``patch_merging`` is torchvision's, on maps of odd sides too."""

from __future__ import annotations

import pytest
import torch

from tests.ops.emitted import module_of
from tests.peers import import_torchvision


@pytest.mark.parametrize(("height", "width"), [(8, 6), (7, 6), (8, 5), (7, 5)])
def test_it_merges_as_torchvision_does(height: int, width: int) -> None:
    torch.manual_seed(0)
    ours = module_of("patch_merging", f"image(8, {height}, {width})")
    import_torchvision()
    from torchvision.models.swin_transformer import PatchMerging

    theirs = PatchMerging(8)
    renamed = {
        next(own for own in ours.state_dict() if own.endswith(key)): value
        for key, value in theirs.state_dict().items()
    }
    ours.load_state_dict(renamed)
    x = torch.randn(2, 8, height, width)
    torch.testing.assert_close(ours(x).permute(0, 2, 3, 1), theirs(x.permute(0, 2, 3, 1)))
