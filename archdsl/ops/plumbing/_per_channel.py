"""Modules that hold one learned number for each channel or feature."""

from __future__ import annotations

from archdsl.ops.base import Construct, Definition, Spelling
from archdsl.types import Image, TensorType, Volume, channels


def per_channel(
    name: str, source: str, x: TensorType, init: float, usual: float, last: bool = False
) -> Spelling:
    """A module of a class ``name``, whose numbers start at ``init`` (``usual`` is its default).
    ``source`` is the class's text, with ``{name}``, and ``{index}`` where the numbers are read:
    they meet images and volumes along their channels, unless those are the ``last`` axis."""
    suffix, index = "", ""
    if isinstance(x, Image) and not last:
        suffix, index = "2d", "[:, None, None]"
    elif isinstance(x, Volume) and not last:
        suffix, index = "3d", "[:, None, None, None]"
    written = Definition(name + suffix, source.format(name=name + suffix, index=index))
    arguments = {"channels": channels(x), "init": init}
    module = Construct(written.name, arguments, positional=1, defaults={"init": usual})
    return Spelling(module, definitions=(written,))
