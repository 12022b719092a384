"""Conferences: planned, edited, published, closed, moved, called off and put away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import admission, editing, form_copy, programme, slugs, versions
from app.domain.errors import (
    ConferenceKeyTaken,
    ConferenceKeyUnfit,
    ContributionWindowUnfit,
    ContributionWindowUnopened,
    EndBeforeStart,
    NotFound,
    ProgrammeOutside,
    SignupWindowUnfit,
    TitleMissing,
    TooLong,
)
from app.domain.local_time import LOCAL
from app.models import (
    AgendaItem,
    Conference,
    ConferenceKind,
    ConferenceStatus,
    GroupRound,
    Host,
    Translated,
    Venue,
    WorkingGroup,
)
from app.models.translated import SOURCE_LANGUAGE

# Texts residents read, in every language of the conference.
TEXTS = (
    "title",
    "motto",
    "kind_label",
    "teaser",
    "about",
    "costs",
    "children",
    "language_help",
    "afterwards",
    "contact_hours",
)
BASICS = ("kind", "languages", "contact_role", "contact_phone", "contact_email")
SCHEDULE = (
    "starts_at",
    "ends_at",
    "registration_opens_at",
    "registration_closes_at",
    "capacity",
    "walk_in_quota",
)
CONTRIBUTION_WINDOW = ("contributions_open_at", "contributions_close_at")
# What stands on the card of a conference on its host's start page.
ON_START_PAGE = frozenset(
    {"title", "motto", "kind", "kind_label", "starts_at", "ends_at", "venue_id", "languages"}
)
# First parts of an address below a host that belong to the product.
RESERVED = frozenset(
    {
        *("impressum", "datenschutz", "barrierefreiheit", "farben", "logo", "meine-anmeldung", "anmeldung"),
        *(
            "konferenzen",
            "einstellungen",
            "team",
            "personen",
            "nachrichten",
            "orte",
            "kalender",
            "neu",
            "barrieren",
            "mein-beitrag",
        ),
    }
)
LONGEST = timedelta(days=14)
# A second post of the same new conference within this time is a double click, not a second conference.
_DOUBLE_CLICK = timedelta(minutes=10)
_KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def create(
    host: Host,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    kind: ConferenceKind = ConferenceKind.SOCIAL_SPACE_CONFERENCE,
    key: str = "",
    venue_id: int | None = None,
    contact_phone: str = "",
    contact_email: str = "",
    with_evening: bool = False,
) -> Conference:
    """Make a draft; `with_evening` lays a usual programme with two rounds of groups into its time.

    Without `key` the address follows the title. The same title and start again within ten minutes returns the draft
    made the first time. Raises TitleMissing, EndBeforeStart, TooLong, ConferenceKeyUnfit, ConferenceKeyTaken, NotFound
    for a venue of another host.
    """
    if not title.strip():
        raise TitleMissing
    _refuse_times(starts_at, ends_at)
    host_id = host.id
    with transaction():
        versions.raise_host(host_id)
        earlier = _just_created(host_id, title, starts_at)
        if earlier:
            return earlier
        _refuse_foreign_venue(host_id, venue_id)
        conference = Conference(
            host_id=host_id,
            key=_checked_key(host_id, key) if key else _free_key(host_id, title),
            kind=kind,
            title=Translated(title),
            starts_at=starts_at,
            ends_at=ends_at,
            venue_id=venue_id,
            contact_phone=contact_phone,
            contact_email=contact_email,
            costs=Translated("Die Teilnahme kostet nichts."),
        )
        db.session.add(conference)
        db.session.flush()
        if with_evening:
            programme.lay_evening(conference)
    return conference


def copy(source: Conference, *, title: str, starts_at: datetime, key: str = "") -> Conference:
    """Make a draft like `source` at another time: texts, venue, programme, groups and their places, the
    registration form and the rules of seats; no people and nothing they said.

    The end, the programme and the registration window move by the same time. Raises what `create` raises.
    """
    shift = starts_at - source.starts_at
    source_id, host, ends_at = source.id, source.host, source.ends_at + shift
    with transaction():
        made = create(
            host,
            title=title,
            starts_at=starts_at,
            ends_at=ends_at,
            key=key,
            kind=source.kind,
            venue_id=source.venue_id,
        )
        if made.agenda or made.groups:
            return made
        source = db.session.get_one(Conference, source_id)
        for name in (*TEXTS[1:], *BASICS, "capacity", "walk_in_quota"):
            setattr(made, name, getattr(source, name))
        # The German title is the new one; other languages would still name the old conference.
        made.registration_opens_at = source.registration_opens_at and source.registration_opens_at + shift
        made.registration_closes_at = source.registration_closes_at and source.registration_closes_at + shift
        for item in source.agenda:
            made.agenda.append(
                AgendaItem(
                    host_id=made.host_id,
                    starts_at=item.starts_at + shift,
                    ends_at=item.ends_at + shift,
                    **_copied(item, "position", "kind", "title", "speaker_role", "round_number", "room_id"),
                )
            )
        db.session.flush()
        items = {item.round_number: item.id for item in made.agenda if item.round_number}
        for number, group in enumerate(source.groups, start=1):
            made.groups.append(
                WorkingGroup(
                    host_id=made.host_id,
                    number=number,
                    **_copied(
                        group,
                        *("key", "position", "title", "description", "questions", "facilitator_role"),
                        *("interpreter_languages", "room_id"),
                    ),
                    rounds=[
                        GroupRound(
                            host_id=made.host_id,
                            conference_id=made.id,
                            number=group_round.number,
                            capacity=group_round.capacity,
                            agenda_item_id=items.get(group_round.number),
                        )
                        for group_round in group.rounds
                    ],
                )
            )
        db.session.flush()
        form_copy.copy(source, made, shift)
    return made


def edit(
    conference: Conference,
    wanted: Mapping[str, Any],
    *,
    language: str = SOURCE_LANGUAGE,
    shown: str | None = None,
) -> None:
    """Save texts (`TEXTS`, as they read in `language`) and basics (`BASICS`).

    Raises TitleMissing, ChangedMeanwhile when somebody saved other values since the form was `shown`.
    """
    unknown = set(wanted) - {*TEXTS, *BASICS}
    if unknown:
        raise ValueError(f"no texts or basics of a conference: {sorted(unknown)}")
    if language == SOURCE_LANGUAGE and not wanted.get("title", "-"):
        raise TitleMissing
    with editing.writing(conference):
        editing.refuse_if_changed(editing.values(conference, wanted, language), wanted, shown)
        note_change(conference, editing.save(conference, wanted, language))


def schedule(conference: Conference, wanted: Mapping[str, Any], *, shown: str | None = None) -> bool:
    """Save date, registration window and places (`SCHEDULE`, all of them); the programme moves with the start.

    Returns whether the programme has moved. Raises EndBeforeStart, TooLong, SignupWindowUnfit, ProgrammeOutside,
    FrameBelowTaken, QuotasAboveCapacity, ChangedMeanwhile. Whoever waits moves up.
    """
    _refuse_times(wanted["starts_at"], wanted["ends_at"])
    opens, closes = wanted["registration_opens_at"], wanted["registration_closes_at"]
    if opens and closes and closes <= opens:
        raise SignupWindowUnfit
    with editing.writing(conference):
        editing.refuse_if_changed(editing.values(conference, SCHEDULE), wanted, shown)
        shift = wanted["starts_at"] - conference.starts_at
        last = max((item.ends_at for item in conference.agenda), default=None)
        if last is not None and last + shift > wanted["ends_at"]:
            raise ProgrammeOutside(until=f"{(last + shift).astimezone(LOCAL):%H:%M}")
        frame = {name: wanted[name] for name in ("capacity", "walk_in_quota")}
        changed = editing.save(conference, {name: wanted[name] for name in SCHEDULE if name not in frame})
        if editing.values(conference, frame) != frame:
            changed |= set(frame)
            kept = {quota.role_group: quota.places for quota in conference.quotas}
            admission.set_frame(conference, **frame, quotas=kept)
        if shift:
            for item in conference.agenda:
                item.starts_at += shift
                item.ends_at += shift
        if changed & {"starts_at", "ends_at"}:
            editing.touch_calendar(conference)
        note_change(conference, changed)
        return bool(shift) and last is not None


def set_contribution_window(
    conference: Conference, opens: datetime | None, closes: datetime | None, *, shown: str | None = None
) -> None:
    """Let residents hand in contributions from `opens` to `closes`; without `opens` never, without `closes` for good.

    Raises ContributionWindowUnopened, ContributionWindowUnfit, ChangedMeanwhile.
    """
    if closes and not opens:
        raise ContributionWindowUnopened
    if opens and closes and closes <= opens:
        raise ContributionWindowUnfit
    wanted = dict(zip(CONTRIBUTION_WINDOW, (opens, closes), strict=True))
    with editing.writing(conference):
        editing.refuse_if_changed(editing.values(conference, CONTRIBUTION_WINDOW), wanted, shown)
        editing.save(conference, wanted)


def open_contributions(conference: Conference) -> None:
    """Let residents hand in contributions from now on; an end that has passed is taken away. Twice changes nothing."""
    at = now()
    with editing.writing(conference):
        closes = conference.contributions_close_at
        if closes and closes <= at:
            conference.contributions_close_at = None
        if conference.contributions_open_at is None or conference.contributions_open_at > at:
            conference.contributions_open_at = at


def close_contributions(conference: Conference) -> None:
    """Nobody can hand in contributions by themselves any more; what was not open yet is not opened. Twice as once."""
    at = now()
    with editing.writing(conference):
        opens, closes = conference.contributions_open_at, conference.contributions_close_at
        if opens is None or opens >= at:
            conference.contributions_open_at = conference.contributions_close_at = None
        elif closes is None or closes > at:
            conference.contributions_close_at = at


def choose_venue(conference: Conference, venue_id: int | None, *, shown: str | None = None) -> int:
    """Let it take place there; rooms of another venue are taken out of programme and groups: returns how many.

    Raises NotFound for a venue of another host, ChangedMeanwhile.
    """
    with editing.writing(conference):
        wanted = {"venue_id": venue_id}
        editing.refuse_if_changed(editing.values(conference, wanted), wanted, shown)
        if conference.venue_id == venue_id:
            return 0
        _refuse_foreign_venue(conference.host_id, venue_id)
        conference.venue_id = venue_id
        cleared = 0
        parts: list[AgendaItem | WorkingGroup] = [*conference.agenda, *conference.groups]
        for part in parts:
            if part.room_id is not None:
                part.room_id = None
                cleared += 1
        editing.touch_calendar(conference)
        note_change(conference, {"venue_id"})
        return cleared


def note_change(conference: Conference, names: set[str]) -> None:
    """Void the host's start page where it shows what has changed."""
    db.session.flush()
    if conference.is_public and names & ON_START_PAGE:
        versions.raise_host(conference.host_id)


