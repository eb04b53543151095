"""What `new` writes is accepted by the strictest check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from archdsl import api
from archdsl.cli import exits
from archdsl.cli.group import archdsl
from archdsl.starting.choosing import NoDesignFits
from archdsl.starting.writing import first_design

if TYPE_CHECKING:
    from archdsl.starting.description import Description


def accepted_or_refused(data: Description) -> None:
    """The first design for some data is accepted, or the limit that none meets is told."""
    try:
        text = first_design(data)
    except NoDesignFits as unmet:
        assert "times as much" in str(unmet)  # noqa: PT017 - most descriptions do not raise
        return
    is_accepted(text)


def is_accepted(text: str) -> None:
    """`check --strict` finds nothing in a text, which is laid out as the formatter lays it out."""
    assert api.format(text) == text
    result = CliRunner().invoke(archdsl, ["check", "--strict", "-"], input=text)
    assert result.exit_code == exits.CLEAN, result.output
