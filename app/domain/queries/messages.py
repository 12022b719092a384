"""Messages as staff read them: the outbox, letters to print, calls to make, mailings, and what should be told."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select

from app.database import db, now
from app.domain import secrets
from app.models import (
    Conference,
    ConferenceStatus,
    ContactChannel,
    GroupRound,
    Mailing,
    MailingState,
    Message,
    MessageKind,
    MessageState,
    MessageWay,
    Participant,
    Registration,
    RegistrationStatus,
    Seat,
    SeatState,
    StaffMember,
    Translated,
    WorkingGroup,
)

PER_PAGE = 50
# As many letters as are made in one go: a page is drawn in about a fifth of a second.
LETTERS_AT_ONCE = 25
REMIND_BEFORE = timedelta(days=7)


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in the outbox; everything empty means everything."""

    state: MessageState | None = None
    way: MessageWay | None = None
    # Nothing in it: any.
    kinds: frozenset[MessageKind] = frozenset()
    page: int = 1


@dataclass(frozen=True)
class Outbox:
    """A page of the outbox, the newest first, and how many there are of each."""

    messages: list[Message]
    people: Mapping[int, Person]
    states: Counter[MessageState]
    ways: Counter[MessageWay]
    kinds: Counter[MessageKind]
    found: int
    page: int
    pages: int

    @property
    def count(self) -> int:
        return self.states.total()


@dataclass(frozen=True)
class Person:
    """Who gets a message, and how they can be reached now."""

    name: str
    language: str
    contact_channel: ContactChannel
    is_live: bool
    contact: str = field(repr=False)


@dataclass(frozen=True)
class Call:
    """A call to make: to whom, what about, and whether there is still a reason for it."""

    message: Message
    person: Person
    number: str = field(repr=False)
    group_round_id: int | None = None
    group_title: Translated = field(default_factory=Translated)
    note: Translated = field(default_factory=Translated)
    is_needless: bool = False


@dataclass(frozen=True)
class Suggestion:
    """Something many should be told, and nobody has begun to."""

    kind: MessageKind
    why: Any


def outbox(conference: Conference, wanted: Wanted) -> Outbox:
    """A page of the messages that are wanted: three statements whatever the number of rows."""
    states: Counter[MessageState] = Counter()
    ways: Counter[MessageWay] = Counter()
    kinds: Counter[MessageKind] = Counter()
    found = 0
    for state, way, kind, count in db.session.execute(
        select(Message.state, Message.way, Message.kind, func.count())
        .where(Message.conference_id == conference.id)
        .group_by(Message.state, Message.way, Message.kind)
    ):
        states[state] += count
        ways[way] += count
        kinds[kind] += count
        fits = wanted.state in (None, state) and wanted.way in (None, way)
        if fits and (not wanted.kinds or kind in wanted.kinds):
            found += count
    pages = max(1, math.ceil(found / PER_PAGE))
    page = min(max(1, wanted.page), pages)
    chosen = [Message.conference_id == conference.id]
    if wanted.state is not None:
        chosen.append(Message.state == wanted.state)
    if wanted.way is not None:
        chosen.append(Message.way == wanted.way)
    if wanted.kinds:
        chosen.append(Message.kind.in_(wanted.kinds))
    messages = list(
        db.session.scalars(
            select(Message)
            .where(*chosen)
            .order_by(Message.created_at.desc(), Message.id.desc())
            .limit(PER_PAGE)
            .offset((page - 1) * PER_PAGE)
        )
    )
    return Outbox(messages, people(messages), states, ways, kinds, found, page, pages)


def people(messages: Iterable[Message]) -> dict[int, Person]:
    """Who gets these messages, by registration id: one statement."""
    wanted = {message.registration_id for message in messages if message.registration_id is not None}
    return {
        registration.id: Person(
            registration.display_name or registration.organisation,
            registration.language,
            registration.contact_channel,
            registration.is_live,
            registration.contact,
        )
        for registration in db.session.scalars(select(Registration).where(Registration.id.in_(wanted)))
    }


