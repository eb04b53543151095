"""The Python API; everything here is also an attribute of ``archdsl``."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl import stages, types
from archdsl.cost.counts import macs, params
from archdsl.diagnostics import Diagnostic, Severity, SpecError
from archdsl.source import Source
from archdsl.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.graph.nodes import Graph
    from archdsl.graph.packing import PackedGraph
    from archdsl.space.space import Space
    from archdsl.space.survey import Survey


@dataclass(frozen=True)
class Report:
    """What there is to say about a spec.

    ``diagnostics`` in the order of the source; ``unsatisfiable`` when the spec is well formed but
    no design meets what it requires.
    """

    diagnostics: tuple[Diagnostic, ...]
    unsatisfiable: bool = False

    @property
    def ok(self) -> bool:
        """Whether there are no errors (there may be warnings and notes)."""
        return not any(found.severity is Severity.ERROR for found in self.diagnostics)

    def render(self, format: str = "full") -> str:
        """The diagnostics as text: ``full``, ``concise``, ``json``, ``github`` or ``sarif``."""
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
        """Learned numbers."""
        return params(self.graph)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of convolution, linear and attention products for one sample."""
        return macs(self.graph)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Sizes in PyTorch's order, without the batch: ``input``, each ``let``, ``output``."""
        model = self.graph.model
        named = {let.name: types.shape(let.node.out) for let in model.bindings}
        return {"input": types.shape(model.takes), **named, "output": types.shape(model.out)}

    def module(self) -> Any:
        """A new ``torch.nn.Module`` with fresh weights (needs the extra ``torch``).

        It is ``source`` executed; tracebacks through it show that text.
        """
        from archdsl.runtime.module import load, model_class

        return model_class(load(self.source, self.name))()


def _again(name: str, source: str, graph: PackedGraph, *others: Any) -> Compiled:
    """A compiled design as it comes out of another process."""
    from archdsl.graph.packing import unpacked

    return Compiled(name, source, unpacked(graph), *others)


def check(
    text: str,
    *,
    name: str = "<text>",
    root: Path | None = None,
    terms: Terms | None = None,
) -> Report:
    """Everything that is wrong with a spec; never raises, whatever the text.

    ``name`` stands for the text in messages; ``root`` is the folder whose files it may ``use``
    (by default none), and ``terms`` say which principles it is held to (by default those that the
    pyproject.toml of ``root`` says, else all). Every architecture of the text is checked, and all
    designs of a space, or many of a large one.
    """
    from archdsl.examine import whole

    source = Source(text, name)
    try:
        terms = _settled(terms, root)
    except SpecError as error:
        return Report(error.diagnostics)
    found = whole(source, root, terms)
    findings = found.findings
    if any(finding.fix for finding in findings):
        from archdsl.offering import offered  # few texts have findings with fixes

        findings = offered(source, found, root, terms)
    return Report(findings, found.unsatisfiable)


def compile(
    text: str,
    *,
    design: Mapping[str, Any] | None = None,
    arch: str | None = None,
    name: str = "<text>",
    root: Path | None = None,
    terms: Terms | None = None,
) -> Compiled:
    """Compile one design of one architecture to Python source.

    ``design`` gives each choice its value by path, as ``archdsl sample`` prints them; ``arch``
    names the architecture when the text has several, ``terms`` the principles, as for
    :func:`check`. Raises :class:`SpecError` with every error found, open choices among them.
    """
    terms = _settled(terms, root)
    work = stages.Work(Source(text, name), root, arch, design or {}, terms)
    return _compiled(stages.run(work))


def compile_all(text: str, *, name: str = "<text>", root: Path | None = None) -> list[Compiled]:
    """Every architecture of a text without choices. Raises like :func:`compile`."""
    work = stages.Work(Source(text, name), root, terms=_settled(None, root))
    work = stages.run(work, stages.STAGES[:1])
    if work.spec is None:
        raise _refused(work)
    names: list[str | None] = [*work.spec.programs] or [None]
    return [_compiled(stages.run(work._replace(arch=arch), stages.STAGES[1:])) for arch in names]


