"""A town with rows of every kind, for tests that look at all pages at once."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from PIL import Image

from app.database import db, metadata, now, transaction
from app.domain import hosts, registrations, secrets, staff, support
from app.models import (
    AgendaItem,
    AgendaKind,
    Conference,
    ConferenceStatus,
    ContactChannel,
    GroupRound,
    ImportRecord,
    Message,
    MessageState,
    NeedKind,
    Registration,
    RoleGroup,
    Room,
    StaffRole,
    Translated,
    WorkingGroup,
)
from tests import (
    make,
    town_allocation,
    town_day,
    town_editions,
    town_form,
    town_import,
    town_invitations,
    town_messages,
    town_recommendations,
    town_remains,
    town_voices,
)
from tests.visitor import Visitor


@dataclass
class Town:
    """Where everything is; `word` stands in all names that belong to this town, and in no other's."""

    word: str
    host_id: int = 0
    conference_id: int = 0
    registration_id: int = 0
    # What stands in addresses, by the name of the argument.
    parts: dict[str, Any] = field(default_factory=dict)
    # The conference nobody but staff may see.
    draft: str = ""
    admin: str = ""
    organizer: str = ""
    code: str = ""
    holding_mark: str = ""
    # The contribution its author has the code of, and what stands in addresses about contributions.
    contribution_id: int = 0
    contribution_code: str = ""
    contribution_mark: str = ""
    voices: dict[str, Any] = field(default_factory=dict)
    recommendations: dict[str, Any] = field(default_factory=dict)
    published: dict[str, Any] = field(default_factory=dict)
    messages: dict[str, Any] = field(default_factory=dict)
    # Everything a form may name, by kind.
    ids: dict[str, list[int]] = field(default_factory=dict)

    def sign_in(self, client: Visitor) -> Visitor:
        """The client acts as somebody who leads this host."""
        answer = client.post("/verwaltung/anmelden", data={"email": self.admin, "password": make.PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    def hold(self, client: Visitor) -> Visitor:
        """The client has shown the code of a registration, and it was made just now."""
        with client.session_transaction() as session:
            session["registration"] = self.registration_id
            session["registration_mark"] = self.holding_mark
            session["registration_until"] = int(now().timestamp()) + 3600
            session["fresh_code"] = [self.registration_id, self.code, int(now().timestamp()) + 600]
        return client

    def follow(self, client: Visitor) -> Visitor:
        """The client has shown the code of a contribution, and it was made just now."""
        until = int(now().timestamp()) + 600
        with client.session_transaction() as session:
            session["contribution"] = str(self.contribution_id)
            session["contribution_mark"] = self.contribution_mark
            session["contribution_until"] = until
            session["fresh_contribution_code"] = [str(self.contribution_id), self.contribution_code, until]
        return client


def both(text: str) -> Translated:
    """A text in German and Arabic."""
    return Translated({"de": text, "ar": f"نص {text}"})


def build(word: str = "Nordstern", *, first: int = 1, is_demo: bool = False) -> Town:
    """A host with staff, venue, conference, groups from number `first` on, registrations, queue and mails.

    The second group is full and has a queue; a second conference is a draft.
    """
    town = Town(word)
    key = word.lower()
    host = make.host(
        key=f"stadt-{first}",
        name=f"Stadt Nummer {first}",
        is_demo=is_demo,
        represented_by=f"Verwaltungsleitung {word}",
        supervisory_authority=f"Bezirksregierung {word}",
        accessibility_reviewed_on=now().date(),
        phone_hours=both("Montag bis Freitag, 9 bis 12 Uhr"),
        welcome=both(f"Willkommen bei {word}."),
    )
    hosts.set_logo(host, "logo.png", _picture())
    hosts.tell_barrier(
        host,
        text=f"Das Bild von {word} hat keinen Text.",
        page="/",
        contact="02000 777",
        submission=f"{key:-<20}",
    )
    make.conference(host, title=both(f"{word}: frühere Konferenz"), starts_at=now() - timedelta(days=300))
    draft = make.conference(host, title=both(f"{word}: geheimer Entwurf"), status=ConferenceStatus.DRAFT)
    conference = _conference(town, host, first)
    groups = _groups(town, conference, first)
    people = _people(conference, groups, word)
    _needs(town, people[0][0])
    town_form.fill(town, conference, people[0][0])
    town_day.fill(conference, groups, people[0][0])
    town_voices.fill(town, conference, groups, first)
    admin = make.staff_member(StaffRole.HOST_ADMIN, host, email=f"leitung@{key}.example")
    organizer = make.staff_member(StaffRole.ORGANIZER, host, email=f"organisation@{key}.example")
    town_recommendations.fill(town, conference, organizer, first)
    town_editions.fill(town, conference, first)
    town_messages.fill(town, conference)
    invited, token = staff.invite(f"neu@{key}.example", f"Neu bei {word}", StaffRole.ORGANIZER, host)
    registration, town.code = people[0]
    message = _failed_message(registration)
    town.host_id, town.conference_id, town.registration_id = host.id, conference.id, registration.id
    town.holding_mark = registrations.holding_mark(registration)
    town.draft, town.admin, town.organizer = draft.key, admin.email, organizer.email
    assignments = [held.id for member in (admin, organizer, invited) for held in member.assignments]
    town.ids |= {
        "assignment": assignments,
        "registration": [registration.id for registration, _code in people],
        "message": [message.id],
        "feedback": [entry.id for entry in hosts.barriers(host)],
    }
    town.parts = {
        "host": host.key,
        "conference": conference.key,
        "number": groups[0].number,
        "round_number": 1,
        "registration": registration.id,
        "person": registration.participants[0].id,
        "message": message.id,
        "venue": conference.venue_id,
        "token": token,
        "link": registrations.link_token(registration),
        "step": "absagen",
        "code": "ar",
        "item": town.ids["item"][-1],
        "group": groups[0].id,
        "feedback": town.ids["feedback"][0],
        "question": town.ids["question"][0],
        "assignment": assignments[1],
        **town_invitations.fill(conference, organizer, word),
        **town_import.fill(conference, organizer, word),
        **town_allocation.fill(conference, registration, first),
        **town.voices,
        **town.recommendations,
        **town.published,
        **town.messages,
    }
    town_remains.fill(conference, word)
    db.session.rollback()
    return town


def _conference(town: Town, host: Any, first: int) -> Conference:
    word = town.word
    venue = make.venue(host, name=f"Haus {word}", directions=both(f"Haltestelle {word}"), step_free=True)
    with transaction():
        room = Room(host_id=host.id, venue_id=venue.id, name=f"Saal {word}")
        db.session.add(room)
    conference = make.conference(
        host,
        key=f"konferenz-{first}",
        title=both(f"Konferenz {word}"),
        motto=both(f"Motto {word}"),
        teaser=both(f"Darum geht es in {word}."),
        about=both(f"Genauer gesagt um {word}.\n\nUnd um mehr."),
        costs=both("Die Teilnahme kostet nichts."),
        children=both("Kinder sind willkommen."),
        language_help=both("Es wird ins Arabische übersetzt."),
        afterwards=both("Der Rat entscheidet."),
        languages=["de", "ar"],
        venue_id=venue.id,
        capacity=40,
        walk_in_quota=4,
        contributions_open_at=now() - timedelta(days=1),
        contact_role=f"Sozialplanung {word}",
        contact_email=f"hilfe@{word.lower()}.example",
    )
    at = conference.starts_at
    points = (
        (AgendaKind.ARRIVAL, "Ankommen"),
        (AgendaKind.INPUT, "Vortrag"),
        (AgendaKind.CLOSING, "Abschluss"),
    )
    items = [make.agenda_round(conference, number) for number in (1, 2)]
    with transaction():
        for position, (kind, title) in enumerate(points):
            starts_at = at + timedelta(minutes=10 * position if position < 2 else 120)
            items.append(
                AgendaItem(
                    host_id=host.id,
                    conference_id=conference.id,
                    position=position if position < 2 else 200,
                    kind=kind,
                    title=both(f"{title} {word}"),
                    speaker_role=both(f"Leitung {word}"),
                    starts_at=starts_at,
                    ends_at=starts_at + timedelta(minutes=10),
                    room_id=room.id,
                )
            )
        db.session.add_all(items)
    town.ids |= {"venue": [venue.id], "room": [room.id], "item": [item.id for item in items]}
    return conference


def _groups(town: Town, conference: Conference, first: int) -> list[WorkingGroup]:
    titles = ("Wohnen", "Bewegen", "Begegnen")
    with transaction():
        for position, title in enumerate(titles):
            group = WorkingGroup(
                host_id=conference.host_id,
                conference_id=conference.id,
                key=f"gruppe-{position}",
                number=first + position,
                position=position + 1,
                title=both(f"{title} in {town.word}"),
                description=both(f"Was {title} in {town.word} heißt."),
                questions=both("Was ist gut?\nWas fehlt?"),
                facilitator_role=both(f"Moderation {town.word}"),
                interpreter_languages=["ar"],
                room_id=town.ids["room"][0],
            )
            db.session.add(group)
            for item in (item for item in conference.agenda if item.round_number):
                group.rounds.append(
                    GroupRound(
                        host_id=conference.host_id,
                        conference_id=conference.id,
                        number=item.round_number,
                        capacity=1 if title == "Bewegen" else 5,
                        agenda_item_id=item.id,
                    )
                )
    db.session.expire(conference)
    groups = list(conference.groups)
    town.ids |= {
        "group": [group.id for group in groups],
        "group_round": [held.id for group in groups for held in group.rounds],
    }
    return groups


def _people(conference: Conference, groups: list[WorkingGroup], word: str) -> list[tuple[Registration, str]]:
    open_group, full_group = groups[0], groups[1]
    wishes = ((open_group.rounds[0], full_group.rounds[1]), (full_group.rounds[0],), (full_group.rounds[0],))
    return [
        make.registered(
            conference,
            *wanted,
            name=f"Person {place} aus {word}",
            organisation=f"Verein {word}",
            role_group=RoleGroup.INSTITUTION,
            contact_channel=ContactChannel.EMAIL,
            contact=f"person-{place}@{word.lower()}.example",
        )
        for place, wanted in enumerate(wishes, start=1)
    ]


def _needs(town: Town, registration: Registration) -> None:
    """Somebody needs something, and says so in words of their own."""
    make.support_offers(
        registration.conference,
        NeedKind.WHEELCHAIR,
        NeedKind.OTHER,
        order_by=now().date() + timedelta(days=3),
    )
    with transaction():
        wanted = [
            support.Wanted(NeedKind.WHEELCHAIR),
            support.Wanted(NeedKind.OTHER, f"Hilfe in {town.word}"),
        ]
        support.save(registration.participants[0], wanted)


def _failed_message(registration: Registration) -> Message:
    with transaction():
        message = db.session.query(Message).filter_by(registration_id=registration.id).first()
        assert message is not None
        message.state = MessageState.FAILED
        message.last_error = "550 unbekannt"
        db.session.add(
            ImportRecord(
                host_id=registration.host_id,
                conference_id=registration.conference_id,
                file_name="konferenz.yaml",
                sha256="0" * 64,
                kept=secrets.encrypt("{}"),
            )
        )
    return message


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "#00615a").save(file, "PNG")
    return file.getvalue()


def everybody(app: Flask, town: Town) -> dict[str, Visitor]:
    """Clients by what they may do: everybody, somebody with a code of a registration or of a contribution, staff."""
    return {
        "everybody": Visitor(app),
        "holder": town.hold(Visitor(app)),
        "author": town.follow(Visitor(app)),
        "staff": town.sign_in(Visitor(app)),
    }


def stored() -> dict[str, list[Any]]:
    """All rows of all tables, as one would see them in a dump."""
    db.session.rollback()
    rows = {
        table.name: sorted((tuple(row) for row in db.session.execute(table.select())), key=repr)
        for table in metadata.sorted_tables
    }
    db.session.rollback()
    return rows