def _refuse_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise EndBeforeStart
    if ends_at - starts_at > LONGEST:
        raise TooLong(days=LONGEST.days)


def _refuse_foreign_venue(host_id: int, venue_id: int | None) -> None:
    if venue_id is None:
        return
    if db.session.scalar(select(Venue.id).where(Venue.id == venue_id, Venue.host_id == host_id)) is None:
        raise NotFound(field="venue")


def _checked_key(host_id: int, key: str) -> str:
    if not _KEY.fullmatch(key) or key in RESERVED or len(key) > 80:
        raise ConferenceKeyUnfit(key=key)
    if key in _keys(host_id):
        raise ConferenceKeyTaken(key=key)
    return key


def _free_key(host_id: int, title: str) -> str:
    stem = slugs.slug(title)
    if not stem or not stem[0].isalpha():
        stem = f"konferenz-{stem}".strip("-")
    taken = _keys(host_id) | RESERVED
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def _keys(host_id: int) -> set[str]:
    return set(db.session.scalars(select(Conference.key).where(Conference.host_id == host_id)))


def _just_created(host_id: int, title: str, starts_at: datetime) -> Conference | None:
    recent = db.session.scalars(
        select(Conference).where(
            Conference.host_id == host_id,
            Conference.status == ConferenceStatus.DRAFT,
            Conference.starts_at == starts_at,
            Conference.created_at > now() - _DOUBLE_CLICK,
        )
    )
    return next((made for made in recent if made.title == Translated(title)), None)


def _copied(subject: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(subject, name) for name in names}