def _settled(terms: Terms | None, root: Path | None) -> Terms:
    """The terms given, else the settings of the project, if there is one."""
    if terms is not None or root is None:
        return terms or USUAL
    from archdsl.rules.project import project_config

    return Terms(project_config(root))


def _compiled(work: stages.Work) -> Compiled:
    from archdsl.evaluate.designs import design_of

    if work.failed or work.evaluation is None:
        raise _refused(work)
    graph = work.evaluation.graph
    return Compiled(graph.name, work.text, graph, design_of(work.evaluation), _told(work))


def _refused(work: stages.Work) -> SpecError:
    """The error of a spec that does not compile, with what is wrong with it."""
    return SpecError(*_told(work))


def _told(work: stages.Work) -> tuple[Diagnostic, ...]:
    """The findings of a compilation, with the fixes that were tried."""
    if not any(finding.fix for finding in work.findings):
        return work.findings
    from archdsl.offering import told  # few specs have findings with fixes

    return told(work)


def build(
    path: str | Path, *, design: Mapping[str, Any] | None = None, arch: str | None = None
) -> Any:
    """The ``torch.nn.Module`` of a spec file, with fresh weights (needs the extra ``torch``).

    Takes N×C×H×W images, N×L×C sequences, N×L token ids or ``(x, edge_index, batch)`` graphs, as
    the spec's ``data`` says. Raises :class:`SpecError` like :func:`compile`, and OSError.
    """
    path = Path(path)
    text = path.read_text(encoding="utf-8")
    root = project_root(path)
    return compile(text, design=design, arch=arch, name=str(path), root=root).module()


def format(text: str, *, name: str = "<text>") -> str:
    """The text in canonical layout, comments kept. Raises :class:`SpecError` on a syntax error."""
    from archdsl.syntax.format import format_source
    from archdsl.syntax.parser import parse

    source = Source(text, name)
    try:
        parse(source)  # its findings name the file
    except SpecError as error:
        raise _refused(stages.Work(source, findings=error.diagnostics)) from None
    return format_source(text)


def project_root(path: Path) -> Path:
    """The folder whose files a spec may use: the nearest above it with pyproject.toml or .git."""
    folder = path.resolve().parent
    for candidate in (folder, *folder.parents):
        if (candidate / "pyproject.toml").exists() or (candidate / ".git").exists():
            return candidate
    return folder


def read_space(
    text: str,
    *,
    arch: str | None = None,
    name: str = "<text>",
    root: Path | None = None,
    terms: Terms | None = None,
) -> Space:
    """The space of designs of one architecture, of which much can be asked without trying any:
    ``count()``, ``bounds("params")``, ``distribution("macs")``, ``best("latency(t4)")``,
    ``designs(seed=0)``; :func:`survey` is all of it on one page. ``counted()`` tells between which
    two numbers the count of valid designs lies, mostly the same ones; ``outer_bounds("params")``
    bounds what designs cost in a space that takes too much to be described.

    The arguments are those of :func:`compile`. Raises :class:`SpecError` with every error found.
    """
    from archdsl.space.space import Space

    terms = _settled(terms, root)
    work = stages.run(stages.Work(Source(text, name), root, arch, terms=terms), stages.STAGES[:2])
    if work.program is None:
        raise _refused(work)
    return Space(work.program, terms.bounds)


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
    text: str,
    n: int = 1,
    *,
    seed: int = 0,
    start: int = 0,
    arch: str | None = None,
    name: str = "<text>",
    root: Path | None = None,
    terms: Terms | None = None,
) -> list[dict[str, Any]]:
    """Sound designs at random: valid ones, each as likely as any other and none twice, that break
    no principle. Fewer than ``n`` when there are no more.

    ``start`` leaves out the first positions of the order that ``seed`` gives, so that drawing can
    go on where it ended. Raises :class:`SpecError` with every error found.
    """
    from itertools import islice

    from archdsl.examine import Judging
    from archdsl.sampling import sound_designs

    terms = _settled(terms, root)
    work = stages.run(stages.Work(Source(text, name), root, arch, terms=terms), stages.STAGES[:2])
    if work.program is None or work.spec is None:
        raise _refused(work)
    judging = Judging(work.program, terms, work.spec.beside(work.program))
    return [draw.design for draw in islice(sound_designs(judging, seed, start), n)]
