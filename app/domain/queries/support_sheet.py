"""The planning sheet of a conference: how many people need what, until when to order it, and what the house lacks.

Counts alone: no names, and nothing that people wrote in words of their own.
"""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from babel import Locale
from sqlalchemy import select

from app.database import db
from app.domain import local_time, support
from app.models import (
    Conference,
    NeedKind,
    NeedState,
    Participant,
    Registration,
    RegistrationStatus,
    SupportNeed,
    SupportOffer,
    Venue,
)
from app.models.registration import ENDED_STATUSES, PLACED_STATUSES
from app.models.translated import SOURCE_LANGUAGE

# A day to order something by is near from this many days before.
NEAR_DAYS = 7
# What staff may count without reading what people wrote: anything else may tell of one person.
DIETS = {
    "vegetarian": "vegetarian",
    "vegetarisch": "vegetarian",
    "vegetarier": "vegetarian",
    "vegetarierin": "vegetarian",
    "vegan": "vegan",
    "veganer": "vegan",
    "veganerin": "vegan",
    "halal": "halal",
    "حلال": "halal",
    "kosher": "kosher",
    "koscher": "kosher",
    "gluten_free": "gluten_free",
    "glutenfrei": "gluten_free",
    "lactose_free": "lactose_free",
    "laktosefrei": "lactose_free",
}
_FILLERS = frozenset({"und", "bitte", "oder", "essen"})


class Doubt(enum.StrEnum):
    """What the house of a conference lacks for somebody who comes, or what nobody knows of it."""

    NO_VENUE = "no_venue"
    NOT_STEP_FREE = "not_step_free"
    STEP_FREE_UNKNOWN = "step_free_unknown"
    NO_ACCESSIBLE_WC = "no_accessible_wc"
    ACCESSIBLE_WC_UNKNOWN = "accessible_wc_unknown"
    NO_INDUCTION_LOOP = "no_induction_loop"
    INDUCTION_LOOP_UNKNOWN = "induction_loop_unknown"


class Deadline(enum.StrEnum):
    """How a day to order something by stands to today."""

    NONE = "none"
    AHEAD = "ahead"
    NEAR = "near"
    PASSED = "passed"


@dataclass
class Count:
    """How many people need one thing; never who."""

    people: int = 0
    # Of known words, how often: language codes, diets (DIETS).
    details: Counter[str] = field(default_factory=Counter)
    # Described in words of their own, which only those in charge read.
    in_own_words: int = 0
    # Of children to look after, youngest first.
    ages: list[int] = field(default_factory=list)
    # Households that need somebody for children they have not named.
    ages_unknown: int = 0


@dataclass
class Line:
    """One kind of support at a conference; what is answered "not possible" is not counted among `placed`."""

    kind: NeedKind
    order_by: date | None
    deadline: Deadline
    # Days until the last day to order; negative once it has passed.
    days: int | None
    placed: Count = field(default_factory=Count)
    waiting: Count = field(default_factory=Count)
    # Of people with a place.
    open: int = 0
    not_possible: int = 0

    @property
    def is_urgent(self) -> bool:
        """Something is not arranged, and the day to order it is near or has passed."""
        return bool(self.open) and self.deadline in (Deadline.NEAR, Deadline.PASSED)


@dataclass(frozen=True)
class Sheet:
    """The planning sheet."""

    lines: list[Line]
    doubts: list[Doubt]

    @property
    def urgent(self) -> list[Line]:
        return [line for line in self.lines if line.is_urgent]


def sheet(conference: Conference, at: datetime) -> Sheet:
    """What is to be ordered at the instant `at`: three statements, and one decryption for each need. No names.

    People with a place are counted; those who wait or hold an offer separately. Raises VaultLocked.
    """
    today = local_time.day_of(at)
    lines = {offer.kind: line_of(offer.kind, offer.order_by, today) for offer in offers(conference)}
    minded: dict[int, tuple[RegistrationStatus, NeedState]] = {}
    named: set[int] = set()
    rows = db.session.execute(
        select(SupportNeed.content, SupportNeed.state, Registration.id, Registration.status, Participant.age)
        .join(SupportNeed.participant)
        .join(Participant.registration)
        .where(SupportNeed.conference_id == conference.id, Registration.status.not_in(ENDED_STATUSES))
    )
    for content, state, registration_id, status, age in rows:
        wanted = support.opened(content)
        line = lines.setdefault(wanted.kind, line_of(wanted.kind, None, today))
        if wanted.kind is not NeedKind.CHILDCARE:
            _note(line, wanted, status, state)
        elif age is not None:
            named.add(registration_id)
            _note_children(line, [age], status, state)
        else:
            # Asked for by a grown-up: for the children of the household, once, unless it named some itself.
            minded[registration_id] = _first_of(minded.get(registration_id), (status, state))
    for registration_id, ages in _children(conference, minded.keys() - named).items():
        _note_children(lines[NeedKind.CHILDCARE], ages, *minded[registration_id])
    order = list(NeedKind)
    shown = sorted(lines.values(), key=lambda line: order.index(line.kind))
    for line in shown:
        line.placed.ages.sort()
        line.waiting.ages.sort()
    return Sheet(shown, _doubts(conference.venue, {line.kind for line in shown if line.placed.people}))


