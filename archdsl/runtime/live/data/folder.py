"""Images on disk: a subfolder for each class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.runtime.extras import BadInput, needed
from archdsl.runtime.live.data.samples import Samples

if TYPE_CHECKING:
    from pathlib import Path

    from archdsl.runtime.live.arrays import Array

# Pillow's name of the format that each suffix promises. It tries no others: told to guess by the
# content, it would hand what it takes for PostScript to an interpreter.
FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".bmp": "BMP",
    ".gif": "GIF",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".ppm": "PPM",
    ".pgm": "PPM",
}
PROMISED = tuple(sorted(set(FORMATS.values())))  # any of them, as many a .jpg is a PNG


class Decoder:
    """Reads images when they are asked for.

    ``size`` (height, width) and ``channels`` are settled by what a spec takes; images are resized
    to it.
    """

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths
        self.size: tuple[int, int] | None = None
        self.channels = 3

    def __call__(self, places: Array) -> Array:
        import numpy as np

        return np.stack([self._image(self.paths[place]) for place in places])

    def _image(self, path: Path) -> Array:
        """Channels × height × width, between 0 and 1."""
        import numpy as np

        pillow = needed("PIL.Image", "reading images")
        try:
            with pillow.open(path, formats=PROMISED) as image:
                image = image.convert("L" if self.channels == 1 else "RGB")
                if self.size is not None and image.size != self.size[::-1]:
                    image = image.resize(self.size[::-1])
                pixels: Any = np.asarray(image, dtype=np.float32) / 255
        except (OSError, ValueError, SyntaxError, pillow.DecompressionBombError) as error:
            raise BadInput(f"{path} is no image that Pillow reads: {error}") from None
        planes: Array = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
        return planes


def image_folder(folder: Path) -> Samples:
    """The images of a folder; the names of its subfolders are the classes, in order."""
    import numpy as np

    needed("PIL.Image", "reading images")
    classes = sorted(entry for entry in folder.iterdir() if entry.is_dir() and _has_images(entry))
    if len(classes) < 2:
        raise BadInput(f"{folder} needs a subfolder of images for each of at least two classes")
    paths = [(path, place) for place, entry in enumerate(classes) for path in _images(entry)]
    labels = np.array([classes[place].name for _, place in paths])
    return Samples(str(folder), labels, Decoder([path for path, _ in paths]))


def _images(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in FORMATS and p.is_file())


def _has_images(folder: Path) -> bool:
    return bool(_images(folder))
