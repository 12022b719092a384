"""Mailings: one message to many; a draft until somebody releases it, and then told once to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.database import db, now, transaction
from app.domain import editing, notices, outbox
from app.domain.errors import AudienceGroupGone, MailingClosed, MailingOutOfDate, NobodyReached, NotFound
from app.domain.placeholders import FOR_MANY, check_note
from app.models import (
    PLACED_STATUSES,
    Conference,
    ConferenceStatus,
    GroupRound,
    Mailing,
    MailingState,
    Message,
    MessageKind,
    MessageWay,
    Participant,
    Registration,
    RegistrationStatus,
    RoleGroup,
    Seat,
    SeatState,
    StaffMember,
    Translated,
    WorkingGroup,
)

KINDS = FOR_MANY
_WAITING = frozenset({RegistrationStatus.WAITLISTED, RegistrationStatus.OFFERED})
# What those who wait for a place should hear as well, and what is worth a call of its own.
_FOR_ALL = frozenset({MessageKind.CONFERENCE_POSTPONED, MessageKind.CONFERENCE_CANCELLED})
_NO_CALL = frozenset({MessageKind.THANKS, MessageKind.RESULTS_OUT})


@dataclass(frozen=True)
class Audience:
    """Who gets it. Empty groups, languages and roles mean all of them; groups are meant by their ids."""

    waiting: bool = False
    groups: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    roles: tuple[RoleGroup, ...] = ()
    ways: tuple[MessageWay, ...] = tuple(MessageWay)

    def as_stored(self) -> dict[str, Any]:
        """The same as JSON, in one order."""
        return {
            "waiting": self.waiting,
            "groups": sorted(self.groups),
            "languages": sorted(self.languages),
            "roles": sorted(role.value for role in self.roles),
            "ways": [way.value for way in MessageWay if way in self.ways],
        }

    @classmethod
    def stored(cls, kept: Mapping[str, Any]) -> Audience:
        """The audience of a mailing."""
        return cls(
            waiting=bool(kept.get("waiting")),
            groups=tuple(kept.get("groups", ())),
            languages=tuple(kept.get("languages", ())),
            roles=tuple(RoleGroup(role) for role in kept.get("roles", ())),
            ways=tuple(MessageWay(way) for way in kept.get("ways", [way.value for way in MessageWay])),
        )


def usual_audience(kind: MessageKind) -> Audience:
    """Whom staff will mostly mean."""
    ways = tuple(way for way in MessageWay if way is not MessageWay.CALL or kind not in _NO_CALL)
    return Audience(waiting=kind in _FOR_ALL, ways=ways)


def draft(
    conference: Conference,
    kind: MessageKind,
    audience: Audience,
    note: Mapping[str, str] | None = None,
    *,
    by: StaffMember | None = None,
) -> Mailing:
    """A new draft; nothing is sent. Raises AudienceGroupGone, PlaceholderInNote, NotFound for a kind not for many."""
    if kind not in KINDS:
        raise NotFound
    check_note(note or {})
    with editing.writing(conference) as held:
        _refuse_unknown_groups(held.id, audience)
        mailing = Mailing(
            host_id=held.host_id,
            conference_id=held.id,
            kind=kind,
            audience=audience.as_stored(),
            note=Translated(note),
            created_by_id=by.id if by else None,
        )
        db.session.add(mailing)
        db.session.flush()
    return mailing


def values(mailing: Mailing) -> dict[str, Any]:
    """What stands in the form."""
    return {"audience": Audience.stored(mailing.audience).as_stored(), "note": dict(mailing.note)}


def change(
    mailing: Mailing, audience: Audience, note: Mapping[str, str], *, shown: str | None = None
) -> None:
    """Let the draft go to others, or say something else.

    Raises MailingClosed, AudienceGroupGone, PlaceholderInNote, ChangedMeanwhile.
    """
    check_note(note)
    with editing.writing(conference_of(mailing)) as held:
        _refuse_closed(mailing)
        _refuse_unknown_groups(held.id, audience)
        wanted = {"audience": audience.as_stored(), "note": dict(Translated(note))}
        editing.refuse_if_changed(values(mailing), wanted, shown)
        mailing.audience = wanted["audience"]
        mailing.note = Translated(note)


def discard(mailing: Mailing) -> None:
    """Send it to nobody; doing it twice changes nothing. Raises MailingClosed once it was released."""
    with editing.writing(conference_of(mailing)):
        if mailing.state is MailingState.DISCARDED:
            return
        _refuse_closed(mailing)
        mailing.state = MailingState.DISCARDED


def release(mailing: Mailing, by: StaffMember) -> int:
    """Leave a message for everybody it is meant for, in one transaction; returns how many.

    Releasing twice is releasing once: the second time nothing is written, and 0 comes back. Raises MailingOutOfDate
    when what it says is no longer so, MailingClosed for a discarded one, NobodyReached.
    """
    by_id = by.id
    with editing.writing(conference_of(mailing)) as held:
        if mailing.state is MailingState.RELEASED:
            return 0
        _refuse_closed(mailing)
        reason = why_out_of_date(mailing.kind, held)
        if reason is not None:
            raise MailingOutOfDate(reason=reason)
        told = notices.of_mailing(mailing, reached(mailing))
        if not told:
            raise NobodyReached
        mailing.state = MailingState.RELEASED
        mailing.released_at = now()
        mailing.released_by_id = by_id
        return told


def try_out(
    registration: Registration,
    kind: MessageKind,
    by: StaffMember,
    mailing: Mailing | None = None,
    *,
    language: str = "",
) -> None:
    """Send `by` what this registration would read, marked as a test; nobody else gets anything."""
    with transaction():
        notices.trial(registration, kind, by, mailing, language=language)


def reached(mailing: Mailing) -> list[Registration]:
    """Whom it would go to now: one statement."""
    audience = Audience.stored(mailing.audience)
    return [registration for registration in _meant(mailing, audience) if _way(registration) in audience.ways]


def counts(mailing: Mailing) -> tuple[Counter[MessageWay], int]:
    """How many it would go to now by each way, and how many are meant whom none of these ways reaches."""
    audience = Audience.stored(mailing.audience)
    ways = Counter(_way(registration) for registration in _meant(mailing, audience))
    told = Counter({way: ways[way] for way in MessageWay if way in audience.ways and ways[way]})
    return told, ways.total() - told.total()


def became_of(mailings: Iterable[Mailing]) -> dict[int, Counter[Any]]:
    """How many messages of each mailing are in which state, tests aside: one statement."""
    ids = [mailing.id for mailing in mailings]
    found: dict[int, Counter[Any]] = {number: Counter() for number in ids}
    for mailing_id, state, count in db.session.execute(
        select(Message.mailing_id, Message.state, func.count())
        .where(Message.mailing_id.in_(ids), Message.registration_id.is_not(None))
        .group_by(Message.mailing_id, Message.state)
    ):
        if mailing_id is not None:
            found[mailing_id][state] = count
    return found


def why_out_of_date(kind: MessageKind, conference: Conference) -> Any | None:
    """Why a message of this kind would say something that is not so, in a sentence; None while it is true."""
    status = conference.status
    over = conference.ends_at <= now()
    if kind is MessageKind.CONFERENCE_CANCELLED:
        return None if status is ConferenceStatus.CANCELLED else _l("Die Konferenz ist nicht abgesagt.")
    if kind is MessageKind.CONFERENCE_POSTPONED:
        return (
            None if status is ConferenceStatus.POSTPONED else _l("Die Konferenz ist nicht mehr verschoben.")
        )
    if not conference.is_public:
        return _l("Die Konferenz ist nicht öffentlich.")
    if status is ConferenceStatus.CANCELLED:
        return _l("Die Konferenz ist inzwischen abgesagt.")
    if status is ConferenceStatus.POSTPONED:
        return _l("Die Konferenz ist inzwischen verschoben.")
    if kind in (MessageKind.REMINDER, MessageKind.SCHEDULE_CHANGED) and over:
        return _l("Die Konferenz ist vorbei.")
    if kind is MessageKind.THANKS and conference.starts_at > now():
        return _l("Die Konferenz hat noch nicht stattgefunden.")
    if kind is MessageKind.RESULTS_OUT and not conference.shows_results:
        return _l("Es gibt noch keine Ergebnisse zu lesen.")
    return None


def _meant(mailing: Mailing, audience: Audience) -> list[Registration]:
    statuses = PLACED_STATUSES | (_WAITING if audience.waiting else frozenset())
    if mailing.kind is MessageKind.THANKS:
        # Who was not there is not thanked for coming.
        statuses -= {RegistrationStatus.NO_SHOW}
    wanted = [Registration.conference_id == mailing.conference_id, Registration.status.in_(statuses)]
    if audience.languages:
        wanted.append(Registration.language.in_(audience.languages))
    if audience.roles:
        wanted.append(Registration.role_group.in_(audience.roles))
    if audience.groups:
        states = [SeatState.SEATED, *((SeatState.WAITING, SeatState.OFFERED) if audience.waiting else ())]
        wanted.append(
            Registration.id.in_(
                select(Participant.registration_id)
                .join(Seat, Seat.participant_id == Participant.id)
                .join(GroupRound, Seat.group_round_id == GroupRound.id)
                .where(GroupRound.working_group_id.in_(audience.groups), Seat.state.in_(states))
            )
        )
    return list(db.session.scalars(select(Registration).where(*wanted).order_by(Registration.id)))


def _way(registration: Registration) -> MessageWay | None:
    return outbox.WAYS.get(registration.contact_channel)


def conference_of(mailing: Mailing) -> Conference:
    return db.session.get_one(Conference, mailing.conference_id)


def _refuse_closed(mailing: Mailing) -> None:
    if mailing.state is not MailingState.DRAFT:
        raise MailingClosed


def _refuse_unknown_groups(conference_id: int, audience: Audience) -> None:
    if not audience.groups:
        return
    known = set(
        db.session.scalars(select(WorkingGroup.id).where(WorkingGroup.conference_id == conference_id))
    )
    if not set(audience.groups) <= known:
        raise AudienceGroupGone
