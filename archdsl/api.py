"""The Python API; everything here is also an attribute of ``archdsl``.

A spec is a text (``str``) or a path (``os.PathLike``, as of :mod:`pathlib`). What its functions
have in common:

- ``name`` stands for a text in messages; a path stands for itself.
- ``root`` is the folder whose files the spec may ``use``: those of a path are seen from its own
  folder, those of a text from ``root``. By default it is the project of a path (the nearest folder
  above with pyproject.toml or .git), and a text may use no files.
- ``terms`` say which principles the spec is held to, and how much work it may take; by default the
  principles are those that ``[tool.archdsl]`` of the root's pyproject.toml says, else all.
- ``arch`` names the architecture where the spec has several.
- :class:`SpecError` is raised with every error found, OSError for a path that cannot be read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl import stages, types
from archdsl.content import TooLarge, content_of, decoded
from archdsl.cost.counts import macs, params
from archdsl.diagnostics import Diagnostic, Severity, SpecError
from archdsl.source import Source
from archdsl.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.cost.rows import LayerTable
    from archdsl.examine import Judging
    from archdsl.explain.blocks import BlockPage
    from archdsl.explain.ops import OpPage
    from archdsl.graph.nodes import Graph
    from archdsl.graph.packing import PackedGraph
    from archdsl.space.counting import Count
    from archdsl.space.space import Space
    from archdsl.space.survey import Survey


AnySpec = str | os.PathLike[str]
Root = str | os.PathLike[str] | None


@dataclass(frozen=True)
class Report:
    """What there is to say about a spec.

    ``diagnostics`` in the order of the source; ``unsatisfiable`` when the spec is well formed but
    no design meets what it requires. As text it is all of them, with excerpts of the source.
    """

    diagnostics: tuple[Diagnostic, ...]
    unsatisfiable: bool = False

    @property
    def ok(self) -> bool:
        """Whether there are no errors (there may be warnings and notes)."""
        return not any(found.severity is Severity.ERROR for found in self.diagnostics)

    def render(self, format: str = "full") -> str:
        """The diagnostics as text: ``full``, ``concise``, ``json``, ``github`` or ``sarif``.

        Raises ValueError for another format.
        """
        from archdsl.rendering import render

        return render(self.diagnostics, format)

    def __str__(self) -> str:
        return self.render()

    def __repr__(self) -> str:
        severities = [found.severity for found in self.diagnostics]
        counts = {one.value: severities.count(one) for one in Severity if one in severities}
        told = (f"{n} {word}{'s' * (n > 1)}" for word, n in counts.items())
        return f"Report({', '.join(told) or 'no findings'})"


@dataclass(frozen=True)
class Compiled:
    """One design, compiled.

    ``source`` is a Python file that needs torch and nothing of archdsl; ``graph`` the typed graph
    it was written from; ``design`` the value of each choice; ``warnings`` what is not an error.
    It pickles, so it may be compiled in another process.
    """

    name: str
    source: str
    graph: Graph = field(compare=False)
    design: dict[str, Any]
    warnings: tuple[Diagnostic, ...] = ()

    def __repr__(self) -> str:
        return f"Compiled({self.name}: {self.params:,} parameters, {self.macs:,} MACs)"

    def __reduce__(self) -> tuple[Any, ...]:
        from archdsl.graph.packing import packed

        return _again, (self.name, self.source, packed(self.graph), self.design, self.warnings)

    @property
    def params(self) -> int:
        """Learned numbers: elements of all weights and biases."""
        return params(self.graph)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of convolution, linear and attention products for one sample."""
        return macs(self.graph)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Sizes in PyTorch's order, without the batch: ``input``, or each of several by its name,
        each ``let``, ``output``."""
        model = self.graph.model
        named = {let.name: types.shape(let.node.out) for let in model.bindings}
        given = types.input_shape(model.takes)
        flowing = given if isinstance(given, dict) else {"input": given}
        return {**flowing, **named, "output": types.shape(model.out)}

    def module(self) -> Any:
        """A new ``torch.nn.Module`` with fresh weights, in training mode, on the CPU in float32.

        It takes a batch as ``shapes["input"]`` says, the batch first (several inputs in the order
        of their clauses), and gives N x
        ``shapes["output"]``. It is ``source`` executed; tracebacks through it show that text, and
        ``torch.save`` stores it along. Raises ImportError, with what to install, where torch (or
        torch_geometric, of a graph network) is not there.
        """
        from archdsl.runtime.module import load, model_class

        return model_class(load(self.source, self.name))()


def _again(name: str, source: str, graph: PackedGraph, *others: Any) -> Compiled:
    """A compiled design as it comes out of another process."""
    from archdsl.graph.packing import unpacked

    return Compiled(name, source, unpacked(graph), *others)


class Read(NamedTuple):
    """A spec read: its text, the folder whose files it may use, and what it is held to."""

    source: Source
    root: Path | None
    terms: Terms

    def work(self, arch: str | None = None, design: Mapping[str, Any] | None = None) -> stages.Work:
        """What the stages are to do."""
        return stages.Work(self.source, self.root, arch, design or {}, self.terms)


def read(
    spec: AnySpec, name: str | None = None, root: Root = None, terms: Terms | None = None
) -> Read:
    """A text or a file with the project that it belongs to. Raises :class:`SpecError` for one that
    is no text or whose project has wrong settings, OSError, and TypeError for what is no spec."""
    if not isinstance(spec, str) and not hasattr(spec, "__fspath__"):
        given = type(spec).__name__
        raise TypeError(f"a spec is a text (str) or a path (os.PathLike), not {given}")
    most = (terms or USUAL).limits.source_bytes
    if isinstance(spec, str):
        source = Source(spec, name or "<text>")
        folder = None if root is None else Path(root)
    else:
        source = _content(Path(spec), name, most)
        folder = project_root(spec) if root is None else Path(root)
    return Read(source, folder, terms or _of_project(folder))


def _content(path: Path, name: str | None, most: int) -> Source:
    try:
        return decoded(content_of(path, most), name or str(path))
    except TooLarge:
        message = f"{path} has more than {most:,} bytes"
        help = "split it: `use` takes blocks from another file"
        raise SpecError(Diagnostic("E120", message, help=help)) from None


def _of_project(root: Path | None) -> Terms:
    """The settings of a project, if there is one."""
    if root is None:
        return USUAL
    from archdsl.rules.project import project_config

    return Terms(project_config(root))


def project_root(path: str | os.PathLike[str]) -> Path:
    """The folder whose files a spec may use: the nearest above it with pyproject.toml or .git, else
    its own."""
    folder = Path(os.path.realpath(path)).parent
    for candidate in (folder, *folder.parents):
        if (candidate / "pyproject.toml").exists() or (candidate / ".git").exists():
            return candidate
    return folder


def _named_file(source: Source, findings: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """What is wrong with a text; where it is the name of a file, that is the way out."""
    text = source.text.strip()
    if not text.endswith(".arch") or "\n" in text or not findings:
        return findings
    help = f'this text is the name of a file: for the file give pathlib.Path("{text}")'
    return (replace(findings[0], help=help), *findings[1:])


def check(
    spec: AnySpec, *, name: str | None = None, root: Root = None, terms: Terms | None = None
) -> Report:
    """Everything that is wrong with a spec, a text or a path; never raises, whatever the text.

    Every architecture of it is checked, and all designs of a space, or many of a large one. The
    arguments are those that all functions share (:mod:`archdsl.api`). Raises OSError for a path
    that cannot be read.
    """
    from archdsl.examine import check_text

    try:
        given = read(spec, name, root, terms)
    except SpecError as error:
        return Report(error.diagnostics)
    found = check_text(given.source, given.root, given.terms)
    findings = found.findings
    if any(finding.fix for finding in findings):
        from archdsl.offering import offered  # few texts have findings with fixes

        findings = offered(given.source, found, given.root, given.terms)
    return Report(_named_file(given.source, findings), found.unsatisfiable)


def compile(
    spec: AnySpec,
    *,
    design: Mapping[str, Any] | None = None,
    arch: str | None = None,
    name: str | None = None,
    root: Root = None,
    terms: Terms | None = None,
) -> Compiled:
    """Compile one design of one architecture to Python source; torch is not needed.

    ``design`` gives each choice its value by path, as :func:`sample` and ``archdsl sample`` give
    them; the other arguments are those that all functions share (:mod:`archdsl.api`). Raises
    :class:`SpecError` with every error found, open choices among them, and OSError.
    """
    return _compiled(stages.run(read(spec, name, root, terms).work(arch, design)))


def compile_all(
    spec: AnySpec, *, name: str | None = None, root: Root = None, terms: Terms | None = None
) -> list[Compiled]:
    """Every architecture of a spec without choices, in its order. Raises like :func:`compile`."""
    work = stages.run(read(spec, name, root, terms).work(), stages.STAGES[:1])
    if work.spec is None:
        raise _refused(work)
    names: list[str | None] = [*work.spec.programs] or [None]
    return [_compiled(stages.run(work._replace(arch=arch), stages.STAGES[1:])) for arch in names]


def close(
    spec: AnySpec,
    *,
    design: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = None,
    arch: str | None = None,
    name: str | None = None,
    root: Root = None,
    terms: Terms | None = None,
) -> str:
    """One design of a space as a spec of its own: its text has no choices left, and says the same
    graph, data, task and training.

    It stands by itself: blocks of files that the spec uses are written into it, other
    architectures, objectives and ``search`` are left out. Comments stay with what they stand
    beside, the one at the top in any case; above it ``metrics`` are written, a line for each name
    and its number (a ``Quantity`` has a unit). The other arguments are those of :func:`compile`.
    Raises :class:`SpecError` for what is no sound design, like :func:`compile`, and OSError.
    """
    from archdsl.closing.closed import closed_text, head_of

    work = stages.run(read(spec, name, root, terms).work(arch, design), stages.STAGES[:4])
    if work.failed or work.spec is None or work.program is None:
        raise _refused(work)
    head = head_of(metrics or {})
    terms = work.terms
    return closed_text(work.spec, work.program, work.design, head, terms.bounds, terms.limits)


def _compiled(work: stages.Work) -> Compiled:
    from archdsl.evaluate.designs import design_of

    if work.failed or work.evaluation is None:
        raise _refused(work)
    graph = work.evaluation.graph
    return Compiled(graph.name, work.text, graph, design_of(work.evaluation), told(work))


def _refused(work: stages.Work) -> SpecError:
    """The error of a spec that does not compile, with what is wrong with it."""
    return SpecError(*_named_file(work.source, told(work)))


def told(work: stages.Work) -> tuple[Diagnostic, ...]:
    """The findings of a compilation, with the ways out and the fixes that were tried."""
    if not work.can_be_helped:
        return work.findings
    from archdsl import offering  # few specs have such findings

    return offering.told(work)


def build(
    path: str | os.PathLike[str],
    *,
    design: Mapping[str, Any] | None = None,
    arch: str | None = None,
    root: Root = None,
    terms: Terms | None = None,
) -> Any:
    """The ``torch.nn.Module`` of a spec file, with fresh weights (needs the extra ``torch``).

    Here a ``str`` is a path too; for a text write ``compile(text).module()``. Takes N x C x H x W
    images, N x C x D x H x W volumes, N x L x C sequences, N x L token ids (int64), N x C rows of a
    table or ``(x, edge_index, batch)`` graphs, as the spec's ``data`` says. Raises
    :class:`SpecError` like :func:`compile`, OSError, and ImportError where torch is missing.
    """
    return compile(Path(path), design=design, arch=arch, root=root, terms=terms).module()


def format(spec: AnySpec, *, name: str | None = None) -> str:
    """The text of a spec in canonical layout, comments kept; a file is not changed.

    Raises :class:`SpecError` on a syntax error, and OSError.
    """
    from archdsl.syntax.format import format_source
    from archdsl.syntax.parser import parse

    source = read(spec, name, terms=USUAL).source
    try:
        parse(source)  # its findings name the file
    except SpecError as error:
        raise _refused(stages.Work(source, findings=error.diagnostics)) from None
    return format_source(source.text)


def show(
    spec: AnySpec,
    depth: int = 2,
    *,
    design: Mapping[str, Any] | None = None,
    arch: str | None = None,
    name: str | None = None,
    root: Root = None,
    terms: Terms | None = None,
) -> LayerTable:
    """The layers of one design: output shapes, parameters and MACs, what ``archdsl show`` prints.

    ``depth`` is how many levels are told: 1 is the model's own lines, more is what is inside their
    blocks, branches and copies. A design that principles reject is shown all the same. The other
    arguments are those of :func:`compile`. Raises :class:`SpecError`, and OSError.
    """
    from archdsl.cost.rows import layer_table
    from archdsl.spec.train import rank_of

    work = stages.run(read(spec, name, root, terms).work(arch, design), stages.STAGES[:3])
    if work.failed or work.evaluation is None:
        raise _refused(work)
    clauses = work.evaluation.clauses
    return layer_table(work.evaluation.graph, depth, rank_of(clauses.train))


def count(
    spec: AnySpec,
    *,
    valid: bool = False,
    arch: str | None = None,
    name: str | None = None,
    root: Root = None,
    terms: Terms | None = None,
) -> Count:
    """How many designs a space holds: those that fit together and do the task; with ``valid`` those
    that meet every ``require``, too. 1 for a spec without choices.

    The number is exact, ``low == high``, but where that takes more work than ``terms.bounds.work``
    allows; ``remarks`` then say why. The other arguments are those that all functions share
    (:mod:`archdsl.api`). Raises :class:`SpecError`, and OSError.
    """
    from archdsl.space.counting import counted

    judging = judging_of(read(spec, name, root, terms), arch)
    return counted(judging.program, valid, judging.terms.bounds)


def read_space(
    spec: AnySpec,
    *,
    arch: str | None = None,
    name: str | None = None,
    root: Root = None,
    terms: Terms | None = None,
) -> Space:
    """The space of designs of one architecture, of which much can be asked without trying any:
    ``count()``, ``bounds("params")``, ``distribution("macs")``, ``best("latency(t4)")``,
    ``designs(seed=0)``; :func:`survey` is all of it on one page. ``counted()`` tells between which
    two numbers the count of valid designs lies, mostly the same ones; ``outer_bounds("params")``
    bounds what designs cost in a space that takes too much to be described.

    Values of memory and time are a ``Quantity`` in bytes or seconds, all others plain numbers. The
    arguments are those that all functions share (:mod:`archdsl.api`). Raises :class:`SpecError`,
    and OSError.
    """
    from archdsl.space.space import Space

    judging = judging_of(read(spec, name, root, terms), arch)
    return Space(judging.program, judging.terms.bounds)


def survey(space: Space, metrics: tuple[str, ...] = ()) -> Survey:
    """What ``archdsl space`` shows, as data: how many designs there are and are valid, the bounds
    of each metric with designs that have them, the designs that have each option of each choice.

    ``metrics`` are texts such as ``"memory(training)"``; by default those of the spec and all
    without arguments. Each tells how it is known: proven, bounded, or sampled in designs drawn.
    Raises :class:`SpecError` where the space takes too much even to be bounded.
    """
    from archdsl.space.survey import survey

    return survey(space, metrics)


def sample(
    spec: AnySpec,
    n: int = 1,
    *,
    seed: int = 0,
    start: int = 0,
    arch: str | None = None,
    name: str | None = None,
    root: Root = None,
    terms: Terms | None = None,
) -> list[dict[str, Any]]:
    """Sound designs at random: valid ones, each as likely as any other and none twice, that break
    no principle. Fewer than ``n`` when there are no more.

    ``start`` leaves out the first positions of the order that ``seed`` gives, so that drawing can
    go on where it ended. The other arguments are those that all functions share
    (:mod:`archdsl.api`). Raises :class:`SpecError`, OSError, and ValueError for ``n < 0``.
    """
    from itertools import islice

    from archdsl.sampling import SoundDesigns

    if n < 0:
        raise ValueError(f"a number of designs is 0 or more, not {n}")
    judging = judging_of(read(spec, name, root, terms), arch)
    return [draw.design for draw in islice(SoundDesigns(judging, seed, start), n)]


def judging_of(given: Read, arch: str | None) -> Judging:
    """One architecture of a spec, with what its designs are held to. Raises :class:`SpecError`."""
    from archdsl.examine import Judging

    work = stages.run(given.work(arch), stages.STAGES[:2])
    if work.program is None or work.spec is None:
        raise _refused(work)
    return Judging(work.program, given.terms, work.spec.beside(work.program))


def list_ops() -> tuple[OpPage, ...]:
    """All ops of the language by name, each with its family, signature, meaning and an example."""
    from archdsl.explain.ops import op_pages

    return op_pages()


def list_blocks() -> tuple[BlockPage, ...]:
    """All blocks of the library by name, each with its family, signature, meaning and source."""
    from archdsl.explain.blocks import block_pages

    return block_pages()
