"""The snapshot of an edition: all that is public of a conference at one moment, as plain data that JSON can hold.

Page, PDF, CSV and JSON are made of it and of nothing else. It names no people and no ids of rows; texts are German
unless `lang` says otherwise, days are ISO dates, times ISO instants in UTC. The same rows give the same bytes.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import Literal, NotRequired, TypedDict
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.database import db
from app.domain import snapshot_results
from app.domain.snapshot_results import (
    ContributionEntry,
    RecommendationEntry,
    TopicEntry,
    WithdrawnEntry,
)
from app.models import AgendaItem, Conference, Host, Minutes, WorkingGroup

SCHEMA = "sozialraumkonferenz-results/1"
# Groups of people that are smaller are not told apart: one could be recognised.
FEWEST = 3


class EditionPart(TypedDict):
    number: int
    published_on: str
    correction_until: str | None
    note: str
    is_demo: bool


class HostPart(TypedDict):
    """Who publishes it, for the imprint."""

    key: str
    name: str
    street: str
    postal_code: str
    city: str
    represented_by: str
    responsible_role: str
    phone: str
    email: str
    accent_colour: str
    dpo_contact: str
    accessibility_contact: str


class VenuePart(TypedDict):
    name: str
    street: str
    postal_code: str
    city: str


class ContactPart(TypedDict):
    role: str
    phone: str
    email: str
    hours: str


class ConferencePart(TypedDict):
    key: str
    title: str
    kind_label: str
    motto: str
    teaser: str
    starts_at: str
    ends_at: str
    venue: VenuePart | None
    contact: ContactPart
    # Its public page.
    address: str


class RoleCount(TypedDict):
    # A value of RoleGroup, or "other" for those too few to be told apart.
    role: str
    label: str
    count: int


class TableCount(TypedDict):
    group: int
    round: int
    count: int


class Attendance(TypedDict):
    """People of registrations that were not cancelled, and people counted at the tables."""

    registered: int
    by_role: list[RoleCount]
    at_tables: list[TableCount]


class ProgrammeItem(TypedDict):
    starts_at: str
    ends_at: str
    kind: str
    title: str
    speaker_role: str
    room: str


class MinutesEntry(TypedDict):
    round: int
    participants: int | None
    points: list[str]


class GroupEntry(TypedDict):
    number: int
    title: str
    questions: list[str]
    facilitator_role: str
    room: str
    # Only what whoever led the group has agreed to.
    minutes: list[MinutesEntry]


class ChangedRecommendation(TypedDict):
    number: int
    fields: list[str]
    status_before: NotRequired[str]
    status_now: NotRequired[str]


class RecommendationChanges(TypedDict):
    added: list[int]
    removed: list[int]
    changed: list[ChangedRecommendation]


class ContributionChanges(TypedDict):
    added: list[int]
    withdrawn: list[int]
    changed: list[int]


class Changes(TypedDict):
    """What differs from edition `since`: numbers and names of fields, never words."""

    since: int
    recommendations: RecommendationChanges
    contributions: ContributionChanges


class Snapshot(TypedDict):
    schema: Literal["sozialraumkonferenz-results/1"]
    edition: EditionPart
    host: HostPart
    conference: ConferencePart
    attendance: Attendance
    programme: list[ProgrammeItem]
    groups: list[GroupEntry]
    topics: list[TopicEntry]
    contributions: list[ContributionEntry | WithdrawnEntry]
    recommendations: list[RecommendationEntry]
    # None in the first edition.
    changes: Changes | None


def take(
    conference: Conference,
    *,
    number: int,
    published_on: date,
    correction_until: date | None,
    note: str,
    base_url: str,
    word: Callable[[enum.Enum], str],
) -> Snapshot:
    """What is public of the conference now; nothing is written. A fixed number of statements whatever its size.

    `word` gives the German word of an enum member. What is not in it: contributions without a decision, rejected or
    forwarded ones that never were public, recommendations that are not public yet, minutes nobody has signed off, and
    everything about people. `changes` is None; app.domain.changes compares.
    """
    host = conference.host
    meetings = _minutes(conference)
    return {
        "schema": "sozialraumkonferenz-results/1",
        "edition": {
            "number": number,
            "published_on": published_on.isoformat(),
            "correction_until": correction_until.isoformat() if correction_until else None,
            "note": note,
            "is_demo": conference.shows_demo,
        },
        "host": _host(host),
        "conference": _conference(conference, base_url, word),
        "attendance": _attendance(conference, meetings, word),
        "programme": _programme(conference),
        "groups": _groups(conference, meetings),
        "topics": snapshot_results.topics(conference),
        "contributions": snapshot_results.contributions(
            conference, contact_role=conference.contact_role or host.responsible_role
        ),
        "recommendations": snapshot_results.recommendations(conference, word),
        "changes": None,
    }


def canonical(snapshot: Snapshot) -> bytes:
    """The snapshot as bytes that are the same for the same content."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(snapshot: Snapshot) -> str:
    """The SHA-256 of the canonical bytes, in hexadecimal digits."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def _host(host: Host) -> HostPart:
    return {
        "key": host.key,
        "name": host.name,
        "street": host.street,
        "postal_code": host.postal_code,
        "city": host.city,
        "represented_by": host.represented_by,
        "responsible_role": host.responsible_role,
        "phone": host.phone,
        "email": host.email,
        "accent_colour": host.accent_colour,
        "dpo_contact": host.dpo_contact,
        "accessibility_contact": host.accessibility_contact,
    }


def _conference(conference: Conference, base_url: str, word: Callable[[enum.Enum], str]) -> ConferencePart:
    host, venue = conference.host, conference.venue
    own_phone = bool(conference.contact_phone)
    return {
        "key": conference.key,
        "title": str(conference.title),
        "kind_label": str(conference.kind_label) or word(conference.kind),
        "motto": str(conference.motto),
        "teaser": str(conference.teaser),
        "starts_at": conference.starts_at.isoformat(),
        "ends_at": conference.ends_at.isoformat(),
        "venue": {
            "name": venue.name,
            "street": venue.street,
            "postal_code": venue.postal_code,
            "city": venue.city,
        }
        if venue
        else None,
        "contact": {
            "role": conference.contact_role or host.responsible_role,
            "phone": conference.contact_phone or host.phone,
            "email": conference.contact_email or host.email,
            "hours": str(conference.contact_hours if own_phone else host.phone_hours),
        },
        "address": f"{base_url}/{quote(host.key)}/{quote(conference.key)}/",
    }


def _minutes(conference: Conference) -> dict[int, list[Minutes]]:
    """Minutes that were signed off, by the id of their group."""
    found: dict[int, list[Minutes]] = {}
    for row in db.session.scalars(
        select(Minutes)
        .where(Minutes.conference_id == conference.id, Minutes.signed_off)
        .order_by(Minutes.round_number, Minutes.id)
    ):
        found.setdefault(row.working_group_id, []).append(row)
    return found


def _attendance(
    conference: Conference, meetings: dict[int, list[Minutes]], word: Callable[[enum.Enum], str]
) -> Attendance:
    counts = snapshot_results.people_by_role(conference)
    told: list[RoleCount] = [
        {"role": role.value, "label": word(role), "count": count} for role, count in counts if count >= FEWEST
    ]
    few = sum(count for _role, count in counts if count < FEWEST)
    if few >= FEWEST:
        told.append({"role": "other", "label": "andere", "count": few})
    elif few:
        # Beside the total even the sum of the others would tell them apart.
        told = []
    numbers = {group.id: group.number for group in conference.groups}
    at_tables: list[TableCount] = [
        {"group": numbers[group_id], "round": row.round_number, "count": row.participants}
        for group_id, rows in meetings.items()
        for row in rows
        if row.participants is not None
    ]
    return {
        "registered": sum(count for _role, count in counts),
        "by_role": told,
        "at_tables": sorted(at_tables, key=lambda table: (table["group"], table["round"])),
    }


def _programme(conference: Conference) -> list[ProgrammeItem]:
    rows = db.session.scalars(
        select(AgendaItem)
        .where(AgendaItem.conference_id == conference.id)
        .options(joinedload(AgendaItem.room))
        .order_by(AgendaItem.position, AgendaItem.starts_at, AgendaItem.id)
    )
    return [
        {
            "starts_at": item.starts_at.isoformat(),
            "ends_at": item.ends_at.isoformat(),
            "kind": item.kind.value,
            "title": str(item.title),
            "speaker_role": str(item.speaker_role),
            "room": item.room.name if item.room else "",
        }
        for item in rows
    ]


def _groups(conference: Conference, meetings: dict[int, list[Minutes]]) -> list[GroupEntry]:
    rows = db.session.scalars(
        select(WorkingGroup)
        .where(WorkingGroup.conference_id == conference.id)
        .options(joinedload(WorkingGroup.room))
        .order_by(WorkingGroup.position, WorkingGroup.number)
    )
    return [
        {
            "number": group.number,
            "title": str(group.title),
            "questions": [line.strip() for line in str(group.questions).splitlines() if line.strip()],
            "facilitator_role": str(group.facilitator_role),
            "room": group.room.name if group.room else "",
            "minutes": [
                {"round": row.round_number, "participants": row.participants, "points": row.points}
                for row in meetings.get(group.id, [])
            ],
        }
        for group in rows
    ]
