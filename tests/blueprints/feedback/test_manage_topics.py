"""Topics on the desk: made, changed, put in order, taken away, filled by ticking."""

from __future__ import annotations

import pytest

from app.database import db
from app.domain import taking_back, topics
from app.models import Conference, Topic
from tests import make, results
from tests.blueprints.feedback.desk import Desk, fresh
from tests.browse import Page, words
from tests.counting import statements
from tests.domain.queries.test_moderation import many
from tests.visitor import Visitor


@pytest.fixture
def desk(client: Visitor, conference: Conference) -> Desk:
    return Desk(client, conference)


def listed(conference: Conference) -> list[tuple[int, str]]:
    db.session.expire_all()
    return [(topic.number, str(topic.title)) for topic in topics.all_of(conference)]


def offered(page: Page) -> list[str]:
    """The contributions that can be ticked."""
    return [words(label) for label in page.one("fieldset").iter("label")]


def test_topics_begin_with_an_explanation(desk: Desk) -> None:
    page = desk.open("topics")

    assert "Es gibt noch keine Themen" in page.text
    assert "Erstes Thema anlegen" in page.links()


def test_add_topic_saves_it_and_shows_it_in_the_list(desk: Desk, conference: Conference) -> None:
    group = make.group(conference, title="Wohnen")

    page = (
        desk.open("add_topic")
        .form()
        .send(title="Kleine Wohnungen", summary="Es fehlen kleine.", group=str(group.id))
        .follow()
    )

    assert "1. Kleine Wohnungen 0 Beiträge · Wohnen" in page.text
    (topic,) = topics.all_of(conference)
    assert (str(topic.title), str(topic.summary), topic.working_group_id) == (
        "Kleine Wohnungen",
        "Es fehlen kleine.",
        group.id,
    )


def test_add_topic_with_mistakes_keeps_what_was_typed(desk: Desk, conference: Conference) -> None:
    page = desk.open("add_topic").form().send(title="", summary="x" * 2001, group="4711", status=422)

    assert page.errors().keys() == {"title", "summary", "group"}
    assert page.form().values["summary"] == "x" * 2001
    assert listed(conference) == []


def test_edit_topic_changed_by_somebody_else_shows_both(desk: Desk, conference: Conference) -> None:
    topic = make.topic(conference, "Wohnen")
    form = desk.open("edit_topic", topic=topic.number).form()
    topics.edit(topic, {"title": "Mieten", "summary": "", "working_group_id": None})

    page = form.send(title="Bauen", status=422)

    assert "Bauen Mieten" in page.text
    page.form().send(status=303)
    assert listed(conference) == [(1, "Bauen")]


def test_topics_are_put_in_order_by_buttons(desk: Desk, conference: Conference) -> None:
    first, second = make.topic(conference, "A"), make.topic(conference, "B")
    form = desk.open("topics").form(desk.address("order_topics"))

    form.send(move=f"down:{first.id}", status=303)
    assert listed(conference) == [(1, "B"), (2, "A")]
    form.send(order=f"{first.id},{second.id}", status=303)
    assert listed(conference) == [(1, "A"), (2, "B")]
    assert "Die Liste hat sich inzwischen geändert." in form.send(order=f"{first.id}").follow().text


def test_topics_say_when_numbers_stay(desk: Desk, conference: Conference) -> None:
    make.topic(conference, "A")
    before = desk.open("topics").text
    make.published(conference)

    assert "Die Nummern folgen der Reihenfolge" in before
    assert "1 Beitrag ist ohne Thema. Öffnen Sie ein Thema" in desk.open("topics").text


def test_remove_topic_asks_first(desk: Desk, conference: Conference) -> None:
    topic = make.topic(conference, "Wohnen")
    contribution = make.said(conference, topic=topic)[0]
    page = desk.open("remove_topic", topic=topic.number)
    assert listed(conference) == [(1, "Wohnen")]

    after = page.form().send().follow()

    assert "„Wohnen“ ist entfernt. Seine Beiträge sind jetzt ohne Thema." in after.text
    assert (listed(conference), fresh(contribution).topic_id) == ([], None)