def waiting(conference: Conference, *, no_calls: Collection[MessageKind] = ()) -> Counter[MessageWay]:
    """How many messages wait, by way, except calls of these kinds: one statement."""
    return Counter(
        dict(
            db.session.execute(
                select(Message.way, func.count())
                .where(
                    Message.conference_id == conference.id,
                    Message.state == MessageState.QUEUED,
                    or_(Message.way != MessageWay.CALL, Message.kind.not_in(no_calls)),
                )
                .group_by(Message.way)
            ).all()
        )
    )


def letters(conference: Conference) -> list[Message]:
    """The letters that have waited longest to be printed, as many as are made in one go: one statement."""
    return list(db.session.scalars(_waiting(conference, MessageWay.LETTER).limit(LETTERS_AT_ONCE)))


def calls(conference: Conference, *, but: Collection[MessageKind] = ()) -> list[Call]:
    """The calls to make except these, in the order they came, offers first: at most six statements.

    Raises VaultLocked.
    """
    messages = list(db.session.scalars(_waiting(conference, MessageWay.CALL).where(Message.kind.not_in(but))))
    about = {message.id: json.loads(secrets.decrypt(message.payload) or "{}") for message in messages}
    reached = people(messages)
    titles = _titles(payload.get("group_round") for payload in about.values())
    notes = _notes(message.mailing_id for message in messages)
    open_offers = _open_offers(conference) if messages else set()
    found = []
    for message in messages:
        if message.registration_id is None:
            continue
        person = reached[message.registration_id]
        group_round_id = about[message.id].get("group_round")
        found.append(
            Call(
                message,
                person,
                secrets.decrypt(
                    person.contact if person.contact_channel is ContactChannel.PHONE else message.recipient
                ),
                group_round_id,
                titles.get(group_round_id, Translated()),
                notes.get(message.mailing_id, Translated()),
                is_needless=(
                    (message.registration_id, group_round_id) not in open_offers
                    if message.kind is MessageKind.OFFER
                    else not person.is_live and message.kind is not MessageKind.OFFER_LAPSED
                ),
            )
        )
    return sorted(found, key=lambda call: call.message.kind is not MessageKind.OFFER)


def of_conference(conference: Conference) -> list[tuple[Mailing, str]]:
    """All mailings, the newest first, with the name of whoever released or began each: one statement."""
    rows = db.session.execute(
        select(Mailing, StaffMember.name)
        .outerjoin(
            StaffMember, StaffMember.id == func.coalesce(Mailing.released_by_id, Mailing.created_by_id)
        )
        .where(Mailing.conference_id == conference.id)
        .order_by(Mailing.created_at.desc(), Mailing.id.desc())
    )
    return [(mailing, name or "") for mailing, name in rows]


def samples(conference: Conference) -> list[tuple[int, str]]:
    """Registrations to look at a message with, by id, the first 200: one statement."""
    rows = db.session.execute(
        select(Registration.id, Registration.display_name, Registration.organisation)
        .where(
            Registration.conference_id == conference.id,
            Registration.status.not_in((RegistrationStatus.CANCELLED, RegistrationStatus.LAPSED)),
        )
        .order_by(Registration.id)
        .limit(200)
    )
    return [(number, name or organisation) for number, name, organisation in rows]


def to_tell(conference: Conference) -> list[Suggestion]:
    """What those registered should hear, and no draft or mailing says: two statements.

    Changed times and rooms are told to those who registered before; whoever came later has read it already.
    """
    changed_at = conference.calendar_changed_at
    earlier, any_live = db.session.execute(
        select(
            func.count().filter(Registration.created_at < changed_at) if changed_at else func.sum(0),
            func.count(),
        )
        .select_from(Registration)
        .where(
            Registration.conference_id == conference.id,
            Registration.status.not_in((RegistrationStatus.CANCELLED, RegistrationStatus.LAPSED)),
            Registration.contact_channel != ContactChannel.NONE,
        )
    ).one()
    if not any_live:
        return []
    told: dict[MessageKind, datetime] = {}
    for mailing in db.session.scalars(select(Mailing).where(Mailing.conference_id == conference.id)):
        until = datetime.max.replace(tzinfo=now().tzinfo)
        at = until if mailing.state is MailingState.DRAFT else mailing.released_at or mailing.created_at
        told[mailing.kind] = max(at, told.get(mailing.kind, at))
    return [
        Suggestion(kind, why)
        for kind, since, why in _reasons(conference, bool(earlier))
        if kind not in told or (since is not None and told[kind] < since)
    ]


