"""Images are checked before they are decoded, and scaled to RGB bytes."""

from __future__ import annotations

import io
import struct
import sys
import zlib

import pytest
from PIL import Image

from qtui.artifacts import image_file
from qtui.artifacts.content import ImageContent
from qtui.errors import ArtifactUnreadable
from tests.unit.artifacts.sources import open_view, views_for

RED, GREEN, BLUE = (255, 0, 0), (0, 128, 0), (0, 0, 255)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def open_image(data: bytes, path: str = "a.png") -> ImageContent:
    content = open_view(data, "image", path)
    assert isinstance(content, ImageContent)
    return content


def png_of_size(width: int, height: int) -> bytes:
    """A PNG of which the header claims a size, with few pixels in it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_an_image_of_every_format_is_scaled(kind: str) -> None:
    data = encoded(Image.new("RGB", (64, 48), BLUE), kind)
    views = views_for(data, "lies.txt")
    assert (views.kind, [view.title for view in views.views]) == ("image", ["image", "hex"])
    image = open_image(data)
    assert (image.size, image.caption) == ((64, 48), f"{kind} 64 × 48")
    pixels = image.pixels(3, 2)
    assert len(pixels) == 3 * 2 * 3
    assert all(abs(pixels[place] - BLUE[place % 3]) < 6 for place in range(len(pixels)))


def test_an_image_is_encoded_for_the_protocols_of_terminals() -> None:
    image = open_image(encoded(Image.new("RGBA", (4, 4), (255, 0, 0, 128)), "PNG"))
    sent = Image.open(io.BytesIO(image.png((8, 2), (10, 4), (0, 0, 50))))
    assert (sent.size, sent.mode) == ((10, 4), "RGB")
    assert [sent.getpixel((column, 1)) for column in (0, 1, 8, 9)] == [(0, 0, 50), *[(128, 0, 25)] * 2, (0, 0, 50)]
    palette, indices = image.palette_pixels((3, 2), (4, 2), (0, 0, 50))
    colours = [palette[index * 3 : index * 3 + 3] for index in indices]
    assert colours == [*[bytes((128, 0, 25))] * 3, bytes((0, 0, 50))] * 2


def test_a_large_photo_is_sent_in_fewer_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_file, "MAX_PNG_BYTES", 10_000)
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    sent = Image.open(io.BytesIO(open_image(encoded(noise, "PNG")).png((200, 200), (200, 200), (0, 0, 0))))
    assert (sent.size, sent.mode) == ((200, 200), "P")


def test_transparent_parts_show_the_background() -> None:
    image = open_image(encoded(Image.new("RGBA", (4, 4), (255, 255, 255, 0)), "PNG"))
    assert image.pixels(1, 1, (10, 20, 30)) == bytes((10, 20, 30))
    palette = Image.new("P", (2, 1))
    palette.putpalette([255, 0, 0, 0, 0, 255])
    palette.putdata([0, 1])
    image = open_image(encoded(palette, "GIF", transparency=0))
    assert image.pixels(2, 1, (1, 2, 3)) == bytes((1, 2, 3, 0, 0, 255))


def test_a_photo_is_turned_upright() -> None:
    wide = Image.new("RGB", (40, 20), RED)
    exif = Image.Exif()
    exif[0x0112] = 6
    image = open_image(encoded(wide, "JPEG", exif=exif))
    assert (image.size, image.caption) == ((20, 40), "JPEG 40 × 20")


def test_numbers_beyond_bytes_are_shown_from_black_to_white() -> None:
    grey = Image.new("I;16", (2, 1))
    grey.putdata([1000, 3000])
    assert open_image(encoded(grey, "PNG")).pixels(2, 1) == bytes((0, 0, 0, 255, 255, 255))
    numbers = Image.new("F", (2, 1))
    numbers.putdata([-0.5, 0.5])
    assert open_image(encoded(numbers, "TIFF")).pixels(2, 1) == bytes((0, 0, 0, 255, 255, 255))


def test_a_large_image_is_kept_smaller_and_says_its_size() -> None:
    image = open_image(encoded(Image.new("RGB", (6000, 2000), GREEN), "PNG"))
    assert image.caption == "PNG 6000 × 2000"
    assert image.size[0] * image.size[1] <= 4_000_000
    assert image.pixels(1, 1) == bytes(GREEN)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (png_of_size(30_000, 30_000), "pixels"),
        (png_of_size(1, 200_000), "100,000 a side"),
        (png_of_size(10, 10)[:60], "broken image"),
        (png_of_size(500, 500), "broken image"),
        (encoded(Image.new("RGB", (100, 100)), "PNG")[:-30], "broken image"),
        (encoded(Image.effect_noise((100, 100), 50), "JPEG")[:1500], "broken image"),
        (b"GIF89a" + bytes(range(100)), "image|pixels"),
        (b"II*\0" + b"\xff" * 50, "broken image"),
        (b"RIFF\0\0\0\0WEBPVP8 " + bytes(40), "broken image"),
        (b"\xff\xd8\xff" + bytes(40), "broken image"),
        (b"BM" + bytes(60), "image|pixels"),
    ],
    ids=range(11),
)
def test_a_bomb_or_a_broken_image_is_answered_in_one_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(ArtifactUnreadable, match=reason) as error:
        open_image(data)
    assert "\n" not in str(error.value)


def test_without_pillow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ArtifactUnreadable, match=r"pip install 'qtui\[images\]'"):
        open_image(png_of_size(1, 1))


def test_a_text_that_begins_like_an_image_is_text() -> None:
    assert views_for(b"BM is the symbol of ...\n", "a.txt").kind == "text"
