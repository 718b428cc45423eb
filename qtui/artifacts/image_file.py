"""Images, decoded by pillow after their format and size were checked."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from qtui.artifacts.content import ImageContent
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable
from qtui.formatting import format_size

if TYPE_CHECKING:
    from PIL.Image import Image

STARTS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)
"""The first bytes of the formats that pillow may decode; its decoders of other formats are never used."""
MAX_IMAGE_BYTES = 1 << 28
MAX_PIXELS = 64_000_000
MAX_SIDE = 100_000
MAX_KEPT_PIXELS = 4_000_000
"""Pixels of the copy that is kept for scaling; no terminal shows more."""
MAX_PNG_BYTES = 1 << 20
"""Size of a PNG file in all colours; slow connections take a second for it."""
PALETTE_COLOURS = 256
"""Colours of an image for terminals with a palette."""
NO_LOG = logging.NullHandler()
BACKGROUND = (0, 0, 0)


class ImageViewer(Viewer):
    """Images by their first bytes."""

    name = "image"

    def recognises(self, sample: Sample) -> bool:
        return image_format(sample.head) != "" and not sample.is_text

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("image", partial(open_image, source, image_format(sample.head))),)


class PillowImage(ImageContent):
    """A decoded image."""

    def __init__(self, image: Image, caption: str) -> None:
        self._image = image
        self.caption = caption

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, upright; those of a very large image are reduced."""
        return self._image.size

    def pixels(self, width: int, height: int, background: tuple[int, int, int] = BACKGROUND) -> bytes:
        return self._blend(width, height, background).tobytes()

    def png(self, size: tuple[int, int], canvas: tuple[int, int], background: tuple[int, int, int]) -> bytes:
        """Return the image on its canvas as a PNG file, with fewer colours if it would be large otherwise.

        Transparent parts show the background: on some terminals they would show the image that was there before.
        """
        from PIL import Image

        image = self._on_canvas(size, canvas, background)
        data = _png_bytes(image)
        if len(data) <= MAX_PNG_BYTES:
            return data
        return _png_bytes(image.quantize(256, Image.Quantize.FASTOCTREE))

    def palette_pixels(
        self, size: tuple[int, int], canvas: tuple[int, int], background: tuple[int, int, int]
    ) -> tuple[bytes, bytes]:
        image = self._on_canvas(size, canvas, background).quantize(PALETTE_COLOURS)
        return bytes(image.getpalette() or ()), image.tobytes()

    def _on_canvas(self, size: tuple[int, int], canvas: tuple[int, int], background: tuple[int, int, int]) -> Image:
        """Return the scaled image in RGB in the middle of a canvas."""
        from PIL import Image

        result = Image.new("RGB", canvas, background)
        result.paste(self._blend(*size, background), ((canvas[0] - size[0]) // 2, (canvas[1] - size[1]) // 2))
        return result

    def _blend(self, width: int, height: int, background: tuple[int, int, int]) -> Image:
        """Return the scaled image in RGB, with the background below its transparent parts."""
        from PIL import Image

        image = self._image.resize((max(1, width), max(1, height)), Image.Resampling.BOX)
        if image.mode == "RGBA":
            below = Image.new("RGBA", image.size, (*background, 255))
            image = Image.alpha_composite(below, image)
        return image.convert("RGB")


def _png_bytes(image: Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def image_format(head: bytes) -> str:
    """Return the format of an image by its first bytes; empty for another file."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return next((name for start, name in STARTS if head.startswith(start)), "")


def open_image(source: Source, kind: str) -> PillowImage:
    """Decode the first frame of an image, upright; raises ArtifactUnreadable with the reason if it cannot."""
    try:
        from PIL import Image
    except ImportError:
        raise ArtifactUnreadable("Images need pillow: pip install 'qtui[images]'") from None
    if source.size > MAX_IMAGE_BYTES:
        raise ArtifactUnreadable(
            f"{source.name} has {format_size(source.size)}; the limit for images is {format_size(MAX_IMAGE_BYTES)}."
        )
    with _pillow_errors(source):
        with Image.open(source.reader(), formats=(kind,)) as image:
            _require_few_pixels(source, image)
            # Checks the structure and checksums without decoding; the file has to be opened again after it.
            image.verify()
        with Image.open(source.reader(), formats=(kind,)) as image:
            caption = _caption(image)
            if kind == "JPEG":
                image.draft("RGB", (2000, 2000))
            image.load()
            return PillowImage(_reduce(_turn_upright(image)), caption)


def _require_few_pixels(source: Source, image: Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise ArtifactUnreadable(
            f"{source.name} has {width:,} × {height:,} pixels; the limit is {MAX_PIXELS:,} pixels, {MAX_SIDE:,} a side."
        )
    if width < 1 or height < 1:
        raise ArtifactUnreadable(f"{source.name} has no pixels.")


def _turn_upright(image: Image) -> Image:
    """Return an image rotated as its EXIF data says; those may be broken where the image is not."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image


def _reduce(image: Image) -> Image:
    """Return an image in RGB or RGBA with as many pixels as are kept at most."""
    has_alpha = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    if image.mode in ("I", "I;16", "I;16B", "F"):
        image = _stretch_levels(image)
    image = image.convert("RGBA" if has_alpha else "RGB")
    width, height = image.size
    scale = (MAX_KEPT_PIXELS / (width * height)) ** 0.5
    if scale < 1:
        image = image.resize((max(1, int(width * scale)), max(1, int(height * scale))), reducing_gap=3.0)
    return image


def _stretch_levels(image: Image) -> Image:
    """Return an image of large numbers in grey, with its smallest number black and its largest white."""
    grey = image if image.mode == "F" else image.convert("I").convert("F")
    low, high = grey.getextrema()
    if not isinstance(low, float) or not isinstance(high, float):
        return image
    scale = 255 / (high - low) if high > low else 0.0
    return grey.point(lambda value: value * scale - low * scale).convert("L")


def _caption(image: Image) -> str:
    width, height = image.size
    return f"{image.format} {width} × {height}"


@contextmanager
def _pillow_errors(source: Source) -> Iterator[None]:
    """Translate the errors of pillow's decoders, which are of many classes for broken files."""
    # Python prints the errors of a logger without a handler to the terminal.
    logging.getLogger("PIL").addHandler(NO_LOG)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except ArtifactUnreadable:
            raise
        except Exception as error:
            is_unknown = type(error).__name__ == "UnidentifiedImageError"
            reason = "its header is damaged" if is_unknown else error or type(error).__name__
            raise ArtifactUnreadable(f"{source.name} is a broken image: {reason}.") from None
