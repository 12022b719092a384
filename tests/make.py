"""Rows for tests, each with everything it needs; what a test does not name is ordinary."""

from __future__ import annotations

import itertools
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient

from app.database import db, now, transaction
from app.domain import contributions, moderation, registrations, staff, topics
from app.models import (
    AgendaItem,
    AgendaKind,
    Conference,
    ConferenceKind,
    ConferenceStatus,
    Contribution,
    ContributionKind,
    GroupRound,
    Host,
    NeedKind,
    Participant,
    Registration,
    RegistrationChannel,
    RoleGroup,
    Room,
    StaffMember,
    StaffRole,
    SupportOffer,
    Topic,
    Translated,
    Venue,
    WorkingGroup,
)

_numbers = itertools.count(1)

PASSWORD = "ein langes Passwort"
# Real hashes are slow on purpose, and nearly every test of a staff page signs in.
staff._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_HASH = staff._hasher.hash(PASSWORD)


def host(key: str | None = None, **values: Any) -> Host:
    """A host with the settings its legal pages need."""
    number = next(_numbers)
    with transaction():
        made = Host(
            **{
                "key": key or f"stadt-{number}",
                "name": f"Stadt {number}",
                "street": "Marktplatz 1",
                "postal_code": "12345",
                "city": f"Stadt {number}",
                "phone": "02000 12345",
                "email": "beteiligung@stadt.example",
                "responsible_role": "Fachbereich Soziales",
                "dpo_contact": "Datenschutzbeauftragte Person, datenschutz@stadt.example",
                "accessibility_contact": "barrierefrei@stadt.example",
                **values,
            }
        )
        db.session.add(made)
    return made


def venue(of: Host, **values: Any) -> Venue:
    """A house of a host."""
    with transaction():
        made = Venue(
            **{
                "host_id": of.id,
                "name": f"Haus {next(_numbers)}",
                "street": "Hauptstraße 2",
                "postal_code": "12345",
                "city": "Stadt",
                **values,
            }
        )
        db.session.add(made)
    return made


def conference(of: Host | None = None, *, starts_at: datetime | None = None, **values: Any) -> Conference:
    """A conference in a month, open for registration, without groups."""
    of = of or host()
    number = next(_numbers)
    starts_at = starts_at or (now() + timedelta(days=30)).replace(hour=15, minute=0, second=0, microsecond=0)
    with transaction():
        made = Conference(
            **{
                "host_id": of.id,
                "key": f"konferenz-{number}",
                "kind": ConferenceKind.CITY_CONFERENCE,
                "status": ConferenceStatus.REGISTRATION_OPEN,
                "title": Translated(f"Sozialkonferenz {number}"),
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(hours=3),
                "contact_phone": "02000 54321",
                **values,
            }
        )
        db.session.add(made)
    return made


def agenda_round(of: Conference, number: int) -> AgendaItem:
    """The point of the programme at which all groups of this round meet."""
    starts_at = of.starts_at + timedelta(minutes=30 * number)
    with transaction():
        made = AgendaItem(
            host_id=of.host_id,
            conference_id=of.id,
            position=100 + number,
            kind=AgendaKind.GROUP_ROUND,
            title=Translated(f"Arbeitsgruppen, Runde {number}"),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=25),
            round_number=number,
        )
        db.session.add(made)
    return made


def group(
    of: Conference | None = None, *, capacity: int = 5, rounds: int = 1, title: str | None = None
) -> WorkingGroup:
    """A working group with `rounds` rounds of `capacity` seats each."""
    of = of or conference()
    count = len(of.groups) + 1
    with transaction():
        made = WorkingGroup(
            host_id=of.host_id,
            conference_id=of.id,
            key=f"gruppe-{next(_numbers)}",
            number=count,
            position=count,
            title=Translated(title or f"Gruppe {count}"),
        )
        db.session.add(made)
        db.session.flush()
        for number in range(1, rounds + 1):
            db.session.add(
                GroupRound(
                    host_id=of.host_id,
                    conference_id=of.id,
                    working_group_id=made.id,
                    number=number,
                    capacity=capacity,
                )
            )
    db.session.expire(of)
    return made


