"""Placeholders in texts of messages: the closed list, what each kind may use and must hold, and how they are filled.

None of them can give away what somebody needs, or the name of anybody but the reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.errors import (
    BraceAlone,
    PlaceholderInNote,
    PlaceholderMisplaced,
    PlaceholderMissing,
    PlaceholderUnknown,
)
from app.models import MessageKind

_K = MessageKind


@dataclass(frozen=True)
class Placeholder:
    """One name between braces, and what stands there in the end; a part of its own cannot stand in a subject."""

    name: str
    meaning: Any
    is_part: bool = False


TITLE = Placeholder("titel", _l("Titel der Konferenz"))
DAY = Placeholder("tag", _l("Tag, zum Beispiel Donnerstag, 25. Mai 2023"))
TIME = Placeholder("uhrzeit", _l("Beginn und Ende, zum Beispiel 17:00 bis 20:00 Uhr"))
PLACE = Placeholder("ort", _l("Haus und Anschrift"))
NAME = Placeholder("name", _l("Name, den die Person bei der Anmeldung genannt hat, oder nichts"))
HOST = Placeholder("veranstalter", _l("Name der Stadt oder Einrichtung"))
PHONE = Placeholder("telefon", _l("Telefonnummer für Fragen"))
GROUPS = Placeholder("gruppen", _l("Arbeitsgruppen der angemeldeten Personen"), is_part=True)
LINK = Placeholder(
    "link", _l("persönlicher Link; im Brief: die Seite, auf der man den Code eingibt"), is_part=True
)
DEADLINE = Placeholder("frist", _l("bis wann jemand antworten muss"))
OFFERED = Placeholder("angebot", _l("was frei ist: die Arbeitsgruppe oder ein Platz bei der Konferenz"))
POSITION = Placeholder("warteplatz", _l("Platz auf der Warteliste"))
ORGANISATION = Placeholder("einrichtung", _l("Name der eingeladenen Einrichtung"))
PEOPLE = Placeholder("personen", _l("wie viele Personen sie höchstens anmelden kann"))
NOTE = Placeholder("hinweis", _l("was Sie für dieses eine Mal dazuschreiben"), is_part=True)

EVERYWHERE = (TITLE, DAY, TIME, PLACE, NAME, HOST, PHONE)
_FOR_HOUSEHOLDS = (*EVERYWHERE, GROUPS, LINK)
# Kinds that staff send to many; see app.domain.mailings.
FOR_MANY = (
    _K.REMINDER,
    _K.SCHEDULE_CHANGED,
    _K.CONFERENCE_POSTPONED,
    _K.CONFERENCE_CANCELLED,
    _K.THANKS,
    _K.RESULTS_OUT,
)
# Kinds that do not go to people who have registered.
FOR_INSTITUTIONS = (_K.INSTITUTION_INVITATION,)
# What each kind may use. Kinds that are not here always have the usual words.
ALLOWED: dict[MessageKind, tuple[Placeholder, ...]] = {
    _K.REGISTRATION_CONFIRMED: _FOR_HOUSEHOLDS,
    _K.WAITLISTED: (*EVERYWHERE, POSITION, LINK),
    _K.OFFER: (*EVERYWHERE, OFFERED, DEADLINE, LINK),
    _K.OFFER_LAPSED: (*EVERYWHERE, OFFERED),
    _K.MOVED_UP: (*_FOR_HOUSEHOLDS, OFFERED),
    _K.GROUPS_CHANGED: _FOR_HOUSEHOLDS,
    _K.GROUPS_ASSIGNED: _FOR_HOUSEHOLDS,
    _K.NEED_ANSWERED: (*EVERYWHERE, LINK),
    _K.REGISTRATION_CANCELLED: EVERYWHERE,
    **dict.fromkeys(FOR_MANY, (*_FOR_HOUSEHOLDS, NOTE)),
    **dict.fromkeys(FOR_INSTITUTIONS, (TITLE, DAY, TIME, PLACE, HOST, PHONE, ORGANISATION, PEOPLE, LINK)),
}
# Without these the reader could not do what the message is for.
REQUIRED: dict[MessageKind, tuple[Placeholder, ...]] = {
    _K.OFFER: (DEADLINE, LINK),
    _K.REGISTRATION_CONFIRMED: (LINK,),
    _K.NEED_ANSWERED: (LINK,),
    _K.INSTITUTION_INVITATION: (LINK,),
}

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


def check(kind: MessageKind, subject: str, body: str) -> None:
    """Raise unless both can be filled for this kind: PlaceholderUnknown, PlaceholderMissing, PlaceholderMisplaced,
    BraceAlone, each with the field it stands in."""
    known = {placeholder.name: placeholder for placeholder in ALLOWED[kind]}
    for field, text in (("subject", subject), ("body", body)):
        for name in names(text):
            if name not in known:
                raise PlaceholderUnknown(field=field, name=name, known=_listed(known))
            if field == "subject" and known[name].is_part:
                raise PlaceholderMisplaced(name=name)
        rest = _PLACEHOLDER.sub("", text)
        if alone := re.search(r".{0,12}[{}].{0,12}", rest):
            raise BraceAlone(field=field, near=alone.group().strip())
    held = set(names(body))
    for needed in REQUIRED.get(kind, ()):
        if needed.name not in held:
            raise PlaceholderMissing(field="body", name=needed.name, meaning=str(needed.meaning))


def check_note(note: Mapping[str, str]) -> None:
    """What staff add to one message says itself: nothing in it is filled. Raises PlaceholderInNote with its field."""
    for language, text in note.items():
        if found := re.search(r".{0,12}[{}].{0,12}", text):
            field = f"note_{language.replace('-', '_')}"
            raise PlaceholderInNote(field=field, near=found.group().strip())


def names(text: str) -> list[str]:
    """The names between braces, in their order; "" for a pair with nothing in it."""
    return [found.group(1).strip() for found in _PLACEHOLDER.finditer(text)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with its placeholders filled; where there is nothing to say, the blank before it goes as well."""

    def value(found: re.Match[str]) -> str:
        said = values.get(found.group(2).strip(), "")
        return f"{found.group(1)}{said}" if said else ""

    return re.sub(r"([ \t]?)\{([^{}\n]*)\}", value, text)


def parts(body: str) -> list[tuple[str, bool]]:
    """The paragraphs of `body` in their order: (text, False), and (name, True) for what is a part of its own."""
    found: list[tuple[str, bool]] = []

    def say(text: str) -> None:
        found.extend(
            (paragraph.strip(), False) for paragraph in re.split(r"\n\s*\n", text) if paragraph.strip()
        )

    start = 0
    for match in _PLACEHOLDER.finditer(body):
        if match.group(1).strip() in _PARTS:
            say(body[start : match.start()])
            found.append((match.group(1).strip(), True))
            start = match.end()
    say(body[start:])
    return found


def _listed(known: Mapping[str, Placeholder]) -> str:
    return ", ".join(f"{{{name}}}" for name in known)


_PARTS = frozenset(
    placeholder.name for allowed in ALLOWED.values() for placeholder in allowed if placeholder.is_part
)
