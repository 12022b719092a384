"""A crowd: processes of their own, each with its own app and connections, that start at the same moment."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select, text, update
from sqlalchemy.engine import make_url

from app.database import db, transaction
from app.domain import (
    admission,
    edition_files,
    editions,
    households,
    moving_up,
    registrations,
    returning,
    seats,
    versions,
)
from app.models import (
    Conference,
    Edition,
    GroupRound,
    Participant,
    Registration,
    RegistrationChannel,
    RoleGroup,
    Seat,
    StaffMember,
)
from tests import results
from tests.databases import make_app
from tests.race.crowd_allocation import (  # noqa: F401 - deeds are found by name in this module
    release_or_cancel,
    release_or_take,
    release_or_take_carelessly,
)
from tests.race.crowd_import import take_table_or_register

PROCESSES = 4
# How long a careless writer thinks between looking and writing: as long as a page with a few queries takes.
THINKING = 0.02
# How many seats or places an organizer leaves.
NARROW = 2
# How many people come together, by the number of the person who registers.
HOUSEHOLDS = (1,)


@dataclass(frozen=True)
class Outcome:
    """What one person got to see: the state of the seat or registration, or the name of an error."""

    person: int
    result: str


def rush(app: Flask, deed: Callable[[int, int], str], place: int, people: Sequence[int]) -> list[Outcome]:
    """Let `people` do `deed(place, person)` at once, from several processes; what each of them got.

    `deed` is a function of this module, so that a new process finds it by name.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    barrier, answers = context.Barrier(PROCESSES), context.Queue()
    shares = [list(people[number::PROCESSES]) for number in range(PROCESSES)]
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.rollback()
    workers = [
        context.Process(
            target=_work, args=(url, app.instance_path, deed.__name__, place, share, barrier, answers)
        )
        for share in shares
    ]
    for worker in workers:
        worker.start()
    outcomes = [answers.get(timeout=120) for _ in people]
    for worker in workers:
        worker.join(timeout=60)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    db.session.expire_all()
    return outcomes


