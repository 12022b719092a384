"""The day of a town: somebody has arrived, and sits in the room of a group."""

from __future__ import annotations

from app.domain import day
from app.models import Conference, Registration, WorkingGroup


def fill(conference: Conference, groups: list[WorkingGroup], registration: Registration) -> None:
    """The person of `registration` is in the room of the first group."""
    people = [person.id for person in registration.participants]
    day.check_in(conference, people, group_round=groups[0].rounds[0])
