"""Whatever is done to a conference, calendars can tell what is newer, and nothing just vanishes from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.database import db
from app.domain import calendar as names
from app.domain import conferences, groups, households, lifecycle, programme
from app.domain.errors import DomainError, NotFound
from app.domain.queries import conferences as queries
from app.exports import calendar
from app.models import AgendaKind, Conference
from tests import make
from tests.exports.calendars import BASE, a_conference, entries

STEPS = (
    "move",
    "room",
    "shift",
    "venue",
    "new_point",
    "drop_point",
    "drop_round",
    "restore_round",
    "drop_group",
    "choose",
    "leave",
    "postpone",
    "announce",
    "withdraw",
    "cancel",
)


class Staff:
    """Does one thing after another to a conference and a registration, as the pages would."""

    def __init__(self, conference: Conference) -> None:
        self.conference = conference
        self.housing, self.poverty = make.two_groups_in_two_rounds(conference)
        self.registration = make.registration(conference, self.poverty.rounds[0])
        self.room_id = self.housing.room_id

    def do(self, step: str, number: int) -> None:
        action: Callable[[int], Any] = getattr(self, step)
        try:
            action(number)
        except DomainError:
            db.session.rollback()
        db.session.expire_all()

    def _item(self, number: int) -> Any:
        return _one_of(self.conference.agenda, number)

    def _group(self, number: int) -> Any:
        return _one_of(self.conference.groups, number)

    def move(self, number: int) -> None:
        item = self._item(number)
        programme.edit(
            item, {**self._values(item), "ends_at": item.starts_at + timedelta(minutes=5 + number)}
        )

    def room(self, number: int) -> None:
        group = self._group(number)
        groups.edit(group, {"room_id": None if group.room_id else self.room_id})

    def shift(self, number: int) -> None:
        wanted = {name: getattr(self.conference, name) for name in conferences.SCHEDULE}
        for name in ("starts_at", "ends_at"):
            wanted[name] += timedelta(minutes=number)
        conferences.schedule(self.conference, wanted)

    def venue(self, number: int) -> None:
        conferences.choose_venue(self.conference, None)

    def new_point(self, number: int) -> None:
        starts_at = self.conference.starts_at + timedelta(minutes=number)
        wanted = dict.fromkeys(programme.FIELDS, None) | {
            "kind": AgendaKind.INPUT,
            "title": f"Punkt {number}",
            "speaker_role": "",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=1),
        }
        programme.add(self.conference, wanted)

    def drop_point(self, number: int) -> None:
        programme.remove(self._item(number))

    def drop_round(self, number: int) -> None:
        groups.set_places(self.conference, {(self.housing.id, 1 + number % 2): None})

    def restore_round(self, number: int) -> None:
        groups.set_places(self.conference, {(self.housing.id, 1 + number % 2): 1 + number})

    def drop_group(self, number: int) -> None:
        groups.remove(self._group(number))

    def choose(self, number: int) -> None:
        group = self._group(number)
        self._change({1: group.rounds[0]})

    def leave(self, number: int) -> None:
        self._change({1: None})

    def postpone(self, number: int) -> None:
        lifecycle.postpone(self.conference)

    def announce(self, number: int) -> None:
        lifecycle.announce(self.conference)

    def withdraw(self, number: int) -> None:
        lifecycle.withdraw(self.conference)

    def cancel(self, number: int) -> None:
        lifecycle.cancel(self.conference)

    def _change(self, wanted: dict[int, Any]) -> None:
        households.change_groups(self.registration, {self.registration.participants[0].id: wanted})

    @staticmethod
    def _values(item: Any) -> dict[str, Any]:
        found = {name: getattr(item, name) for name in programme.FIELDS}
        return {**found, "title": str(item.title), "speaker_role": ""}


def _one_of(things: Sequence[Any], number: int) -> Any:
    if not things:
        raise NotFound
    return things[number % len(things)]


class Told(NamedTuple):
    """What a calendar knows of one entry."""

    sequence: int
    times: tuple[datetime, datetime]
    place: str
    status: str


def told(file: calendar.File) -> dict[str, Told]:
    return {
        str(entry["UID"]): Told(
            entry["SEQUENCE"], (entry.start, entry.end), str(entry.get("LOCATION", "")), str(entry["STATUS"])
        )
        for entry in entries(file)
    }


@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 40)), min_size=1, max_size=12))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
    # Making a failure small would take minutes.
    phases=[Phase.explicit, Phase.generate],
)
def test_a_sequence_never_falls_and_rises_with_time_place_and_status(
    app: Flask, clock: Any, steps: list[tuple[str, int]]
) -> None:
    conference = a_conference(host_key=None)
    staff = Staff(conference)

    def both() -> list[dict[str, Told]]:
        feed = calendar.feed(
            conference,
            queries.programme_of(conference),
            queries.groups_of(conference),
            names.cancelled(conference),
            "de",
            BASE,
        )
        return [told(feed), told(calendar.personal_calendar(staff.registration, "de", BASE))]

    before = both()
    for step, number in steps:
        staff.do(step, number)
        after = both()
        assert set(before[0]) <= set(after[0])
        for earlier, later in zip(before, after, strict=True):
            for name in set(earlier) & set(later):
                assert later[name].sequence >= earlier[name].sequence
                is_cancelled = later[name].status == earlier[name].status == "CANCELLED"
                if earlier[name][1:] != later[name][1:] and not is_cancelled:
                    assert later[name].sequence > earlier[name].sequence, (step, name)
        before = after
