"""Minutes: begun, changed, taken away, and what is missing in them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.database import db, transaction
from app.domain import editing, minutes
from app.domain.errors import ChangedMeanwhile, MinutesInUse, NotFound
from app.domain.queries import minutes as read
from app.models import Conference, Evidence, GroupRound, Minutes, Recommendation, WorkingGroup
from tests import make
from tests.counting import statements


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference()


@pytest.fixture
def group(conference: Conference) -> WorkingGroup:
    return make.group(conference, rounds=2)


def wanted(**values: Any) -> dict[str, Any]:
    return {
        "participants": 7,
        "main_points": "Schatten fehlt.\n\n Bänke fehlen. ",
        "signed_off": True,
        **values,
    }


def test_save_begins_minutes_and_changes_them(group: WorkingGroup) -> None:
    first = minutes.save(group, 1, wanted(signed_off=False))
    second = minutes.save(group, 1, wanted(participants=0))

    assert first == second
    assert (second.participants, second.signed_off) == (0, True)
    assert second.points == ["Schatten fehlt.", "Bänke fehlen."]
    assert minutes.of(group, 2) is None


def test_save_tells_of_another_change(group: WorkingGroup) -> None:
    shown = editing.seen(minutes.values(group, 1))
    minutes.save(group, 1, wanted(), shown=shown)
    minutes.save(group, 1, wanted(), shown=shown)

    with pytest.raises(ChangedMeanwhile):
        minutes.save(group, 1, wanted(participants=9), shown=shown)

    assert minutes.values(group, 1)["participants"] == 7


def test_save_of_a_round_without_the_group_is_refused(group: WorkingGroup) -> None:
    with pytest.raises(NotFound):
        minutes.save(group, 3, wanted())


def test_save_of_a_group_that_is_gone_is_refused(conference: Conference, group: WorkingGroup) -> None:
    assert group.conference == conference
    # Somebody else, while it lies open here.
    with db.engine.begin() as other:
        other.execute(GroupRound.__table__.delete())
        other.execute(WorkingGroup.__table__.delete())

    with pytest.raises(NotFound):
        minutes.save(group, 1, wanted())


def test_remove_takes_them_away(group: WorkingGroup) -> None:
    minutes.save(group, 1, wanted())

    minutes.remove(group, 1)
    minutes.remove(group, 1)

    assert minutes.of(group, 1) is None


def test_remove_is_refused_while_a_recommendation_rests_on_them(
    conference: Conference, group: WorkingGroup
) -> None:
    kept = minutes.save(group, 1, wanted())
    with transaction():
        recommendation = Recommendation(
            host_id=conference.host_id, conference_id=conference.id, key="e1", number=1, title="Bauen"
        )
        db.session.add(recommendation)
        db.session.flush()
        db.session.add(
            Evidence(
                host_id=conference.host_id,
                conference_id=conference.id,
                recommendation_id=recommendation.id,
                position=1,
                minutes_id=kept.id,
            )
        )

    with pytest.raises(MinutesInUse):
        minutes.remove(group, 1)

    assert minutes.of(group, 1) == kept


def test_overview_says_what_is_missing(conference: Conference, group: WorkingGroup) -> None:
    other = make.group(conference)
    minutes.save(group, 1, wanted())
    minutes.save(group, 2, wanted(participants=None, main_points=" \n", signed_off=False))

    found = [
        (entry.group.number, entry.round_number, entry.has_count, entry.has_points, entry.is_signed_off)
        for entry in read.overview(conference)
    ]

    assert found == [
        (1, 1, True, True, True),
        (1, 2, False, False, False),
        (other.number, 1, False, False, False),
    ]
    assert [entry.is_complete for entry in read.overview(conference)] == [True, False, False]


def test_overview_shows_minutes_of_a_round_that_is_no_more(
    conference: Conference, group: WorkingGroup
) -> None:
    minutes.save(group, 2, wanted())
    with transaction():
        db.session.execute(GroupRound.__table__.delete().where(GroupRound.number == 2))
    db.session.expire_all()

    assert [entry.round_number for entry in read.overview(conference)] == [1, 2]
    assert minutes.meets(group, 2)


@pytest.mark.parametrize("count", [1, 3, 100])
def test_overview_takes_the_same_number_of_statements(conference: Conference, count: int) -> None:
    for _ in range(count):
        minutes.save(make.group(conference), 1, wanted())
    db.session.expire_all()
    conference_again = db.session.get_one(Conference, conference.id)

    with statements() as sent:
        found = read.overview(conference_again)
        assert all(entry.is_complete for entry in found)

    assert (len(found), len(sent), db.session.query(Minutes).count()) == (count, 3, count)
