"""Wishes: which groups somebody would like to be in for each round, the dearest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, select

from app.database import db
from app.domain.errors import WishesTooMany, WishGone, WishTwice
from app.models import GroupRound, Participant, Wish

MOST = 3
"""So many wishes somebody can name for one round."""


def save(participant: Participant, wishes: Mapping[int, Sequence[int]]) -> None:
    """Let these be the wishes of `participant`, within the open transaction.

    `wishes`: round number -> ids of group rounds, dearest first. What is not named any more is gone; saving the same
    again changes nothing. `participant` is in the database already. Raises WishesTooMany, WishTwice, and WishGone for a
    group that does not meet in that round of this conference.
    """
    _refuse_unfit(participant, wishes)
    wanted = {
        (number, rank): round_id
        for number, choices in wishes.items()
        for rank, round_id in enumerate(choices, start=1)
    }
    stored = _rows([participant.id])
    if {(row.round_number, row.rank): row.group_round_id for row in stored} == wanted:
        return
    # Two wishes that change places would be in each other's way: what is stored goes first.
    db.session.execute(delete(Wish).where(Wish.participant_id == participant.id))
    db.session.add_all(
        Wish(
            host_id=participant.host_id,
            conference_id=participant.conference_id,
            participant_id=participant.id,
            group_round_id=round_id,
            round_number=number,
            rank=rank,
        )
        for (number, rank), round_id in sorted(wanted.items())
    )
    db.session.flush()


def of(participant: Participant) -> dict[int, list[int]]:
    """The wishes of `participant`: round number -> ids of group rounds, dearest first; no key where there are none."""
    return of_all([participant])[participant.id]


def of_all(participants: Iterable[Participant]) -> dict[int, dict[int, list[int]]]:
    """The same for several people in one statement, by their ids."""
    found: dict[int, dict[int, list[int]]] = {person.id: {} for person in participants}
    for row in _rows(list(found)):
        found[row.participant_id].setdefault(row.round_number, []).append(row.group_round_id)
    return found


def _refuse_unfit(participant: Participant, wishes: Mapping[int, Sequence[int]]) -> None:
    named = [round_id for choices in wishes.values() for round_id in choices]
    if not named:
        return
    here = {
        held.id: held
        for held in db.session.scalars(
            select(GroupRound).where(
                GroupRound.conference_id == participant.conference_id, GroupRound.id.in_(named)
            )
        )
    }
    for number, choices in wishes.items():
        for place, round_id in enumerate(choices):
            held = here.get(round_id)
            if held is None or held.number != number:
                raise WishGone
            if round_id in choices[:place]:
                raise WishTwice(group=held.group.title)
        if len(choices) > MOST:
            raise WishesTooMany


def _rows(participant_ids: Sequence[int]) -> list[Wish]:
    return list(
        db.session.scalars(
            select(Wish)
            .where(Wish.participant_id.in_(participant_ids))
            .order_by(Wish.participant_id, Wish.round_number, Wish.rank)
        )
    )
