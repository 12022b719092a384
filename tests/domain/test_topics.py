"""Topics: their order and numbers, and what lies under them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask

from app.database import db, transaction
from app.domain import editing, moderation, taking_back, topics
from app.domain.errors import ChangedMeanwhile, NotFound, OrderUnfit, TitleMissing, TopicInUse
from app.models import Conference, Evidence, Recommendation, RejectionReason, Topic
from tests import make


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference()


def wanted(title: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "summary": "", "working_group_id": None, **more}


def add(at: Conference, *titles: str) -> list[Topic]:
    return [topics.add(at, wanted(title)) for title in titles]


def listed(at: Conference) -> list[tuple[int, str]]:
    db.session.expire_all()
    return [(topic.number, str(topic.title)) for topic in topics.all_of(at)]


def test_add_puts_a_topic_at_the_end(conference: Conference) -> None:
    group = make.group(conference)
    add(conference, "Wohnen")

    topic = topics.add(conference, wanted("Bus", summary="Wann er fährt", working_group_id=group.id))

    assert (topic.number, topic.position, topic.key, str(topic.summary)) == (2, 2, "thema2", "Wann er fährt")
    assert topic.group == group
    assert listed(conference) == [(1, "Wohnen"), (2, "Bus")]


def test_add_twice_adds_once(conference: Conference) -> None:
    first, second = add(conference, "Wohnen", "Wohnen")

    assert first == second


def test_add_from_a_file_keeps_its_key(conference: Conference) -> None:
    assert topics.add(conference, wanted("Wohnen"), key="c1").key == "c1"


@pytest.mark.parametrize("change", ["add", "edit"])
def test_topic_needs_a_title_and_a_group_of_its_conference(conference: Conference, change: str) -> None:
    (topic,) = add(conference, "Wohnen")
    foreign = make.group(make.conference(conference.host)).id

    def save(values: dict[str, Any]) -> None:
        if change == "add":
            topics.add(conference, values)
        else:
            topics.edit(topic, values)

    with pytest.raises(TitleMissing):
        save(wanted(""))
    with pytest.raises(NotFound):
        save(wanted("Bus", working_group_id=foreign))

    assert listed(conference) == [(1, "Wohnen")]


def test_edit_saves_and_tells_of_another_change(conference: Conference) -> None:
    (topic,) = add(conference, "Wohnen")
    shown = editing.seen(editing.values(topic, topics.FIELDS))
    topics.edit(topic, wanted("Bauen", summary="Mehr Wohnungen"), shown=shown)

    with pytest.raises(ChangedMeanwhile):
        topics.edit(topic, wanted("Mieten"), shown=shown)

    assert (str(topic.title), str(topic.summary)) == ("Bauen", "Mehr Wohnungen")


def test_edit_of_a_topic_that_is_gone_says_so(conference: Conference) -> None:
    (topic,) = add(conference, "Wohnen")
    assert topic.conference == conference
    # Somebody else, while it lies open here.
    with db.engine.begin() as other:
        other.execute(Topic.__table__.delete())

    with pytest.raises(NotFound):
        topics.edit(topic, wanted("Bauen"))


def test_remove_leaves_its_contributions_without_topic(conference: Conference) -> None:
    first, second = add(conference, "Wohnen", "Bus")
    contribution, _code = make.said(conference, topic=first)

    topics.remove(first)

    assert listed(conference) == [(1, "Bus")]
    assert (contribution.topic_id, contribution.text) == (None, "Mehr Bänke am Weg.")
    assert topics.counts(conference) == {None: 1}
    assert second.position == 1


def test_remove_is_refused_while_a_recommendation_rests_on_it(conference: Conference) -> None:
    (topic,) = add(conference, "Wohnen")
    contribution, _code = make.said(conference, topic=topic)
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
                topic_id=topic.id,
            )
        )

    with pytest.raises(TopicInUse) as refused:
        topics.remove(topic)

    assert "Eine Empfehlung stützt sich auf „Wohnen“" in str(refused.value)
    assert contribution.topic_id == topic.id


def test_numbers_follow_the_order_until_something_is_public(conference: Conference) -> None:
    first, second, third = add(conference, "A", "B", "C")

    topics.reorder(conference, [third.id, first.id, second.id])
    topics.move(conference, third.id, up=False)
    before = listed(conference)
    make.published(conference)
    topics.move(conference, third.id, up=True)

    assert before == [(1, "A"), (2, "C"), (3, "B")]
    assert listed(conference) == [(2, "C"), (1, "A"), (3, "B")]


def test_numbers_stay_when_a_topic_goes_after_something_was_public(conference: Conference) -> None:
    first, _second = add(conference, "A", "B")
    make.published(conference)

    topics.remove(first)

    assert listed(conference) == [(2, "B")]
    assert topics.add(conference, wanted("C")).number == 3


def test_numbers_are_fixed_by_a_public_recommendation_too(conference: Conference) -> None:
    assert not topics.numbers_are_fixed(conference)
    with transaction():
        db.session.add(
            Recommendation(
                host_id=conference.host_id,
                conference_id=conference.id,
                key="e1",
                number=1,
                title="Bauen",
                is_public=True,
            )
        )

    assert topics.numbers_are_fixed(conference)


@pytest.mark.parametrize("order", [[], [1, 1], [1, 2, 3]], ids=["none", "twice", "too many"])
def test_reorder_needs_each_topic_once(conference: Conference, order: list[int]) -> None:
    present = add(conference, "A", "B")

    with pytest.raises(OrderUnfit):
        topics.reorder(conference, [present[0].id if number == 1 else number for number in order])

    assert listed(conference) == [(1, "A"), (2, "B")]


def test_assign_moves_many_and_says_how_many(conference: Conference) -> None:
    first, second = add(conference, "A", "B")
    voices = [make.said(conference, str(number))[0] for number in range(3)]
    moderation.arrange(voices[0], topic_id=second.id, working_group_id=None)

    moved = topics.assign(conference, ids(voices), second.id)

    assert (moved, topics.counts(conference)) == (2, {second.id: 3})
    assert topics.assign(conference, ids(voices[:1]), None) == 1
    assert topics.assign(conference, [], first.id) == 0
    assert topics.counts(conference) == {second.id: 2, None: 1}


def test_assign_leaves_withdrawn_and_foreign_ones(conference: Conference) -> None:
    (topic,) = add(conference, "A")
    other = make.conference(conference.host)
    gone, foreign = make.said(conference)[0], make.said(other)[0]
    taking_back.withdraw(gone)

    assert topics.assign(conference, ids([gone, foreign]), topic.id) == 0
    with pytest.raises(NotFound):
        topics.assign(conference, [], make.topic(other).id)


def test_counts_leave_out_what_is_withdrawn(conference: Conference) -> None:
    (topic,) = add(conference, "A")
    for act in (
        taking_back.withdraw,
        lambda it: taking_back.reject(it, RejectionReason.INSULT, "Bitte anders."),
    ):
        act(make.said(conference, topic=topic)[0])

    assert topics.counts(conference) == {topic.id: 1}


def ids(rows: Iterable[Any]) -> list[int]:
    return [row.id for row in rows]
