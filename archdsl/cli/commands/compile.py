"""archdsl compile"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from archdsl.cli import compiling, exits
from archdsl.cli.arguments import Spec
from archdsl.cli.bounding import bounded
from archdsl.cli.compiling import MISSING, STALE, UNCHANGED, WRITTEN, Target, Written
from archdsl.cli.inputs import STDIN
from archdsl.cli.options import one_arch, one_design, reporting
from archdsl.cli.principled import Asked, principled
from archdsl.cli.refused import Refused
from archdsl.cost.counts import macs, params
from archdsl.diagnostics import Diagnostic, Severity, SpecError
from archdsl.emit import catalog as emitters
from archdsl.rendering.escape import visible
from archdsl.source import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.cli.console import Console
    from archdsl.stages import Work
    from archdsl.terms import Terms


@click.command("compile")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=Spec())
@one_arch
@one_design
@click.option(
    "--to",
    "format",
    type=click.Choice(emitters.words()),
    default=emitters.USUAL,
    show_default=True,
    help="The format to write it in.",
    hidden=len(emitters.words()) == 1,
)
@click.option("-o", "--output", metavar="OUT.py", help="The file to write; by default stdout.")
@click.option(
    "--out-dir",
    metavar="DIR",
    help="Write DIR/NAME.py for NAME.arch; FILE may be a folder, and there may be several.",
)
@click.option("--depfile", metavar="FILE", help="Write for make which files the outputs depend on.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if OUT is stale.")
@click.option("--force", is_flag=True, help="Overwrite OUT even where it was edited by hand.")
@principled
@bounded
@reporting
def command(
    console: Console,
    paths: tuple[str, ...],
    arch: str | None,
    design: str | None,
    choose: tuple[str, ...],
    format: str,
    output: str | None,
    out_dir: str | None,
    depfile: str | None,
    only_check: bool,
    force: bool,
    asked: Asked,
    within: Terms,
) -> int:
    """Write one design as a PyTorch module that needs nothing of archdsl.

    With --out-dir, a module for each spec: the folders below it are those of the specs. Of a file
    with several architectures, NAME_ARCH.py for each.
    """
    if output == STDIN:
        output = None
    if only_check and not (output or out_dir):
        raise click.UsageError("--check compares with the file of -o OUT.py, which is missing")
    if depfile is not None and not (output or out_dir):
        raise click.UsageError("--depfile tells of the file of -o OUT.py, which is missing")
    refusals: list[Refused] = []
    targets = compiling.targets(paths, output, out_dir, emitters.find(format).suffix, refusals)
    if len(targets) > 1 and (arch or design or choose):
        raise click.UsageError("--arch, --design and --choose are for one spec")
    run = _Run(console, asked, within, arch, design, choose, format, only_check, force)
    run.refusals += refusals
    for target in targets:
        run.go(target, several=out_dir is not None)
    run.finish(out_dir is not None, depfile)
    return run.code()


class _Result(NamedTuple):
    """A module, and where it is."""

    work: Work
    written: Written | None


@dataclass
class _Run:
    """Compiling one spec after the other; what is wrong with one does not stop the others.

    ``taken`` tells which spec an output is of; ``codes`` are the exit codes of those with errors.
    """

    console: Console
    asked: Asked
    within: Terms
    arch: str | None
    design: str | None
    choose: Sequence[str]
    format: str
    only_check: bool
    force: bool
    taken: dict[Path, str] = field(default_factory=dict)
    refusals: list[Refused] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    results: list[_Result] = field(default_factory=list)

    def go(self, target: Target, several: bool) -> None:
        """Compile a spec, in an output folder all its architectures."""
        try:
            for work, place in self._works(target, several):
                self._one(work, place, several)
        except SpecError as error:
            self._fail(error.diagnostics)
        except Refused as refusal:
            self.refusals.append(refusal)

    def _works(self, target: Target, several: bool) -> Iterator[tuple[Work, Target]]:
        """Each architecture asked for, resolved, and where its module goes."""
        from archdsl.cli.specs import resolved

        terms = self.asked.over(self.within, target.path)
        work = resolved(target.path, self.arch, self.design, self.choose, terms)
        work = work._replace(format=self.format)
        if work.failed or work.spec is None:
            yield work, target
            return
        names = list(work.spec.programs)
        if several and self.arch is None and not names:
            return  # a library: there is nothing to write
        if several and self.arch is None and len(names) > 1:
            yield from ((work._replace(arch=name), target.of(name)) for name in names)
        else:
            yield work, target

    def _one(self, work: Work, target: Target, several: bool) -> None:
        from archdsl import stages
        from archdsl.cli.specs import told

        if work.spec is not None and not work.spec.programs and self.arch is None:
            work = _library(work)
        elif not work.failed:
            work = stages.run(work, stages.STAGES[1:])
        if work.failed:
            self._fail(told(work))
            return
        self.findings += work.findings
        self.results.append(_Result(work, self._put(work, target, several)))

    def _put(self, work: Work, target: Target, several: bool) -> Written | None:
        from archdsl.cli.outputs import refuse_over

        if target.output is None:
            return None
        refuse_over(str(target.output), target.path, self.design)
        compiling.claim(target, self.taken)
        if several and not self.only_check:
            compiling.make_folder(target.output.parent)
        state = compiling.put(target.output, work.text, self.only_check, self.force)
        return Written(target.output, state, _origins(work, target.path, self.design))

    def _fail(self, findings: Sequence[Diagnostic]) -> None:
        from archdsl.cli.specs import code_of

        self.findings += findings
        self.codes.append(code_of(findings))

    def finish(self, several: bool, depfile: str | None) -> None:
        """Tell what became of everything."""
        written = [result.written for result in self.results if result.written is not None]
        if depfile is not None and not self.only_check and not self.code():
            compiling.put(Path(depfile), compiling.depfile(written), False, force=True)
        for one in written:
            self._tell(one)
        if self.codes or self.refusals:
            self.console.report(self.console.brief(self.findings), self.refusals)
            return
        self.console.remark(self.console.brief(self.findings))
        if several:
            self.console.result("", list(map(_document, self.results)))
        elif self.console.is_json or not written:
            (result,) = self.results
            self.console.result(result.work.text, _document(result))

    def _tell(self, one: Written) -> None:
        name = visible(str(one.output))
        if one.state == WRITTEN:
            self.console.progress(f"wrote {name}")
        elif one.state != UNCHANGED:
            self.console.progress(f"{name} is {one.state}")

    def code(self) -> int:
        """The worst that happened."""
        states = {result.written.state for result in self.results if result.written}
        if self.refusals:
            return exits.USAGE
        if exits.ERRORS in self.codes or states & {STALE, MISSING}:
            return exits.ERRORS
        return max(self.codes, default=exits.CLEAN)


LIBRARY = "there is no `arch` in this file, so there are no classes in its module"


def _library(work: Work) -> Work:
    """A file of blocks only: nothing is wrong with it, and its module is empty."""
    note = Diagnostic("E422", LIBRARY, severity=Severity.WARNING, needed="`arch Name { … }`")
    text = emitters.find(work.format or emitters.USUAL).library()
    return work._replace(text=text, findings=(*work.findings, note))


def _origins(work: Work, path: str, design: str | None) -> tuple[str, ...]:
    """The files that a module was made of."""
    assert work.spec is not None
    used = (shown_path(file) for file in work.spec.used)
    named = (path, *([design] if design else []))
    return tuple(dict.fromkeys(name for name in (*named, *used) if name != STDIN))


def _document(result: _Result) -> dict[str, Any]:
    document = _model(result.work)
    if result.written is None:
        return document
    return {**document, "file": str(result.written.output), "state": result.written.state}


def _model(work: Work) -> dict[str, Any]:
    from archdsl.evaluate.designs import design_of
    from archdsl.types import input_shape, shape

    if work.evaluation is None:
        return {"name": None, "source": work.text}
    graph = work.evaluation.graph
    return {
        "name": graph.name,
        "design": design_of(work.evaluation),
        "params": params(graph),
        "macs": macs(graph),
        "input": input_shape(graph.model.takes),
        "output": shape(graph.model.out),
        "source": work.text,
    }
