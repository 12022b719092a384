"""A proposal is released once, never beyond the seats, whoever takes a seat or cancels at the same moment."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.models import GroupRound, Message, MessageKind, Participant, Seat, SeatState
from tests.domain.allocation import town
from tests.race import crowd, crowd_allocation

CAPACITY = 5
RELEASERS = [0, -1, -2, -3]


def _seated(meeting: GroupRound) -> list[int]:
    db.session.expire_all()
    return list(
        db.session.scalars(
            select(Seat.participant_id).where(
                Seat.group_round_id == meeting.id, Seat.state == SeatState.SEATED
            )
        )
    )


def _proposed_and_others(others: int) -> tuple[GroupRound, list[int], list[int]]:
    """A group with as many seats as are proposed, and people who came after it was solved."""
    conference = town.conference([CAPACITY])
    wishing = [town.wishing(conference, [1]).participants[0].id for _ in range(CAPACITY)]
    town.solved(conference)
    late = [town.wishing(conference, []).participants[0].id for _ in range(others)]
    return conference.groups[0].rounds[0], wishing, late


def test_releasing_by_what_was_seen_before_the_lock_overbooks(fresh_app: Flask) -> None:
    crowd.without_checks()
    meeting, _wishing, late = _proposed_and_others(CAPACITY)

    crowd.rush(fresh_app, crowd_allocation.release_or_take_carelessly, meeting.id, [0, *late])

    assert len(_seated(meeting)) > CAPACITY


def test_releasing_with_the_lock_gives_all_proposed_seats_or_none(fresh_app: Flask) -> None:
    meeting, wishing, late = _proposed_and_others(CAPACITY * 2)
    people = [person for pair in zip(RELEASERS, late[:4], strict=True) for person in pair] + late[4:]

    outcomes = crowd.rush(fresh_app, crowd_allocation.release_or_take, meeting.id, people)

    released = sorted(outcome.result for outcome in outcomes if outcome.person <= 0)
    seated = _seated(meeting)
    assert len(seated) == CAPACITY == meeting.seats_taken
    if f"given {CAPACITY}" in released:
        assert released == ["given 0"] * (len(RELEASERS) - 1) + [f"given {CAPACITY}"]
        assert sorted(seated) == sorted(wishing)
    else:
        assert released == ["AllocationImpossible"] * len(RELEASERS)
        assert set(seated) <= set(late)


def test_releasing_while_people_cancel_gives_each_seat_once_and_none_to_those_who_left(
    fresh_app: Flask,
) -> None:
    conference = town.conference([8, 8])
    homes = [town.wishing(conference, [1, 2], [1, 2]) for _ in range(8)]
    leaving = [home.id for home in homes[::2]]
    town.solved(conference)
    people = [person for pair in zip(leaving, RELEASERS, strict=True) for person in pair]

    outcomes = crowd.rush(fresh_app, crowd_allocation.release_or_cancel, conference.id, people)

    results = sorted(outcome.result for outcome in outcomes)
    assert [result for result in results if not result.startswith("given")] == ["cancelled"] * len(leaving)
    assert len([result for result in results if result not in ("cancelled", "given 0")]) == 1
    held = dict(
        db.session.execute(
            select(Participant.registration_id, func.count())
            .join(Seat, Seat.participant_id == Participant.id)
            .where(Seat.state == SeatState.SEATED)
            .group_by(Participant.registration_id)
        ).all()
    )
    assert held == {home.id: 2 for home in homes if home.id not in leaving}
    taken = [group.rounds[0].seats_taken for group in conference.groups]
    assert sum(taken) == sum(held.values())
    assert db.session.scalar(select(func.count()).where(Message.kind == MessageKind.GROUPS_ASSIGNED)) == 0