def without_checks() -> None:
    """Take away the second line of defence: the CHECK that counters stay below the capacity."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            for table in ("group_round", "conference"):
                connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_never_overbooked"))


def take(round_id: int, participant_id: int) -> str:
    """Take a seat as the product does."""
    group_round = db.session.get_one(GroupRound, round_id)
    return seats.take(group_round, db.session.get_one(Participant, participant_id)).state.value


def take_carelessly(round_id: int, participant_id: int) -> str:
    """Take a seat by a decision made before the lock: nothing else of the product is changed."""
    with _believing_in_seats(round_id):
        return take(round_id, participant_id)


def swap(round_id: int, registration_id: int) -> str:
    """Somebody who sits in another group of the round would rather sit in this one."""
    group_round = db.session.get_one(GroupRound, round_id)
    registration = db.session.get_one(Registration, registration_id)
    wanted = {person.id: {group_round.number: group_round} for person in registration.participants}
    households.change_groups(registration, wanted)
    found = seats.find(group_round, registration.participants[0])
    return found.state.value if found else "nothing"


def swap_carelessly(round_id: int, registration_id: int) -> str:
    """The same by a decision made before the lock."""
    with _believing_in_seats(round_id):
        return swap(round_id, registration_id)


def give_up(_round_id: int, seat_id: int) -> str:
    """Leave a group: the next who waits gets the seat."""
    moved = seats.release(db.session.get_one(Seat, seat_id))
    return " ".join(str(seat.id) for seat in moved)


def give_up_carelessly(round_id: int, seat_id: int) -> str:
    """The same, letting somebody move up who was seen to be next before the lock."""
    with _without_lock() as patch:
        seen = [seat.id for seat in moving_up._next_party_of(db.session.get_one(GroupRound, round_id), 1)]
        time.sleep(THINKING)
        once = iter([True])

        def next_party(_: GroupRound) -> list[Seat]:
            return [db.session.get_one(Seat, number) for number in seen] if next(once, False) else []

        patch.setattr(moving_up, "_next_party", next_party)
        return give_up(round_id, seat_id)


def register(conference_id: int, person: int) -> str:
    """Register as the product does."""
    return _register(conference_id, person, RegistrationChannel.WEB)


def register_at_the_desk(conference_id: int, person: int) -> str:
    """The same by staff, for somebody on the telephone."""
    return _register(conference_id, person, RegistrationChannel.PHONE, by_staff=True)


def walk_in(conference_id: int, person: int) -> str:
    """The same at the door."""
    return _register(conference_id, person, RegistrationChannel.WALK_IN, by_staff=True)


def register_carelessly(conference_id: int, person: int) -> str:
    """Register by a decision made before the lock: nothing else of the product is changed."""
    with _believing_in_places(conference_id):
        return register(conference_id, person)


def register_at_the_desk_carelessly(conference_id: int, person: int) -> str:
    """The same at the desk."""
    with _believing_in_places(conference_id):
        return register_at_the_desk(conference_id, person)


def walk_in_carelessly(conference_id: int, person: int) -> str:
    """The same at the door."""
    with _believing_in_places(conference_id):
        return walk_in(conference_id, person)


def come_back(_conference_id: int, registration_id: int) -> str:
    """A household whose offer has ended comes after all."""
    returning.come_back(registration := db.session.get_one(Registration, registration_id))
    return registration.status.value


def come_back_carelessly(conference_id: int, registration_id: int) -> str:
    """The same by what was free when all of them opened their page, long before the lock."""
    free = db.session.get_one(Conference, conference_id).capacity
    with _without_lock() as patch:
        patch.setattr(admission, "free_for", lambda *_, **__: free)
        return come_back(conference_id, registration_id)


def take_table_or_register_carelessly(conference_id: int, person: int) -> str:
    """A table of one household, or the web, by a decision made before the lock."""
    with _believing_in_places(conference_id):
        return take_table_or_register(conference_id, person)


def register_or_narrow(conference_id: int, person: int) -> str:
    """Register; who has no number of their own is an organizer and leaves NARROW places."""
    if person > 0:
        return register(conference_id, person)
    conference = db.session.get_one(Conference, conference_id)
    admission.set_frame(conference, capacity=NARROW, walk_in_quota=0, quotas={})
    return "narrowed"


def register_or_widen(conference_id: int, person: int) -> str:
    """Register; who has no number of their own is an organizer and makes as many places as the number says."""
    if person > 0:
        return register(conference_id, person)
    conference = db.session.get_one(Conference, conference_id)
    moved = admission.set_frame(conference, capacity=-person, walk_in_quota=0, quotas={})
    return f"widened {len(moved)}"


def _register(
    conference_id: int, person: int, channel: RegistrationChannel, *, by_staff: bool = False
) -> str:
    conference = db.session.get_one(Conference, conference_id)
    by = db.session.scalars(select(StaffMember).limit(1)).one() if by_staff else None
    people = [registrations.Person()] * HOUSEHOLDS[person % len(HOUSEHOLDS)]
    registration, _code = registrations.register(
        conference,
        registrations.Details(role_group=RoleGroup.RESIDENT),
        people,
        submission=f"person {person}",
        channel=channel,
        by=by,
    )
    return registration.status.value


def register_the_same_form(conference_id: int, _person: int) -> str:
    """Send one form that many times."""
    conference = db.session.get_one(Conference, conference_id)
    registration, code = registrations.register(
        conference,
        registrations.Details(role_group=RoleGroup.RESIDENT),
        [registrations.Person()],
        submission="one form",
    )
    return f"{registration.id} {code}"


def come_and_go(round_id: int, participant_id: int) -> str:
    """Take a seat, give it up, take it again; every third person leaves in the end."""
    for _ in range(2):
        take(round_id, participant_id)
        group_round = db.session.get_one(GroupRound, round_id)
        seat = seats.find(group_round, db.session.get_one(Participant, participant_id))
        assert isinstance(seat, Seat)
        seats.release(seat)
    if participant_id % 3 == 0:
        return "gone"
    return take(round_id, participant_id)


def take_or_narrow(round_id: int, person: int) -> str:
    """Take a seat; who has no number of their own is an organizer and leaves NARROW seats."""
    if person > 0:
        return take(round_id, person)
    seats.set_capacity(db.session.get_one(GroupRound, round_id), NARROW)
    return "narrowed"


def take_or_narrow_carelessly(round_id: int, person: int) -> str:
    """The same with an organizer who trusts an old count while people take seats as in the product."""
    if person > 0:
        return take(round_id, person)
    # What the page said when the organizer opened it, before anybody came.
    taken = 0
    until = time.monotonic() + 30
    while db.session.get_one(GroupRound, round_id).seats_taken <= NARROW and time.monotonic() < until:
        time.sleep(THINKING)
        db.session.rollback()
    if taken > NARROW:
        return "refused"
    with transaction():
        db.session.execute(update(GroupRound).where(GroupRound.id == round_id).values(capacity=NARROW))
    return "narrowed"


def take_or_widen(round_id: int, person: int) -> str:
    """Take a seat; who has no number of their own is an organizer and adds as many seats as the number says."""
    if person > 0:
        return take(round_id, person)
    moved_up = seats.set_capacity(db.session.get_one(GroupRound, round_id), -person)
    return f"widened {len(moved_up)}"


def freeze(conference_id: int, number: int) -> str:
    """Publish the edition a form was opened for, as the product does."""
    return str(editions.freeze(db.session.get_one(Conference, conference_id), number=number).id)


def freeze_carelessly(conference_id: int, number: int) -> str:
    """Publish after a look whether it is there that was taken before the lock; a second one gets the next number."""
    with _without_lock() as patch:
        conference = db.session.get_one(Conference, conference_id)
        found = editions.latest_of(conference)
        time.sleep(THINKING)
        if found is None:
            patch.setattr(editions, "latest_of", lambda _: _latest_edition(conference_id))
            return str(editions.freeze(conference).id)
        return str(found.id)


def render(conference_id: int, _person: int) -> str:
    """Make all files that wait, as workers on several machines do."""
    made = []
    while found := edition_files.claim_next():
        made.append(found[1].value)
        edition_files.make(found[0], results.QUICK)
    return " ".join(sorted(made))


def _latest_edition(conference_id: int) -> Edition | None:
    return db.session.scalar(
        select(Edition).where(Edition.conference_id == conference_id).order_by(Edition.number.desc()).limit(1)
    )


def cancel(_conference_id: int, registration_id: int) -> str:
    """Cancel a registration."""
    registration = db.session.get_one(Registration, registration_id)
    registrations.cancel(registration)
    return registration.status.value


def _believing_in_seats(round_id: int) -> _Undone:
    """A look at the free seats, a thought, and then whatever follows believes in what was seen."""
    careless = _without_lock()
    free = db.session.get_one(GroupRound, round_id).seats_free
    time.sleep(THINKING)
    careless.patch.setattr(GroupRound, "seats_free", property(lambda _: free))
    return careless


def _believing_in_places(conference_id: int) -> _Undone:
    """The same with the free places of a conference."""
    careless = _without_lock()
    conference = db.session.get_one(Conference, conference_id)
    free = {
        is_walk_in: admission.free_for(conference, RoleGroup.RESIDENT, walk_in=is_walk_in)
        for is_walk_in in (True, False)
    }
    time.sleep(THINKING)
    careless.patch.setattr(admission, "free_for", lambda *_, walk_in=False: free[walk_in])
    return careless


def _without_lock() -> _Undone:
    patch = pytest.MonkeyPatch()
    patch.setattr(versions, "raise_conference", lambda *_, **__: None)
    return _Undone(patch)


class _Undone:
    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch

    def __enter__(self) -> pytest.MonkeyPatch:
        return self.patch

    def __exit__(self, *_: object) -> None:
        self.patch.undo()


def _work(
    url: str,
    instance: str,
    deed: str,
    place: int,
    people: list[int],
    barrier: Barrier,
    answers: Queue[Outcome],
) -> None:
    app = make_app(make_url(url), Path(instance))
    with app.app_context():
        if deed.endswith("carelessly") and db.engine.dialect.name == "sqlite":
            event.listen(
                db.engine, "connect", lambda dbapi, _: dbapi.execute("PRAGMA ignore_check_constraints=ON")
            )
        db.session.execute(text("SELECT 1"))
        db.session.rollback()
        barrier.wait(timeout=60)
        for person in people:
            try:
                result = globals()[deed](place, person)
            except Exception as error:  # the test looks at every one of them
                db.session.rollback()
                result = f"{type(error).__name__}: {error}"
            answers.put(Outcome(person, result))
        db.session.remove()
        db.engine.dispose()
