"""``archdsl.load``: a design built with weights from a file, published ones among them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl import stages
from archdsl.api import read, told
from archdsl.diagnostics import SpecError

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from archdsl.api import AnySpec, Root
    from archdsl.runtime.live.loaded import Loaded
    from archdsl.stages import Work
    from archdsl.terms import Terms


def load(
    spec: AnySpec,
    weights: str | os.PathLike[str],
    *,
    origin: str | None = None,
    design: Mapping[str, Any] | None = None,
    arch: str | None = None,
    name: str | None = None,
    root: Root = None,
    terms: Terms | None = None,
) -> Any:
    """The ``torch.nn.Module`` of a design with the weights of a file, in evaluation mode.

    ``weights`` is a .safetensors file, an ``….safetensors.index.json`` of several, or a .pt, .pth
    or .bin file, of which tensors alone are read. Its names are the module's own, or those that a
    ``weights`` clause of the spec leads from: that of ``origin`` (``torchvision``), or of all the
    one that fits. The other arguments are those of :func:`~archdsl.api.compile`.

    Raises ValueError where the file and the module have not the same weights, with what is lacking,
    unused or of another shape; :class:`SpecError`; ImportError where torch is missing; OSError.
    """
    work = stages.run(read(spec, name, root, terms).work(arch, design), stages.STAGES[:4])
    if work.failed:
        raise SpecError(*told(work))
    return loaded(work, Path(weights), origin).module


def loaded(work: Work, weights: Path, origin: str | None = None) -> Loaded:
    """A design that was compiled, with the weights of a file. Raises like :func:`load`."""
    from archdsl.runtime.extras import needed

    needed("torch", "loading weights")
    from archdsl.runtime.live import loaded

    assert work.evaluation is not None
    maps = work.evaluation.clauses.weights
    return loaded.loaded(work.evaluation.graph, maps, weights, origin)