def two_groups_in_two_rounds(of: Conference) -> tuple[WorkingGroup, WorkingGroup]:
    """Housing, with one seat a round in room 12 of the conference's venue, and poverty, with five; both timed."""
    housing = group(of, capacity=1, rounds=2, title="Wohnen")
    poverty = group(of, capacity=5, rounds=2, title="Armut")
    items = [agenda_round(of, number) for number in (1, 2)]
    with transaction():
        room = Room(host_id=of.host_id, venue_id=of.venue_id, name="Raum 12")
        db.session.add(room)
        db.session.flush()
        housing.room_id = room.id
        for meeting in (*housing.rounds, *poverty.rounds):
            meeting.agenda_item_id = items[meeting.number - 1].id
    db.session.expire_all()
    return housing, poverty


def group_round(of: Conference | None = None, *, capacity: int = 5) -> GroupRound:
    """The only round of a new working group."""
    return group(of, capacity=capacity).rounds[0]


def registration(
    at: Conference, *group_rounds: GroupRound, name: str = "", submission: str | None = None, **options: Any
) -> Registration:
    """Somebody who has registered through the domain, with or without groups."""
    return registered(at, *group_rounds, name=name, submission=submission, **options)[0]


def registered(
    at: Conference,
    *group_rounds: GroupRound,
    name: str = "",
    submission: str | None = None,
    channel: RegistrationChannel = RegistrationChannel.WEB,
    by: StaffMember | None = None,
    people: int = 1,
    **details: Any,
) -> tuple[Registration, str]:
    """The same, with the code; all `people` of the household want the same groups."""
    person = registrations.Person(groups={held.number: held.id for held in group_rounds})
    return registrations.register(
        at,
        registrations.Details(
            **{"role_group": RoleGroup.RESIDENT, "display_name": name, **details},
        ),
        [person] * people,
        submission=submission or secrets.token_urlsafe(24),
        channel=channel,
        by=by,
    )


def support_offers(of: Conference, *kinds: NeedKind, order_by: date | None = None) -> None:
    """Let the conference ask for these kinds of support, to be ordered by this day."""
    with transaction():
        for kind in kinds:
            db.session.add(
                SupportOffer(host_id=of.host_id, conference_id=of.id, kind=kind, order_by=order_by)
            )


def household(
    at: Conference, *people: registrations.Person, submission: str | None = None, **details: Any
) -> Registration:
    """These people, who have registered together through the domain."""
    return registrations.register(
        at,
        registrations.Details(**{"role_group": RoleGroup.RESIDENT, **details}),
        people,
        submission=submission or secrets.token_urlsafe(24),
    )[0]


def said(
    at: Conference,
    text: str = "Mehr Bänke am Weg.",
    *,
    kind: ContributionKind = ContributionKind.IDEA,
    language: str = "de",
    group: WorkingGroup | None = None,
    topic: Topic | None = None,
    name: str = "",
    submission: str | None = None,
    **more: Any,
) -> tuple[Contribution, str]:
    """A contribution handed in through the domain, whether the conference takes any or not, with its code."""
    return contributions.hand_in(
        at,
        contributions.Words(
            text,
            kind=kind,
            language=language,
            working_group_id=group.id if group else None,
            topic_id=topic.id if topic else None,
            display_name=name,
        ),
        submission=submission or secrets.token_urlsafe(24),
        **{"by_staff": True, **more},
    )


def published(at: Conference, text: str = "Mehr Bänke am Weg.", **more: Any) -> Contribution:
    """One that everybody can read."""
    contribution, _code = said(at, text, **more)
    moderation.publish(contribution)
    return contribution


def topic(of: Conference, title: str = "Spielplätze", *, group: WorkingGroup | None = None) -> Topic:
    """A topic at the end of the list."""
    wanted = {"title": title, "summary": "", "working_group_id": group.id if group else None}
    return topics.add(of, wanted)


def participant(at: Conference) -> Participant:
    """The person of a new registration without groups."""
    return registration(at).participants[0]


def staff_member(
    role: StaffRole | None = StaffRole.ORGANIZER, of: Host | None = None, *, email: str | None = None
) -> StaffMember:
    """An account with PASSWORD; without a role it may do nothing."""
    member = StaffMember(
        email=email or f"person-{next(_numbers)}@stadt.example",
        name="Sachbearbeitung",
        session_stamp=secrets.token_hex(16),
        password_hash=_HASH,
    )
    with transaction():
        db.session.add(member)
        db.session.flush()
        if role is not None:
            staff._assign(member, role, of)
    return member


def sign_in(client: FlaskClient, member: StaffMember) -> None:
    """Let the client act as this staff member, through the page where one signs in."""
    answer = client.post("/verwaltung/anmelden", data={"email": member.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.text


def at(text: str) -> datetime:
    """An instant from "2026-03-02 12:00", in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
