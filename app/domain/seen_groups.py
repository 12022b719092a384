"""Groups as a page has shown them: saving the page undoes nothing that somebody else has changed since."""

from __future__ import annotations

from collections.abc import Mapping

from app.database import transaction
from app.domain import households, versions
from app.domain.errors import ChangedMeanwhile
from app.models import GroupRound, Registration, SeatState, StaffMember

# By id of the person and number of the round: the id of the group round they sit in or, before that, wait for.
Seen = Mapping[tuple[int, int], int | None]


def change(
    registration: Registration,
    wanted: Mapping[int, Mapping[int, GroupRound | None]],
    *,
    shown: Seen,
    override: str = "",
    by: StaffMember | None = None,
) -> None:
    """The same as `households.change_groups`, for a page that has `shown` each person in each of its rounds.

    The same page sent twice changes nothing. Raises ChangedMeanwhile where others stand now in what it has shown, and
    what changing groups refuses.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        rounds = {number for _person, number in shown}
        stored = standing(registration, rounds)
        meant = dict(shown)
        for person_id, choices in wanted.items():
            for number, group_round in choices.items():
                meant[person_id, number] = group_round.id if group_round else None
        if registration.is_live and stored != shown and stored != meant:
            raise ChangedMeanwhile
        households.change_groups(registration, wanted, override=override, by=by)


def standing(registration: Registration, rounds: set[int]) -> dict[tuple[int, int], int | None]:
    """What each person has now in each of `rounds`: a queue place or an offer counts before a seat."""
    found: dict[tuple[int, int], int | None] = {}
    for person in registration.participants:
        for number in rounds:
            held = [seat for seat in person.live_seats if seat.round_number == number]
            held.sort(key=lambda seat: seat.state is SeatState.SEATED)
            found[person.id, number] = held[0].group_round_id if held else None
    return found
