"""From the text of a spec to its programs: files used, blocks declared, clauses bound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, Label, SpecError, did_you_mean
from archdsl.evaluate import going_on
from archdsl.resolve.arches import resolve_arch
from archdsl.resolve.blocks import Blocks, attempt
from archdsl.resolve.using import Used
from archdsl.source import Source, Span
from archdsl.spec.bind import bind_clause
from archdsl.syntax import nodes as ast
from archdsl.syntax.admission import other_language
from archdsl.syntax.bounds import DEFAULT_LIMITS, Limits
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from archdsl.evaluate.program import Program
    from archdsl.source import Source


class Spec(NamedTuple):
    """A spec resolved: its architectures by name, its device profiles, the files it uses, and all
    that it and they declare."""

    programs: dict[str, Program]
    devices: dict[str, Any]
    tree: ast.File
    used: tuple[Path, ...] = ()
    declared: tuple[ast.Item, ...] = ()

    def program(self, name: str | None = None) -> Program:
        """The architecture of a name, or the only one. Raises :class:`SpecError`."""
        if name is None and len(self.programs) == 1:
            return next(iter(self.programs.values()))
        found = self.programs.get(name or "")
        if found is None:
            raise SpecError(_which_arch(name, tuple(self.programs)))
        return found

    def beside(self, program: Program) -> tuple[Program, ...]:
        """The other architectures of the file."""
        return tuple(other for other in self.programs.values() if other is not program)


def _which_arch(name: str | None, known: tuple[str, ...]) -> Diagnostic:
    listed = ", ".join(known)
    if not known:
        message = "there is no `arch` in this file"
        return Diagnostic("E422", message, needed="`arch Name { … }`")
    if name is None:
        return Diagnostic("E422", "this file has several architectures", needed=f"one of {listed}")
    return Diagnostic(
        "E422",
        f"there is no architecture called `{name}`",
        needed=f"one of {listed}",
        help=did_you_mean(name, known),
    )


def _empty(source: Source) -> Diagnostic:
    place = Span(source, 0, 0)
    return Diagnostic("E422", "there is nothing in this file", place, needed="`arch Name { … }`")


def load(
    source: Source,
    root: Path | None = None,
    limits: Limits = DEFAULT_LIMITS,
    tree: ast.File | None = None,
) -> Spec:
    """Parse and resolve a spec. ``root`` bounds the files it may use (default: none), ``limits``
    how large each may be; ``tree`` is what a source without errors was parsed to before.

    Raises :class:`SpecError` with every finding that is certain.
    """
    return _Loader(root, limits).load(source, tree)


def place_of(source: Source, root: Path | None) -> Path:
    """The path that the files of a spec are seen from: its own, where its name is the path of a
    file below ``root``; a text that is none stands in ``root`` itself."""
    path = Path(source.name)
    if root is None or _is_file_below(path, root):
        return path
    return root / "<text>"


def _is_file_below(path: Path, root: Path) -> bool:
    try:
        return path.is_file() and path.resolve().is_relative_to(root.resolve())
    except (OSError, ValueError):  # no path at all
        return False


class _Loader:
    def __init__(self, root: Path | None, limits: Limits) -> None:
        self.root = root
        self.limits = limits
        self.blocks = Blocks()
        self.devices: dict[str, Any] = {}
        self.findings = self.blocks.findings

    def load(self, source: Source, tree: ast.File | None) -> Spec:
        tree = parse(source, self.limits) if tree is None else tree
        if all(isinstance(item, ast.Language) for item in tree.items):
            raise SpecError(_empty(source))
        used = Used(self.root, self.limits, self.findings)
        declared = list(used.items(tree, place_of(source, self.root)))
        for item in declared:
            self._declare(item)
        self.blocks.resolve_all()
        programs: dict[str, Program] = {}
        for item in tree.items:
            if isinstance(item, ast.Arch):
                self._add(item, programs)
        if self.findings:
            for program in programs.values():
                self.findings += going_on.mistakes_of(program)
            raise SpecError(*_in_order(self.findings))
        return Spec(programs, self.devices, tree, tuple(used.files), tuple(declared))

    def _declare(self, item: ast.Item) -> None:
        if isinstance(item, ast.Block):
            self.blocks.declare(item)
        elif isinstance(item, ast.Function):
            self.blocks.declare_function(item)
        elif isinstance(item, ast.Language):
            newer = other_language(item.span.source)
            self.findings += [newer] if newer is not None else []
        elif isinstance(item, ast.Device):
            self._device(item)

    def _device(self, item: ast.Device) -> None:
        name = item.call.function.id
        device = attempt(lambda: bind_clause("device", item.call), self.findings)
        if device is not None:
            self.devices[name] = device

    def _add(self, item: ast.Arch, programs: dict[str, Program]) -> None:
        if item.name.id in programs:
            self.findings.append(
                Diagnostic(
                    "E421",
                    f"there is an `arch {item.name.id}` already",
                    item.name.span,
                    trail=(Label(programs[item.name.id].span, "declared here first"),),
                    needed="another name",
                )
            )
            return
        try:
            program = programs[item.name.id] = resolve_arch(item, self.blocks)
            program.devices = self.devices
        except SpecError as error:
            self.findings.extend(error.diagnostics)


def _in_order(findings: list[Diagnostic]) -> list[Diagnostic]:
    unique = list({(f.code, f.span, f.message): f for f in findings}.values())
    return sorted(unique, key=lambda f: f.span.start if f.span else 0)
