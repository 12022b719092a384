"""Short names made of words: parts of addresses and of files, lower-case ASCII."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug(text: str, most: int = 60) -> str:
    """`ueber-uns` for "Über uns"; empty where nothing of the text can be spelled so."""
    spelled = text.lower().translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:most].strip("-")


def free(text: str, taken: Collection[str], *, otherwise: str, most: int = 40) -> str:
    """A slug of `text` that is not among `taken`; it begins with a letter, if need be with `otherwise`."""
    stem = slug(text, most)
    if not stem or not stem[0].isalpha():
        stem = f"{otherwise}-{stem}".strip("-")
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key
