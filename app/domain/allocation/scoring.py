"""How good a proposal is, counted from who sits where and from nothing else."""

from __future__ import annotations

from app.domain.allocation.model import WISHES, Goal
from app.domain.allocation.problem import Member, Problem

Places = list[list[list[int | None]]]
"""By household, person and round: the group that is proposed; None without one, and where a seat is held already."""


def score(problem: Problem, places: Places) -> dict[Goal, int]:
    """What each goal comes to."""
    found = dict.fromkeys(Goal, 0)
    for household, given in zip(problem.households, places, strict=True):
        for member, groups in zip(household.members, given, strict=True):
            found[Goal.SEATED] += sum(group is not None for group in groups)
            found[Goal.REPEATED] += _repeats(member, groups)
            for number, group in enumerate(groups):
                if group is not None and group in member.wishes[number]:
                    found[WISHES[member.wishes[number].index(group)]] += 1
        if household.together:
            found[Goal.TORN] += sum(
                _parts(household.members, given, number) - 1 for number in range(len(problem.rounds))
            )
    return found


def is_possible(problem: Problem, places: Places) -> bool:
    """True when no group has more people than seats, each group meets, and nobody is in two places at once."""
    for number, free in enumerate(problem.free):
        taken = [groups[number] for given in places for groups in given if groups[number] is not None]
        for group in set(taken):
            seats = free[group] if group is not None else 0
            if seats is None or taken.count(group) > seats:
                return False
    for household, given in zip(problem.households, places, strict=True):
        for member, groups in zip(household.members, given, strict=True):
            if any(
                held is not None and new is not None for held, new in zip(member.held, groups, strict=True)
            ):
                return False
            sits = [
                held is not None or new is not None for held, new in zip(member.held, groups, strict=True)
            ]
            # What staff have given by hand stands, also at the same time.
            if any(
                sits[one] and sits[other] and (groups[one], groups[other]) != (None, None)
                for one, other in problem.clashes
            ):
                return False
    return True


def _repeats(member: Member, groups: list[int | None]) -> int:
    new = [group for group in groups if group is not None]
    return sum(max(0, new.count(group) + (group in member.held) - 1) for group in set(new))


def _parts(members: tuple[Member, ...], given: list[list[int | None]], number: int) -> int:
    """In how many parts a household is in one round; those without a seat are one part together."""
    if all(member.held[number] is not None for member in members):
        return 1
    return len(
        {
            member.held[number] if member.held[number] is not None else groups[number]
            for member, groups in zip(members, given, strict=True)
        }
    )
