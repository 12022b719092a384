"""The store of files, and pictures without what they tell about their makers."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from app.database import db
from app.domain import files
from app.domain.errors import NotAPicture
from app.models import StoredFile
from tests import make


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#00615a").save(out, kind, **options)
    return out.getvalue()


def test_keep_stores_the_bytes(app: Flask) -> None:
    host = make.host()

    stored = files.keep(host, "a.png", "image/png", b"content")

    assert (stored.host_id, stored.size, stored.content, len(stored.sha256)) == (host.id, 7, b"content", 64)


def test_keep_of_the_same_bytes_stores_once_per_host(app: Flask) -> None:
    host, other = make.host(), make.host()

    first = files.keep(host, "a.png", "image/png", b"content")

    assert files.keep(host, "b.png", "image/png", b"content") == first
    assert files.keep(other, "a.png", "image/png", b"content") != first
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 2


def test_keep_cuts_a_long_name(app: Flask) -> None:
    assert files.keep(make.host(), "x" * 500, "image/png", b"content").name == "x" * 200


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_picture_of_any_kind_becomes_a_png(kind: str) -> None:
    with Image.open(io.BytesIO(files.as_picture(picture(kind)))) as made:
        assert (made.format, made.mode, made.size) == ("PNG", "RGBA", (40, 20))


def test_picture_loses_its_metadata() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    content = picture("JPEG", exif=exif, comment=b"by somebody")
    assert b"taken at home" in content

    made = files.as_picture(content)

    assert b"taken at home" not in made
    with Image.open(io.BytesIO(made)) as image:
        assert (dict(image.getexif()), image.info) == ({}, {})


def test_picture_taken_sideways_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90 degrees

    with Image.open(io.BytesIO(files.as_picture(picture("JPEG", exif=exif)))) as made:
        assert made.size == (20, 40)


def test_picture_is_made_smaller_in_proportion() -> None:
    with Image.open(io.BytesIO(files.as_picture(picture(size=(2000, 1000))))) as made:
        assert made.size == (800, 400)


def test_picture_that_unfolds_beyond_measure_is_refused() -> None:
    # 49 million pixels in a file of some kilobytes.
    with pytest.raises(NotAPicture):
        files.as_picture(picture(size=(7000, 7000)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\x89PNG\r\n\x1a\n" + b"0" * 100,
        picture()[:60],
        b"%PDF-1.7",
        picture("TIFF"),
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        files.as_picture(content)
