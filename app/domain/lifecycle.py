"""The life of a conference: which step leads from which status to which, and what must be ready for it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select

from app.database import db, now
from app.domain import editing, versions
from app.domain.errors import (
    DatePassed,
    DeadlinePassed,
    HasContributions,
    HasRegistrations,
    NotBegunYet,
    NotOverYet,
    NotReady,
    StatusForbids,
)
from app.models import (
    Conference,
    ConferenceStatus,
    Contribution,
    Host,
    Recommendation,
    Registration,
    Topic,
)


class Step(enum.Enum):
    """What an organizer can do with the status of a conference."""

    PUBLISH = "publish"
    ANNOUNCE = "announce"
    CLOSE_SIGNUP = "close_signup"
    REOPEN_SIGNUP = "reopen_signup"
    POSTPONE = "postpone"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"
    DOCUMENT = "document"
    ARCHIVE = "archive"


_S = ConferenceStatus
# The one table of legal transitions: from where each step may be taken, and where it leads.
TRANSITIONS: dict[Step, tuple[frozenset[ConferenceStatus], ConferenceStatus]] = {
    Step.PUBLISH: (frozenset({_S.DRAFT, _S.ANNOUNCED}), _S.REGISTRATION_OPEN),
    Step.ANNOUNCE: (frozenset({_S.DRAFT, _S.POSTPONED}), _S.ANNOUNCED),
    Step.CLOSE_SIGNUP: (frozenset({_S.REGISTRATION_OPEN}), _S.REGISTRATION_CLOSED),
    Step.REOPEN_SIGNUP: (frozenset({_S.REGISTRATION_CLOSED, _S.POSTPONED}), _S.REGISTRATION_OPEN),
    Step.POSTPONE: (frozenset({_S.ANNOUNCED, _S.REGISTRATION_OPEN, _S.REGISTRATION_CLOSED}), _S.POSTPONED),
    Step.CANCEL: (
        frozenset({_S.ANNOUNCED, _S.REGISTRATION_OPEN, _S.REGISTRATION_CLOSED, _S.POSTPONED}),
        _S.CANCELLED,
    ),
    Step.WITHDRAW: (frozenset({_S.ANNOUNCED, _S.REGISTRATION_OPEN}), _S.DRAFT),
    Step.DOCUMENT: (
        frozenset({_S.ANNOUNCED, _S.REGISTRATION_OPEN, _S.REGISTRATION_CLOSED, _S.RUNNING}),
        _S.IN_DOCUMENTATION,
    ),
    Step.ARCHIVE: (
        frozenset(
            {
                *(_S.ANNOUNCED, _S.REGISTRATION_OPEN, _S.REGISTRATION_CLOSED, _S.RUNNING),
                *(_S.IN_DOCUMENTATION, _S.IN_CORRECTION, _S.PUBLISHED, _S.POSTPONED, _S.CANCELLED),
            }
        ),
        _S.ARCHIVED,
    ),
}
# After these the conference takes place at its date, which therefore lies ahead.
TAKES_PLACE = frozenset({Step.ANNOUNCE, Step.PUBLISH, Step.REOPEN_SIGNUP})
# After these a calendar entry says something else than before.
_SHOWS_IN_CALENDARS = frozenset(
    {Step.POSTPONE, Step.CANCEL, Step.ANNOUNCE, Step.REOPEN_SIGNUP, Step.WITHDRAW}
)


@dataclass(frozen=True)
class Missing:
    """One thing without which a conference is not published; `where` names the page that has it."""

    where: str
    sentence: Any


def announce(conference: Conference) -> None:
    """Show the conference; nobody can register yet. Also ends a postponement. Raises what `take` raises."""
    take(conference, Step.ANNOUNCE)


def publish(conference: Conference) -> None:
    """Show the conference and let people register within its window. Raises what `take` raises."""
    take(conference, Step.PUBLISH)


def close_signup(conference: Conference) -> None:
    """Nobody can register by themselves any more; staff still can. Raises StatusForbids."""
    take(conference, Step.CLOSE_SIGNUP)


def reopen_signup(conference: Conference) -> None:
    """People can register again. Raises what `take` raises, DeadlinePassed when the window has ended."""
    take(conference, Step.REOPEN_SIGNUP)


def postpone(conference: Conference) -> None:
    """It does not take place at its date; who is registered stays registered. Raises StatusForbids."""
    take(conference, Step.POSTPONE)


def cancel(conference: Conference) -> None:
    """It does not take place; this is not taken back. Raises StatusForbids."""
    take(conference, Step.CANCEL)


def withdraw(conference: Conference) -> None:
    """Make it a draft again, as if it had never been shown.

    Raises StatusForbids, HasRegistrations, HasContributions.
    """
    take(conference, Step.WITHDRAW)


def document(conference: Conference) -> None:
    """It has taken place, or takes place now, and its results are written down. Raises StatusForbids, NotBegunYet."""
    take(conference, Step.DOCUMENT)


def archive(conference: Conference) -> None:
    """Hide a conference that is over or called off. Raises StatusForbids, NotOverYet."""
    take(conference, Step.ARCHIVE)


def take(conference: Conference, step: Step) -> None:
    """Take one step of TRANSITIONS; taking it again changes nothing.

    Raises StatusForbids where it does not lead from the present status, NotReady with all that is missing before
    residents see the conference, DatePassed, DeadlinePassed, NotBegunYet, NotOverYet,
    HasRegistrations, HasContributions.
    """
    before, after = TRANSITIONS[step]
    with editing.writing(conference):
        if conference.status is after:
            return
        if conference.status not in before:
            raise StatusForbids
        _refuse_unless_fit(conference, step)
        was_public = conference.is_public
        conference.status = after
        if was_public and step in _SHOWS_IN_CALENDARS:
            editing.touch_calendar(conference)
        db.session.flush()
        versions.raise_host(conference.host_id)


def possible(conference: Conference) -> list[Step]:
    """The steps that lead from its status, in their usual order; a later check may still refuse one."""
    ahead = [step for step, (before, _) in TRANSITIONS.items() if conference.status in before]
    at = now()
    over = conference.ends_at <= at or conference.status is ConferenceStatus.CANCELLED
    in_time = {Step.ARCHIVE: over, Step.DOCUMENT: conference.starts_at <= at}
    return [step for step in ahead if in_time.get(step, True)]


def missing(conference: Conference) -> list[Missing]:
    """All that must be there before residents see the conference, in the order of the pages that have it."""
    found = []
    if "de" not in conference.title:
        found.append(Missing("texts", _l("Der Titel fehlt.")))
    if not (conference.teaser or conference.about):
        found.append(Missing("texts", _l("Ein Text fehlt, der sagt, worum es geht.")))
    if not (conference.contact_phone or conference.contact_email):
        found.append(Missing("texts", _l("Telefonnummer oder E-Mail-Adresse für Fragen fehlt.")))
    if conference.ends_at <= now():
        found.append(Missing("schedule", _l("Der Termin liegt in der Vergangenheit.")))
    if conference.venue_id is None:
        found.append(Missing("venue", _l("Der Ort fehlt.")))
    return [*found, *missing_settings(conference.host)]


def missing_settings(host: Host) -> list[Missing]:
    """Settings of the host without which imprint and privacy notice are incomplete."""
    asked = (
        (host.street and host.postal_code and host.city, _l("Impressum: Die Anschrift fehlt.")),
        (host.represented_by, _l("Impressum: Es fehlt, wer die Kommune vertritt.")),
        (host.phone or host.email, _l("Impressum: Telefonnummer oder E-Mail-Adresse fehlt.")),
        (host.responsible_role, _l("Datenschutz: Es fehlt, welche Stelle verantwortlich ist.")),
        (host.dpo_contact, _l("Datenschutz: Es fehlt, wie man die Datenschutzbeauftragten erreicht.")),
    )
    return [Missing("settings", sentence) for value, sentence in asked if not value]


def remove(conference: Conference) -> None:
    """Delete a draft with all that belongs to it. Raises StatusForbids for anything else, HasRegistrations."""
    with editing.writing(conference):
        if conference.status is not ConferenceStatus.DRAFT:
            raise StatusForbids
        if registrations(conference):
            raise HasRegistrations
        # First what points to programme and groups: the database checks each statement. What was said can only have
        # come from a file: a conference that residents have written to does not become a draft again.
        for model in (Recommendation, Contribution, Topic):
            db.session.execute(delete(model).where(model.conference_id == conference.id))
        db.session.expire_all()
        for group in conference.groups:
            group.rounds.clear()
        db.session.flush()
        db.session.delete(conference)


def registrations(conference: Conference) -> int:
    """How many registrations there are, cancelled ones included."""
    return (
        db.session.scalar(
            select(func.count(Registration.id)).where(Registration.conference_id == conference.id)
        )
        or 0
    )


def _has_contributions(conference: Conference) -> bool:
    return (
        db.session.scalar(select(Contribution.id).where(Contribution.conference_id == conference.id).limit(1))
        is not None
    )


def _refuse_unless_fit(conference: Conference, step: Step) -> None:
    over = conference.ends_at <= now()
    if step is Step.ARCHIVE and not over and conference.status is not ConferenceStatus.CANCELLED:
        raise NotOverYet
    if step is Step.DOCUMENT and conference.starts_at > now():
        raise NotBegunYet
    if step is Step.WITHDRAW:
        if registrations(conference):
            raise HasRegistrations
        if _has_contributions(conference):
            raise HasContributions
    if step not in TAKES_PLACE:
        return
    if over and conference.status is not ConferenceStatus.DRAFT:
        raise DatePassed
    lacking = missing(conference)
    if lacking:
        raise NotReady(lacking)
    closes = conference.registration_closes_at
    if step is Step.REOPEN_SIGNUP and closes and closes <= now():
        raise DeadlinePassed
