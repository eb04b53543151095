"""What a format of pictures is: one file that writes a picture as text.

It is a class in ``archdsl/pictures/formats/<word>.py``, its name the word in CamelCase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from archdsl.pictures.picture import Picture
    from archdsl.pictures.report import Report


class Format:
    """Base of all formats; the docstring of each says what it writes. ``suffix`` is what its files
    end in; ``needs_report`` tells whether it shows more than the picture."""

    suffix: ClassVar[str]
    needs_report: ClassVar[bool] = False

    def draw(self, picture: Picture, report: Report | None = None) -> str:
        """The text of a picture: the same for the same picture in every process. Nothing that a
        spec contains can be more in it than text."""
        raise NotImplementedError