def _reasons(conference: Conference, has_earlier: bool) -> list[tuple[MessageKind, datetime | None, Any]]:
    status, at = conference.status, now()
    changed_at = conference.calendar_changed_at
    if status is ConferenceStatus.CANCELLED:
        return [
            (
                MessageKind.CONFERENCE_CANCELLED,
                None,
                _l("Die Konferenz ist abgesagt."),
            )
        ]
    if status is ConferenceStatus.POSTPONED:
        return [
            (
                MessageKind.CONFERENCE_POSTPONED,
                changed_at,
                _l("Die Konferenz ist verschoben."),
            )
        ]
    if not conference.is_public:
        return []
    found: list[tuple[MessageKind, datetime | None, Any]] = []
    if changed_at and has_earlier and conference.ends_at > at:
        found.append(
            (
                MessageKind.SCHEDULE_CHANGED,
                changed_at,
                _l("Zeit, Ort oder Raum hat sich geändert, nachdem sich Menschen angemeldet haben."),
            )
        )
    if at < conference.starts_at <= at + REMIND_BEFORE:
        found.append((MessageKind.REMINDER, None, _l("Die Konferenz ist in wenigen Tagen.")))
    if conference.ends_at <= at and not conference.shows_results:
        found.append((MessageKind.THANKS, None, _l("Die Konferenz hat stattgefunden.")))
    if status is ConferenceStatus.PUBLISHED:
        found.append((MessageKind.RESULTS_OUT, None, _l("Die Ergebnisse sind veröffentlicht.")))
    return found


def _waiting(conference: Conference, way: MessageWay) -> Any:
    return (
        select(Message)
        .where(
            Message.conference_id == conference.id,
            Message.state == MessageState.QUEUED,
            Message.way == way,
        )
        .order_by(Message.created_at, Message.id)
    )


def _titles(group_round_ids: Iterable[int | None]) -> dict[int | None, Translated]:
    wanted = {number for number in group_round_ids if number}
    if not wanted:
        return {}
    rows = db.session.execute(
        select(GroupRound.id, WorkingGroup.title)
        .join(WorkingGroup, GroupRound.working_group_id == WorkingGroup.id)
        .where(GroupRound.id.in_(wanted))
    )
    return {number: Translated(title) for number, title in rows}


def _notes(mailing_ids: Iterable[int | None]) -> dict[int | None, Translated]:
    wanted = {number for number in mailing_ids if number}
    if not wanted:
        return {}
    rows = db.session.execute(select(Mailing.id, Mailing.note).where(Mailing.id.in_(wanted)))
    return {number: Translated(note) for number, note in rows}


def _open_offers(conference: Conference) -> set[tuple[int, int | None]]:
    """Offers whose clock nobody has started yet."""
    places = db.session.scalars(
        select(Registration.id).where(
            Registration.conference_id == conference.id,
            Registration.status == RegistrationStatus.OFFERED,
            Registration.offer_expires_at.is_(None),
        )
    )
    seats = db.session.execute(
        select(Participant.registration_id, Seat.group_round_id)
        .join(Participant, Seat.participant_id == Participant.id)
        .where(
            Seat.conference_id == conference.id,
            Seat.state == SeatState.OFFERED,
            Seat.offer_expires_at.is_(None),
        )
    )
    return {(number, None) for number in places} | {(number, group_round) for number, group_round in seats}
