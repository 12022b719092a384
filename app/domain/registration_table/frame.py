"""What a table is judged by: groups, questions, languages and free places of a conference; read in few statements."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from babel import Locale, UnknownLocaleError
from sqlalchemy import select

from app.database import db
from app.domain import questions as own_questions
from app.domain.registration_table.columns import plain
from app.models import (
    AgendaItem,
    Conference,
    GroupChoice,
    GroupRound,
    Question,
    RoleGroup,
    WorkingGroup,
)

# As what somebody takes part, by the words of the pages and shorter ones.
ROLES = {
    RoleGroup.RESIDENT: (
        "Einwohnerin oder Einwohner",
        "Einwohnerin",
        "Einwohner",
        "Bewohner",
        "Bürger",
        "Bürgerin",
    ),
    RoleGroup.INSTITUTION: (
        "Einrichtung oder Verein",
        "Einrichtung",
        "Verein",
        "Institution",
        "Fachkraft",
        "Träger",
    ),
    RoleGroup.POLITICS: ("Politik", "Partei", "Rat", "Ratsmitglied"),
    RoleGroup.ADMINISTRATION: ("Verwaltung", "Stadtverwaltung"),
    RoleGroup.PRESS: ("Presse", "Medien"),
}
_ROLES = {
    **{plain(words): role for role, names in ROLES.items() for words in names},
    **{plain(role.value): role for role in RoleGroup},
}


@dataclass(frozen=True)
class Meeting:
    """One round of one group as a table can name it."""

    id: int
    round_number: int
    group_number: int
    title: str
    seats_free: int
    starts_at: datetime | None
    ends_at: datetime | None

    @property
    def words(self) -> str:
        return f"{self.group_number}. {self.title}"

    def overlaps(self, other: Meeting) -> bool:
        """Whether nobody can be in both."""
        if not (self.starts_at and self.ends_at and other.starts_at and other.ends_at):
            return False
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Frame:
    """What can be named in a table for this conference."""

    by_wishes: bool
    rounds: Mapping[int, Sequence[Meeting]]
    questions: Sequence[Question]
    # Code and German name.
    languages: Mapping[str, str]
    meetings: Mapping[int, Meeting] = field(default_factory=dict)

    def language(self, cell: str) -> str | None:
        """The code of a language by its code, its German name or its own name; None where it is not spoken here."""
        wanted = plain(cell)
        for code, name in self.languages.items():
            if wanted in (plain(code), plain(name), plain(own_name(code))):
                return code
        return None

    def named(self, number: int, words: str) -> Meeting | None:
        """The group of round `number` by its number ("3", "AG 3", "3. Wohnen") or its whole title."""
        wanted = plain(words)
        for held in self.rounds[number]:
            if wanted in (plain(held.title), plain(held.words)):
                return held
        said = re.fullmatch(r"(?:ag|arbeitsgruppe|gruppe|tisch|thementisch|nr)?0*(\d{1,6})", wanted)
        for held in self.rounds[number]:
            if said and held.group_number == int(said[1]):
                return held
        return None


def of(conference: Conference) -> Frame:
    """Read it: two statements."""
    rows = db.session.execute(
        select(
            GroupRound.id,
            GroupRound.number,
            WorkingGroup.number,
            WorkingGroup.title,
            GroupRound.capacity - GroupRound.seats_taken,
            AgendaItem.starts_at,
            AgendaItem.ends_at,
        )
        .join(WorkingGroup, GroupRound.working_group_id == WorkingGroup.id)
        .outerjoin(AgendaItem, GroupRound.agenda_item_id == AgendaItem.id)
        .where(GroupRound.conference_id == conference.id)
        .order_by(GroupRound.number, WorkingGroup.position, GroupRound.id)
    )
    meetings = [
        Meeting(held_id, in_round, number, str(title), free, starts, ends)
        for held_id, in_round, number, title, free, starts, ends in rows
    ]
    rounds: dict[int, list[Meeting]] = {}
    for meeting in meetings:
        rounds.setdefault(meeting.round_number, []).append(meeting)
    codes = dict.fromkeys(["de", *conference.languages])
    return Frame(
        by_wishes=conference.group_choice is GroupChoice.WISHES,
        rounds=rounds,
        questions=own_questions.asked(conference),
        languages={code: german_name(code) for code in codes},
        meetings={meeting.id: meeting for meeting in meetings},
    )


def role(cell: str) -> RoleGroup | None:
    """As what somebody takes part."""
    return _ROLES.get(plain(cell))


def roles_in_words() -> str:
    return ", ".join(names[0] for names in ROLES.values())


def german_name(code: str) -> str:
    """„Arabisch“ for `ar`."""
    try:
        return str(Locale.parse(code, sep="-").get_language_name("de") or code)
    except (UnknownLocaleError, ValueError):
        return code


def own_name(code: str) -> str:
    """What the language calls itself."""
    try:
        return str(Locale.parse(code, sep="-").get_language_name() or code)
    except (UnknownLocaleError, ValueError):
        return code
