"""The zoo: known models that come with archdsl, named ``zoo:NAME`` wherever a spec is."""

from __future__ import annotations

from pathlib import Path

from archdsl.cli.refused import Refused
from archdsl.diagnostics import did_you_mean
from archdsl.rendering.escape import visible
from archdsl.zoo import models

PREFIX = "zoo:"


class ZooPath(str):
    """The path of a model of the zoo, which is not for writing."""

    __slots__ = ()


def path_of(name: str) -> ZooPath:
    """The file of a model. Raises Refused with a guess for a name that there is not."""
    found = models().get(name)
    if found is None:
        known = did_you_mean(name, models()) or "`archdsl zoo` lists them"
        raise Refused(f"there is no model `{visible(name)}` in the zoo; {known}")
    return ZooPath(found)


def refuse_writing(path: str) -> None:
    """Raises Refused for a model of the zoo."""
    if isinstance(path, ZooPath):
        name = Path(path).stem
        copy = f"`archdsl zoo {name} > {name}.arch` gives you a copy to change"
        raise Refused(f"{PREFIX}{name} stays as it is; {copy}")
