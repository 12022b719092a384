"""Every sentence residents can read is translated in every installed language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from app.web import languages

ROOT = Path(__file__).parents[2]
# What residents read. Pages of staff are German only.
TEMPLATES = (
    "base.html",
    "error.html",
    "components/*.html",
    "layouts/public.html",
    "layouts/personal.html",
    "layouts/print.html",
    "public/*.html",
    "conferences/*.html",
    "signup/*.html",
    "mail/*",
)
MODULES = (
    "blueprints/*/routes.py",
    "blueprints/*/forms.py",
    "blueprints/conferences/pages.py",
    "domain/errors.py",
    "letters/*.py",
    "exports/calendar.py",
    "mail.py",
    "web/labels.py",
    "web/errors.py",
    "web/forms.py",
    "web/filters.py",
    "web/throttle.py",
)
# Signing in and invitations are for staff, in German.
FOR_STAFF = ("blueprints/accounts/",)
# Only staff ever meet these errors and words.
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
FOREIGN = [code for code in languages.INSTALLED if code != "de"]

Message = str | tuple[str, ...]


def sources() -> Iterator[tuple[Path, str]]:
    for pattern in TEMPLATES:
        for path in sorted((ROOT / "templates").glob(pattern)):
            yield path, "jinja2"
    for pattern in MODULES:
        for path in sorted((ROOT / "app").glob(pattern)):
            if not path.relative_to(ROOT / "app").as_posix().startswith(FOR_STAFF):
                yield path, "python"


def sentences() -> dict[Message, str]:
    """Every message residents can read, and where it stands."""
    found: dict[Message, str] = {}
    for path, method in sources():
        options = {"silent": "false", "trimmed": "true"} if method == "jinja2" else {}
        for line, message, _comments, _context in extract_from_file(
            method, path, keywords=KEYWORDS, options=options
        ):
            found.setdefault(message, f"{path.relative_to(ROOT).as_posix()}:{line}")
    return found


def catalogue(code: str) -> dict[Message, tuple[tuple[str, ...], bool]]:
    """Translations by message, with whether they still need a look."""
    path = ROOT / "app" / "translations" / languages.get(code).locale / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        messages = read_po(file)
    return {
        tuple(message.id) if message.pluralizable else str(message.id): (
            tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,),
            message.fuzzy,
        )
        for message in messages
        if message.id
    }


def words(message: Message) -> str:
    return message if isinstance(message, str) else message[-1]


def placeholders(text: str) -> set[str]:
    return {named or braced for named, braced in PLACEHOLDER.findall(text)}


def test_the_sentences_are_found():
    found = {words(message) for message in sentences()}

    assert len(found) > 150
    assert {"Zum Inhalt springen", "Das gibt es nicht oder nicht mehr."} <= found


@pytest.mark.parametrize("code", FOREIGN)
def test_every_sentence_is_translated(code):
    known = catalogue(code)

    missing = [
        f"{place}: {words(message)}"
        for message, place in sentences().items()
        if message not in known or not all(known[message][0])
    ]

    assert missing == []


@pytest.mark.parametrize("code", FOREIGN)
def test_no_translation_is_a_guess(code):
    assert [words(message) for message, (_texts, fuzzy) in catalogue(code).items() if fuzzy] == []


@pytest.mark.parametrize("code", FOREIGN)
def test_placeholders_are_kept(code):
    wrong = []
    for message, (texts, _fuzzy) in catalogue(code).items():
        wanted = placeholders(words(message))
        for text in texts:
            # One and two are words of their own in some languages: a plural form may leave the number out.
            left_out = wanted - placeholders(text) - ({"num"} if isinstance(message, tuple) else set())
            if text and (left_out or placeholders(text) - wanted):
                wrong.append((words(message), text))

    assert wrong == []


@pytest.mark.parametrize("code", FOREIGN)
def test_the_catalogue_has_all_plural_forms(code):
    from babel import Locale

    # German counts one and many; each language has as many forms as its own rules tell apart.
    count = len(set(Locale.parse(languages.get(code).locale).plural_form.tags) | {"other"})

    assert [
        words(message)
        for message, (texts, _fuzzy) in catalogue(code).items()
        if isinstance(message, tuple) and len(texts) != count
    ] == []
