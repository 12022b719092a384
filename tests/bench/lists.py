"""The list of registrations with 5,000 of them against 50: the same statements, and how long the page takes."""

from __future__ import annotations

import time
from collections.abc import Iterator

from flask import Flask
from sqlalchemy import insert, update

from app.database import db, transaction
from app.models import (
    Conference,
    GroupRound,
    Participant,
    Registration,
    RegistrationChannel,
    RoleGroup,
    Seat,
    SeatState,
    StaffRole,
)
from tests import counting, make
from tests.visitor import Visitor

SIZES = (50, 5_000)
_AT_ONCE = 1_000


def measure(app: Flask, times: int = 5) -> Iterator[tuple[str, str, str, str]]:
    """Rows of the report: statements and CPU of one page of the list, the least of several."""
    first: tuple[int, float] | None = None
    for size in SIZES:
        with app.app_context():
            path, client = _filled(app, size)
            client.get(path)
            spent = []
            for _ in range(times):
                with counting.statements() as sent:
                    started = time.process_time()
                    answer = client.get(path)
                    spent.append(time.process_time() - started)
                if answer.status_code != 200:
                    raise RuntimeError(f"status {answer.status_code}")
        found = len(sent), min(spent) * 1000
        first = first or found
        yield (
            f"list of {size} registrations",
            f"{found[0]} statements, {found[1]:.0f} ms of CPU",
            f"{found[1] / first[1]:.1f}",
            "the same statements" if found[0] == first[0] else "MORE STATEMENTS",
        )


def _filled(app: Flask, size: int) -> tuple[str, Visitor]:
    """A conference with so many registrations of one person, each with a seat or in the queue; and its organiser."""
    conference = make.conference(make.host(), capacity=None)
    meeting = make.group(conference, capacity=size // 2).rounds[0]
    ids = {"host_id": conference.host_id, "conference_id": conference.id}
    with transaction():
        for begin in range(0, size, _AT_ONCE):
            some = range(begin, min(begin + _AT_ONCE, size))
            registered = db.session.scalars(
                insert(Registration).returning(Registration.id, sort_by_parameter_order=True),
                [
                    {
                        **ids,
                        "channel": RegistrationChannel.WEB,
                        "role_group": RoleGroup.RESIDENT,
                        "display_name": f"Person {number}",
                        "code_digest": f"{conference.id}-{number}",
                        "link_nonce": str(number),
                    }
                    for number in some
                ],
            ).all()
            people = db.session.scalars(
                insert(Participant).returning(Participant.id, sort_by_parameter_order=True),
                [{**ids, "registration_id": held} for held in registered],
            ).all()
            db.session.execute(
                insert(Seat),
                [
                    {
                        **ids,
                        "group_round_id": meeting.id,
                        "round_number": 1,
                        "participant_id": person,
                        "ticket": number + 1,
                        "state": SeatState.SEATED if number < size // 2 else SeatState.WAITING,
                    }
                    for number, person in zip(some, people, strict=True)
                ],
            )
        db.session.execute(update(Conference).where(Conference.id == conference.id).values(places_taken=size))
        db.session.execute(
            update(GroupRound)
            .where(GroupRound.id == meeting.id)
            .values(seats_taken=size // 2, waiting=size - size // 2, last_ticket=size)
        )
    client = Visitor(app)
    make.sign_in(client, make.staff_member(StaffRole.ORGANIZER, conference.host))
    return f"/verwaltung/{conference.host.key}/{conference.key}/anmeldungen", client
