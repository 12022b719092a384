"""Codes a resident can speak: three words and two digits, about 40 bits; only their HMAC is stored."""

from __future__ import annotations

import re
import secrets as random
import unicodedata
from functools import cache
from pathlib import Path

from app.domain import secrets

WORDS_PER_CODE = 3


@cache
def words() -> tuple[str, ...]:
    """The 2,048 words codes are made of."""
    return tuple((Path(__file__).parent / "words_de.txt").read_text(encoding="ascii").split())


def new_code() -> str:
    """A fresh random code such as `apfel-birne-wolke-47`."""
    return _spell(random.randbits(48))


def code_of_submission(submission: str, attempt: int = 0, *, purpose: str = "code") -> str:
    """The code that belongs to a form's own random id: the same form sent twice gets the same code.

    Derived under the pepper, so neither the database nor the form alone tells it. `attempt` moves on after a clash.
    """
    return _spell(int(secrets.digest(purpose, f"{submission}:{attempt}"), 16))


def digest(code: str, *, purpose: str = "registration-code") -> str:
    """What is stored of a code; the way it is typed (capitals, blanks, hyphens) does not matter."""
    return secrets.digest(purpose, normalise(code))


def normalise(code: str) -> str:
    """Return `code` as it is printed: lower case, parts joined by hyphens, whatever keyboard it was typed on."""
    # Letters lose their marks; ß and the Turkish i have twins, and Arabic keyboards have digits of their own.
    plain = unicodedata.normalize("NFKD", code).casefold().replace("ı", "i")
    text = "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in plain
        if not unicodedata.combining(sign)
    )
    return "-".join(re.findall(r"[a-z]+|[0-9]+", text))


def _spell(number: int) -> str:
    vocabulary = words()
    parts = []
    for _ in range(WORDS_PER_CODE):
        number, index = divmod(number, len(vocabulary))
        parts.append(vocabulary[index])
    return "-".join([*parts, f"{number % 100:02d}"])