def offers(conference: Conference) -> list[SupportOffer]:
    """What the conference asks for."""
    return list(db.session.scalars(select(SupportOffer).where(SupportOffer.conference_id == conference.id)))


def line_of(kind: NeedKind, order_by: date | None, today: date) -> Line:
    """An empty line that knows its deadline."""
    if order_by is None:
        return Line(kind, None, Deadline.NONE, None)
    days = (order_by - today).days
    deadline = Deadline.PASSED if days < 0 else Deadline.NEAR if days <= NEAR_DAYS else Deadline.AHEAD
    return Line(kind, order_by, deadline, days)


def _count_for(line: Line, status: RegistrationStatus, state: NeedState, number: int) -> Count | None:
    """Where people of such a registration are counted; None: nothing is ordered for them."""
    if state is NeedState.NOT_POSSIBLE:
        line.not_possible += number if status in PLACED_STATUSES else 0
        return None
    if status not in PLACED_STATUSES:
        return line.waiting
    line.open += number if state is NeedState.OPEN else 0
    return line.placed


def _note(line: Line, wanted: support.Wanted, status: RegistrationStatus, state: NeedState) -> None:
    count = _count_for(line, status, state, 1)
    if count is None:
        return
    count.people += 1
    words = re.findall(r"\w+", wanted.detail.lower())
    if wanted.kind is NeedKind.INTERPRETING and _is_language(wanted.detail):
        count.details[wanted.detail] += 1
        return
    diets = {DIETS[word] for word in words if word in DIETS} if wanted.kind is NeedKind.DIET else set()
    count.details.update(diets)
    if any(word not in _FILLERS and not (diets and word in DIETS) for word in words):
        count.in_own_words += 1


def _note_children(line: Line, ages: list[int], status: RegistrationStatus, state: NeedState) -> None:
    count = _count_for(line, status, state, max(1, len(ages)))
    if count is None:
        return
    count.people += len(ages)
    count.ages.extend(ages)
    count.ages_unknown += not ages


def _children(conference: Conference, households: Collection[int]) -> dict[int, list[int]]:
    """The ages of the children of these registrations."""
    ages: dict[int, list[int]] = {registration_id: [] for registration_id in households}
    for registration_id, age in db.session.execute(
        select(Participant.registration_id, Participant.age).where(
            Participant.conference_id == conference.id, Participant.age.is_not(None)
        )
    ):
        if registration_id in ages and age is not None:
            ages[registration_id].append(age)
    return ages


def _first_of(
    before: tuple[RegistrationStatus, NeedState] | None, other: tuple[RegistrationStatus, NeedState]
) -> tuple[RegistrationStatus, NeedState]:
    """Of two answers to a household the one that leaves more to do."""
    order = (NeedState.OPEN, NeedState.ARRANGED, NeedState.NOT_POSSIBLE)
    return other if before is None or order.index(other[1]) < order.index(before[1]) else before


def _is_language(word: str) -> bool:
    """Whether it is the code of a language: `ar`, `kmr`, `de-x-ls`."""
    return word.split("-")[0] in Locale(SOURCE_LANGUAGE).languages


def _doubts(venue: Venue | None, needed: set[NeedKind]) -> list[Doubt]:
    asked = []
    if NeedKind.WHEELCHAIR in needed:
        asked += [
            ("step_free", Doubt.NOT_STEP_FREE, Doubt.STEP_FREE_UNKNOWN),
            ("accessible_wc", Doubt.NO_ACCESSIBLE_WC, Doubt.ACCESSIBLE_WC_UNKNOWN),
        ]
    if NeedKind.INDUCTION_LOOP in needed:
        asked.append(("induction_loop", Doubt.NO_INDUCTION_LOOP, Doubt.INDUCTION_LOOP_UNKNOWN))
    if asked and venue is None:
        return [Doubt.NO_VENUE]
    return [
        lacking if getattr(venue, name) is False else unknown
        for name, lacking, unknown in asked
        if not getattr(venue, name)
    ]
