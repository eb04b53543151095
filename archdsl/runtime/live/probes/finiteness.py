"""Whether every number that comes out is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic
from archdsl.runtime.live.verifying.places import first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.runtime.live.verifying.subject import Subject


def probe(subject: Subject) -> Iterator[Diagnostic]:
    """V301."""
    layers: list[str] = []
    hooks = [
        part.register_forward_hook(_noting(layers, path))
        for path, part in subject.module.named_modules()
        if path and not any(True for _ in part.children())
    ]
    try:
        results = subject.answers(subject.batch())
    finally:
        for hook in hooks:
            hook.remove()
    count = sum(int((~result.isfinite()).sum()) for result in results)
    if not count:
        return
    total = sum(result.numel() for result in results)
    layer = layers[0] if layers else ""
    yield subject.places.at(
        Diagnostic(
            "V301",
            f"{count:,} of {total:,} numbers that come out are not finite",
            label=f"`{layer}` is the first to give such" if layer else "",
            needed="finite numbers from random inputs",
            help="norms, or branches that start small (`layer_scale`), keep numbers in bounds",
        ),
        layer,
    )


def _noting(layers: list[str], path: str) -> Any:
    def note(_: Any, __: Any, given: Any) -> None:
        import torch

        tensor = first(given)
        if isinstance(tensor, torch.Tensor) and not bool(tensor.isfinite().all()):
            layers.append(path)

    return note
