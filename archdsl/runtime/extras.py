"""What of the extras is installed, and the words when something is not."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

INSTALL = {
    "torch": "archdsl[torch]",
    "numpy": "archdsl[torch]",
    "sklearn": "archdsl[torch]",
    "torch_geometric": "archdsl[graph]",
    "PIL": "archdsl[data]",
    "pyarrow": "archdsl[data]",
    "safetensors": "archdsl[torch]",
    "optuna": "archdsl[search]",
    "sqlalchemy": "archdsl[search]",
    "filelock": "archdsl[search]",
    "matplotlib": "archdsl[search]",
    "ray": "archdsl[ray]",
    "cmaes": "archdsl[search]",
    "scipy": "archdsl[search]",
    "torchvision": "archdsl[data]",
    "watchfiles": "archdsl[watch]",
    "pygls": "archdsl[lsp]",
    "lsprotocol": "archdsl[lsp]",
}
PACKAGES = {
    "sklearn": "scikit-learn",
    "torch_geometric": "PyTorch Geometric",
    "PIL": "Pillow",
    "optuna": "Optuna",
    "matplotlib": "Matplotlib",
    "ray": "Ray",
    "scipy": "SciPy",
}


class MissingPackage(ModuleNotFoundError):
    """A package that is not installed; the message says how to install it."""

    def __init__(self, module: str, purpose: str) -> None:
        package = PACKAGES.get(module, module)
        command = f"pip install '{INSTALL[module]}'"
        message = f"{purpose} needs {package}, which is not installed: {command}"
        super().__init__(message, name=module)
        self.module = module
        self.purpose = purpose

    def __reduce__(self) -> tuple[Any, ...]:
        return MissingPackage, (self.module, self.purpose)


class BadInput(ValueError):
    """Something given, such as data or a device, does not fit the design or cannot be used."""


def needed(module: str, purpose: str) -> Any:
    """An optional package, imported. Raises :class:`MissingPackage`."""
    with needing(purpose):
        return import_module(module)


@contextmanager
def needing(purpose: str) -> Iterator[None]:
    """Any optional package missing inside becomes :class:`MissingPackage`."""
    try:
        yield
    except MissingPackage:
        raise
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        if module not in INSTALL:
            raise
        raise MissingPackage(module, purpose) from None
