"""The store of files: kept in the database's reach, found by content, one interface."""

from __future__ import annotations

import hashlib
import io
import threading

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError
from sqlalchemy import select

from app.database import db, transaction
from app.domain.errors import NotAPicture
from app.models import Host, StoredFile

MAX_SIDE = 800
MAX_PIXELS = 40_000_000


class _OnlyWhole:
    """While it is held, a picture without its end is refused; drawing documents allows such for the whole process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()
        self._before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False

    def __exit__(self, *_: object) -> None:
        ImageFile.LOAD_TRUNCATED_IMAGES = self._before
        self._lock.release()


_ONLY_WHOLE = _OnlyWhole()


def keep(host: Host, name: str, media_type: str, content: bytes) -> StoredFile:
    """Store `content` for `host`; the same bytes are kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction():
        stored = db.session.scalar(
            select(StoredFile).where(StoredFile.host_id == host.id, StoredFile.sha256 == sha256)
        )
        if stored is None:
            stored = StoredFile(
                host_id=host.id,
                sha256=sha256,
                media_type=media_type,
                name=name[:200],
                size=len(content),
                content=content,
            )
            db.session.add(stored)
            db.session.flush()
    return stored


def as_picture(content: bytes) -> bytes:
    """Return the picture as a fresh PNG of at most 800 px a side, without metadata. Raises NotAPicture."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP", "GIF")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise NotAPicture
            with _ONLY_WHOLE:
                picture.load()
            # Cameras note how they were held; that note goes with the other metadata.
            clean = ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError, SyntaxError) as error:
        raise NotAPicture from error
    clean.thumbnail((MAX_SIDE, MAX_SIDE))
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()
