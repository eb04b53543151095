"""Importing .arch files: ``import specs.zoo.resnet50`` gives a module of the generated classes."""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_loader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import SpecError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

GENERATED = "archdsl_generated_"  # how the names of live modules begin (archdsl.runtime.module)


def install_importer() -> None:
    """Let ``import`` find .arch files wherever it looks for .py files; those win over .arch.

    The module has each architecture's generated classes as attributes. Importing needs the extra
    ``torch`` and raises ImportError, with the findings in its message, for a spec that has errors
    or open choices. Installing twice changes nothing.
    """
    if not any(isinstance(finder, ArchFinder) for finder in sys.meta_path):
        sys.meta_path.append(ArchFinder())


class ArchFinder(MetaPathFinder):
    """Finds ``<name>.arch`` in the folders of ``sys.path`` or of the parent package."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.startswith(GENERATED):
            raise ModuleNotFoundError(_not_executed(fullname), name=fullname)
        file_name = f"{fullname.rpartition('.')[2]}.arch"
        for folder in sys.path if path is None else path:
            file = Path(folder) / file_name
            if file.is_file():
                return spec_from_loader(fullname, ArchLoader(file), origin=str(file))
        return None


def _not_executed(name: str) -> str:
    """Why a class that was pickled alone, by its name, cannot be found."""
    model = name.removeprefix(GENERATED).rpartition("_")[0]
    return (
        f"{name} is the generated module of a spec's text, which was not executed in this process: "
        f"import or build the same spec of `{model}` first, or pickle a model, not its class"
    )


class ArchLoader(Loader):
    """Compiles a spec and runs the generated text as the module."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def exec_module(self, module: ModuleType) -> None:
        from archdsl.runtime.module import load

        module.__file__ = str(self.file)
        for source, name in self._sources(module.__name__):
            generated = load(source, name)
            vars(module).update(_own(generated))

    def _sources(self, name: str) -> list[tuple[str, str]]:
        """The generated text and the name of each architecture."""
        from archdsl import api

        try:
            compiled = api.compile_all(self.file)
        except OSError as error:
            message = f"cannot read {self.file}: {error.strerror}"
            raise ImportError(message, name=name, path=str(self.file)) from error
        except SpecError as error:
            message = f"{self.file} does not compile\n{api.Report(error.diagnostics).render()}"
            raise ImportError(message, name=name, path=str(self.file)) from None
        return [(one.source, one.name) for one in compiled]

    def get_source(self, fullname: str) -> str:
        """The generated text, for tools that show source."""
        return "\n".join(source for source, _ in self._sources(fullname))


def _own(generated: ModuleType) -> dict[str, Any]:
    """The classes and functions that a generated module defines."""
    return {
        name: value
        for name, value in vars(generated).items()
        if getattr(value, "__module__", None) == generated.__name__
    }