def test_remove_topic_is_refused_while_a_recommendation_rests_on_it(
    desk: Desk, conference: Conference
) -> None:
    topic = make.topic(conference, "Wohnen")
    results.recommendation(conference, topic, title="Bauen")

    page = desk.open("remove_topic", topic=topic.number).form().send(status=422)

    assert "Eine Empfehlung stützt sich auf „Wohnen“" in page.errors()[""]
    assert listed(conference) == [(1, "Wohnen")]


def test_assign_topic_moves_what_is_ticked_in_and_out(desk: Desk, conference: Conference) -> None:
    here, other = make.topic(conference, "Wohnen"), make.topic(conference, "Bus")
    voices = [make.said(conference, text)[0] for text in ("Eins", "Zwei", "Drei")]
    make.said(conference, "Woanders", topic=other)
    taking_back.withdraw(make.said(conference, "Weg")[0])
    page = desk.open("assign_topic", topic=here.number)
    assert sorted(offered(page)) == ["Drei", "Eins", "Zwei"]

    after = page.form().send(chosen=[str(each.id) for each in voices[:2]], move="in").follow()

    assert "2 Beiträge sind zugeordnet." in after.text
    assert offered(after) == ["Drei"]
    inside = desk.open("assign_topic", topic=here.number, zeige="hier")
    assert sorted(offered(inside)) == ["Eins (Wohnen)", "Zwei (Wohnen)"]
    inside.form().send(chosen=str(voices[0].id), move="out", status=303)
    assert [fresh(each).topic_id for each in voices] == [None, here.id, None]
    assert len(offered(desk.open("assign_topic", topic=here.number, zeige="alle"))) == 4


def test_assign_topic_finds_by_words(desk: Desk, conference: Conference) -> None:
    topic = make.topic(conference)
    make.said(conference, "Mehr Bänke")
    make.said(conference, "Mehr Busse")

    assert offered(desk.open("assign_topic", topic=topic.number, q="BANKE")) == ["Mehr Bänke"]
    assert "Hier ist kein Beitrag" in desk.open("assign_topic", topic=topic.number, q="nichts").text


@pytest.mark.parametrize("chosen", [[], ["x"], ["9" * 30]], ids=["nothing", "rubbish", "too big"])
def test_assign_topic_of_nothing_says_so(desk: Desk, conference: Conference, chosen: list[str]) -> None:
    topic = make.topic(conference)
    make.said(conference)

    page = desk.open("assign_topic", topic=topic.number).form().send(chosen=chosen, status=422)

    assert page.errors() == {"": "Bitte kreuzen Sie mindestens einen Beitrag an."}


def test_assign_topic_takes_nothing_of_another_conference(desk: Desk, conference: Conference) -> None:
    topic = make.topic(conference)
    make.said(conference)
    foreign = make.said(make.conference(make.host()))[0]

    desk.open("assign_topic", topic=topic.number).form().send(chosen=str(foreign.id), status=303)

    assert fresh(foreign).topic_id is None


@pytest.mark.parametrize("count", [1, 3, 1000])
def test_assign_topic_takes_the_same_number_of_statements(
    desk: Desk, conference: Conference, count: int
) -> None:
    topic = make.topic(conference)
    many(conference, count)
    address = desk.address("assign_topic", topic=topic.number)
    with statements() as sent:
        assert desk.client.get(address).status_code == 200

    assert len(sent) == 7


@pytest.mark.parametrize("count", [1, 3, 300])
def test_topics_take_the_same_number_of_statements(desk: Desk, conference: Conference, count: int) -> None:
    for number in range(count):
        db.session.add(
            Topic(
                host_id=conference.host_id,
                conference_id=conference.id,
                key=f"t{number}",
                number=number + 1,
                position=number + 1,
                title=f"Thema {number}",
            )
        )
    db.session.commit()
    address = desk.address("topics")
    with statements() as sent:
        assert desk.client.get(address).status_code == 200

    assert len(sent) == 8
