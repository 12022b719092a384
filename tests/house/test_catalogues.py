"""Every sentence residents can read is translated in every installed language."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from app.web import languages

ROOT = Path(__file__).parents[2]
# Names the files residents read; the maintainers' command reads it too.
MAPPING = ROOT / "babel.cfg"
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


def sentences() -> dict[Message, str]:
    """Every message residents can read, and where it stands."""
    with MAPPING.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found: dict[Message, str] = {}
    for path, line, message, _comments, _context in extract_from_dir(
        ROOT, methods, options, KEYWORDS, directory_filter=_holds_sentences
    ):
        found.setdefault(message, f"{path}:{line}")
    return found


def _holds_sentences(folder: str | os.PathLike[str]) -> bool:
    return Path(folder).relative_to(ROOT).parts[0] in ("app", "templates")


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
