"""torchvision, whether or not its compiled operators load on the torch that is installed."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from archdsl.runtime.extras import MissingPackage, needed

_SUPPRESSION = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


def transforms() -> Any:
    """``torchvision.transforms.v2``. Raises :class:`MissingPackage`."""
    declare_operators()
    return needed("torchvision.transforms.v2", "augmenting images")


@cache
def declare_operators() -> Any:
    """What importing torchvision asks for, and nothing here uses.

    Beside a torch of another build its compiled library does not load; importing it then fails, for
    it registers shapes for two operators that nobody defined. They are declared here, and stay for
    as long as the library object that this returns.
    """
    torch = needed("torch", "augmenting images")
    package = find_spec("torchvision")
    if package is None or package.origin is None:
        raise MissingPackage("torchvision", "augmenting images")
    library = torch.library.Library("torchvision", "FRAGMENT")
    try:
        torch.ops.load_library(next(Path(package.origin).parent.glob("_C*")))
    except (OSError, StopIteration):
        library.define(f"nms{_SUPPRESSION}")
        library.define(f"qnms{_SUPPRESSION}")
    return library
