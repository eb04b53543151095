"""``archdsl.train``: one design trained on a person's data."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl import stages
from archdsl.api import read, told
from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import design_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from archdsl.api import AnySpec, Root
    from archdsl.runtime.live.data.given import Given
    from archdsl.runtime.live.learning.progress import Epoch, Learned, Options
    from archdsl.runtime.live.learning.run_folder import RunFolder
    from archdsl.runtime.live.learning.splits import Splits
    from archdsl.runtime.live.learning.started import Start
    from archdsl.stages import Work
    from archdsl.terms import Terms


@dataclass(frozen=True)
class Trained:
    """A design, trained.

    ``test`` and ``validation`` are its metrics by name: on samples that nothing was learned from
    nor chosen by, and on those that ``best_epoch`` was chosen by. ``ended`` is ``finished``,
    ``patience``, ``time``, ``stopped`` or ``diverged``, ``reason`` says it in words. ``epochs`` are
    the epochs that were trained, ``samples`` says how many there were of each part, ``precision``
    and ``device`` what was computed in, ``seconds`` how long it took. ``module`` is the
    ``torch.nn.Module`` with the weights of the best epoch, in evaluation mode.
    """

    name: str
    design: dict[str, Any]
    test: dict[str, float]
    validation: dict[str, float]
    best_epoch: int
    epochs: int
    ended: str
    reason: str
    samples: dict[str, int]
    precision: str
    device: str
    seconds: float
    module: Any = field(compare=False, repr=False)

    @property
    def document(self) -> dict[str, Any]:
        """Everything but the module, as JSON has it."""
        return {name: value for name, value in vars(self).items() if name != "module"}


def train(
    spec: AnySpec,
    data: str | tuple[Any, Any],
    *,
    run: str | os.PathLike[str] | None = None,
    targets: Sequence[str] = (),
    epochs: int | None = None,
    seed: int | None = None,
    seconds: float | None = None,
    device: str | None = None,
    weights: str | os.PathLike[str] | None = None,
    report: Callable[[Epoch], None] | None = None,
    design: Mapping[str, Any] | None = None,
    arch: str | None = None,
    name: str | None = None,
    root: Root = None,
    terms: Terms | None = None,
) -> Trained:
    """Train one design as its ``train`` clause says, with Adam for 30 epochs where it says nothing.

    ``data`` is what ``--data`` of ``archdsl train`` takes (``"sklearn:digits"``, a path of a .npz,
    .csv, .parquet or text file or of a folder of images), with the columns to predict as
    ``targets``; a pair of arrays (X, y); or graphs of PyTorch Geometric. A fifth of the samples is
    for validation, a fifth for the test, of a text a tenth each.

    ``run`` is a folder that keeps the training: a second call goes on where the first was
    interrupted. ``epochs`` and ``seed`` are instead of those of the clause; ``seconds`` are the
    most that it may take, ``device`` is ``cpu`` or ``cuda``. ``weights`` is a file to
    start from, such as another training's ``weights.safetensors`` or a published checkpoint: all of
    its tensors whose names, as they are or as a ``weights`` clause leads from them, and shapes are
    those of the model are taken. ``report`` is told of each epoch, and
    may raise :class:`~archdsl.runtime.live.learning.progress.Stopped` to end the training. The
    other arguments are those of :func:`~archdsl.api.compile`.

    Raises :class:`SpecError`; ValueError for data, a device or a folder that do not fit;
    ImportError where torch is missing; OSError where the folder cannot be written.
    """
    from archdsl.runtime.extras import needed
    from archdsl.runtime.live.data.given import given, in_python

    needed("torch", "training")
    work = stages.run(read(spec, name, root, terms).work(arch, design), stages.STAGES[:4])
    if work.failed:
        raise SpecError(*told(work))
    assert work.evaluation is not None
    clauses, asked = work.evaluation.clauses, options_of(work, epochs, seed, seconds, device)
    folder = Path(run) if run is not None else None
    where = data if isinstance(data, str) else ""
    if where:
        found = given(where, clauses.data, clauses.task, targets)
    else:
        found = in_python(data, clauses.data, clauses.task)
    return trained(
        work, found, where, asked, folder, report, None if weights is None else Path(weights)
    )


def options_of(
    work: Work,
    epochs: int | None = None,
    seed: int | None = None,
    seconds: float | None = None,
    device: str | None = None,
) -> Options:
    """What is asked of a training: what the clause says where nobody says otherwise."""
    from archdsl.runtime.live.learning.progress import Options
    from archdsl.runtime.live.optimizers import train_or_adam

    assert work.evaluation is not None
    said = Options.of(train_or_adam(work.evaluation.clauses.train), seconds, device)
    return said._replace(
        epochs=said.epochs if epochs is None else epochs, seed=said.seed if seed is None else seed
    )


def trained(
    work: Work,
    data: Given,
    where: str,
    options: Options,
    run: Path | None,
    report: Callable[[Epoch], None] | None = None,
    weights: Path | None = None,
) -> Trained:
    """Train a design that was evaluated, in a folder if one is given. Raises like :func:`train`."""
    from archdsl.runtime.live.learning.feeding import fed
    from archdsl.runtime.live.learning.run_folder import RunFolder, kept_of
    from archdsl.runtime.live.learning.settled import device_of
    from archdsl.runtime.live.learning.started import start_of

    assert work.evaluation is not None
    graph, clauses = work.evaluation.graph, work.evaluation.clauses
    device = device_of(options.device)
    splits = fed(data, graph, clauses, options.seed, device)
    options = options._replace(device=device)
    start = None if weights is None else start_of(weights, clauses.weights)
    if run is None:
        return _fresh(work, splits, options, report, start)
    folder = RunFolder(run)
    kept = kept_of(work.source.text, work.evaluation, data, where, options, start)
    with folder.held(kept):
        over = folder.result()
        if over is not None:
            return _again(work, folder, over)
        return _fresh(work, splits, options, report, start, folder)


def _fresh(
    work: Work,
    splits: Splits,
    options: Options,
    report: Callable[[Epoch], None] | None,
    start: Start | None = None,
    folder: RunFolder | None = None,
) -> Trained:
    """Train, or go on with a training."""
    from archdsl.runtime.live.learning.loop import learn

    def noted(epoch: Epoch) -> None:
        if folder is not None:
            folder.add(epoch)
        if report is not None:
            report(epoch)

    assert work.evaluation is not None
    graph, clauses = work.evaluation.graph, work.evaluation.clauses
    checkpoint = None if folder is None else folder.checkpoint
    learned = learn(graph, clauses, splits, options, noted, checkpoint, start=start)
    found = _trained(work, splits, options, learned)
    if folder is not None:
        folder.finish(learned, found.document)
    return found


def _trained(work: Work, splits: Splits, options: Options, learned: Learned) -> Trained:
    assert work.evaluation is not None
    parts = {name: part.samples for name, part in splits._asdict().items() if part is not None}
    return Trained(
        name=work.evaluation.graph.name,
        design=design_of(work.evaluation),
        test=learned.test() if learned.best else {},
        validation=learned.metrics,
        best_epoch=learned.best,
        epochs=len(learned.epochs),
        ended=learned.ended,
        reason=learned.reason,
        samples=parts,
        precision=learned.precision,
        device=str(options.device),
        seconds=round(learned.seconds, 3),
        module=learned.module,
    )


def _again(work: Work, folder: RunFolder, document: dict[str, Any]) -> Trained:
    """A training that is over already, as its folder keeps it."""
    from archdsl.runtime.extras import BadInput
    from archdsl.runtime.module import build

    assert work.evaluation is not None
    module = folder.restore(build(work.evaluation.graph))
    try:
        return Trained(**document, module=module)
    except TypeError:
        raise BadInput(
            f"{folder.path} holds what archdsl did not write: name a new folder"
        ) from None
