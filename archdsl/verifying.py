"""``archdsl.verify``: one design built, and held to its prediction and to what a sound one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl import stages
from archdsl.api import read, told
from archdsl.diagnostics import SpecError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.api import AnySpec, Root
    from archdsl.runtime.live.verifying.verification import Verification
    from archdsl.terms import Terms


def verify(
    spec: AnySpec,
    *,
    batch: int | None = None,
    fits: bool = True,
    seconds: float = 60.0,
    design: Mapping[str, Any] | None = None,
    arch: str | None = None,
    name: str | None = None,
    root: Root = None,
    terms: Terms | None = None,
) -> Verification:
    """Build one design, run it on random batches, and say what is wrong with it.

    ``agrees`` of the result is whether no error was found; ``findings`` are what was, each a
    :class:`Diagnostic` with a code (V101 to V403), the layer where it is, what was measured and
    what is needed. ``layers`` and ``verdicts`` tell each layer's gradient, ``fit`` how it learned a
    few random answers by heart; it takes no more than ``seconds``, and ``fits=False`` leaves it
    out. ``batch`` is by default the spec's, or 16, fewer for a large model. The other arguments are
    those of :func:`~archdsl.api.compile`; what principles say of the design is not asked.

    Raises :class:`SpecError`; ValueError for a batch that is too small for its norms, or a model
    that the machine has no memory for; ImportError where torch is missing.
    """
    from archdsl.runtime.extras import needed
    from archdsl.runtime.live.batches import asked_batch
    from archdsl.runtime.live.verify import usual_batch
    from archdsl.runtime.live.verify import verify as verified

    needed("torch", "verifying")
    work = stages.run(read(spec, name, root, terms).work(arch, design), stages.STAGES[:3])
    if work.failed:
        raise SpecError(*told(work))
    assert work.evaluation is not None
    graph, clauses = work.evaluation.graph, work.evaluation.clauses
    size = (
        usual_batch(graph, clauses.train)
        if batch is None
        else asked_batch(graph, batch, clauses.task)
    )
    return verified(graph, clauses.task, size, train=clauses.train, seconds=seconds, fits=fits)
