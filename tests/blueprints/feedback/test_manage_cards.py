"""Entering cards, calls and letters: one a screen, what stays, what was entered last, the slip with a code."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.domain import contributions, moderation, taking_back
from app.domain.queries import moderation as read
from app.models import (
    Conference,
    ConferenceStatus,
    Contribution,
    ContributionChannel,
    ContributionKind,
    ContributionStatus,
)
from tests import make
from tests.blueprints.feedback.desk import Desk, fresh
from tests.browse import Page, words
from tests.visitor import Visitor


@pytest.fixture
def desk(client: Visitor, conference: Conference) -> Desk:
    return Desk(client, conference)


def entered() -> list[Contribution]:
    db.session.expire_all()
    return list(db.session.scalars(select(Contribution).order_by(Contribution.text)))


def last(page: Page) -> list[str]:
    """What stands beside the form."""
    return [words(item) for item in page.one("section", class_="desk__last").iter("li")]


def test_enter_card_saves_and_opens_the_next_with_the_same_choices(
    desk: Desk, conference: Conference
) -> None:
    group, topic = make.group(conference), make.topic(conference)

    page = (
        desk.open("enter_card")
        .form()
        .send(
            text="Mehr Bänke",
            kind="need",
            channel="letter",
            language="tr",
            group=str(group.id),
            topic=str(topic.id),
            display_name="eine Mutter",
        )
        .follow()
    )

    (card,) = entered()
    assert (card.text, card.kind, card.channel) == (
        "Mehr Bänke",
        ContributionKind.NEED,
        ContributionChannel.LETTER,
    )
    assert (card.language, card.working_group_id, card.topic_id) == ("tr", group.id, topic.id)
    assert (card.display_name, card.status, card.code_digest) == (
        "eine Mutter",
        ContributionStatus.RECEIVED,
        None,
    )
    following = page.form().values
    assert {name: following[name] for name in ("text", "kind", "channel", "language", "group", "topic")} == {
        "text": "",
        "kind": "need",
        "channel": "letter",
        "language": "tr",
        "group": str(group.id),
        "topic": str(topic.id),
    }
    assert (following["display_name"], "publish_now" in following) == ("", False)
    assert page.one("textarea").get("autofocus") is not None
    assert "Gespeichert." in page.text
    assert last(page) == ["Mehr Bänke korrigieren: Mehr Bänke"]


def test_enter_card_publishes_at_once_when_asked_to(desk: Desk, conference: Conference) -> None:
    page = desk.open("enter_card").form().send(text="Mehr Bänke", publish_now="y").follow()

    (card,) = entered()
    assert (card.status, card.number) == (ContributionStatus.PUBLISHED, 1)
    assert [(step.note, step.staff_member_id) for step in read.history(card)] == [
        ("gleich beim Eintragen veröffentlicht", desk.member.id)
    ]
    assert page.form().values["publish_now"] == "y"
    assert last(page) == ["Mehr Bänke (Nr. 1) korrigieren: Mehr Bänke"]


def test_enter_card_lists_the_last_ten_of_this_sitting(desk: Desk, conference: Conference) -> None:
    make.said(conference, "Von jemand anderem")
    page = desk.open("enter_card")
    assert "Noch nichts." in page.text
    for number in range(12):
        page = page.form().send(text=f"Karte {number}").follow()

    assert [entry.split(" korrigieren")[0] for entry in last(page)] == [
        f"Karte {n}" for n in range(11, 1, -1)
    ]
    assert "12 Einträge, seit Sie angemeldet sind." in page.text


def test_enter_card_sent_twice_is_one_card(desk: Desk, conference: Conference) -> None:
    form = desk.open("enter_card").form()

    first, second = form.send(text="Mehr Bänke"), form.send(text="Mehr Bänke")

    assert (first.status, second.status, len(entered())) == (303, 303, 1)
    assert len(last(second.follow())) == 1


@pytest.mark.parametrize("text", ["", " \n ", "x" * 3001], ids=["empty", "blank", "too long"])
def test_enter_card_with_a_mistake_keeps_what_was_typed(
    desk: Desk, conference: Conference, text: str
) -> None:
    page = desk.open("enter_card").form().send(text=text, display_name="Mutter", channel="phone", status=422)

    assert page.errors().keys() == {"text"}
    assert page.form().values | {"display_name": "Mutter", "channel": "phone"} == page.form().values
    assert page.one("textarea").get("autofocus") is None
    assert entered() == []


@pytest.mark.parametrize("field", ["kind", "channel", "language", "group", "topic"])
def test_enter_card_refuses_what_is_not_offered(desk: Desk, conference: Conference, field: str) -> None:
    assert desk.open("enter_card").form().send({"text": "A", field: "4711"}, status=422).errors().keys() == {
        field
    }


def test_enter_card_with_rubbish_in_its_address_begins_as_usual(desk: Desk) -> None:
    values = (
        desk.open("enter_card", art="<b>", thema="4711", woher="x", sprache="'", gruppe="-1").form().values
    )

    assert (values["text"], values["kind"]) == ("", "idea")


def test_enter_card_for_a_draft_is_not_possible_yet(desk: Desk, conference: Conference) -> None:
    form = desk.open("enter_card").form()
    with transaction():
        db.session.get_one(Conference, conference.id).status = ConferenceStatus.DRAFT

    assert "Veröffentlichen Sie sie zuerst" in desk.open("enter_card").text
    assert "Veröffentlichen Sie sie zuerst" in form.send(text="A", status=409).text
    assert entered() == []


def test_slip_shows_the_code_once_and_it_opens_the_contribution(desk: Desk, conference: Conference) -> None:
    page = desk.open("enter_card").form().send(text="Mehr Bänke", channel="phone", then="slip").follow()

    (card,) = entered()
    code = words(page.one("p", class_="code-card__code"))
    assert contributions.by_code(conference.host_id, code) == card
    assert "/mein-beitrag" in page.text
    assert "02000 54321" in page.text
    assert "&woher=phone" in page.links()["Nächste Karte"]
    # On paper there is nothing of what was said.
    assert "Mehr Bänke" not in page.text


def test_slip_of_another_one_or_later_has_no_code(desk: Desk, conference: Conference) -> None:
    desk.open("enter_card").form().send(text="Mehr Bänke", then="slip")
    other = make.said(conference)[0]

    page = desk.open("slip", contribution=other.id)

    assert "Der Code wird nur gleich nach dem Eintragen gezeigt." in page.text
    assert page.all(class_="code-card") == []


def test_correct_card_mends_it_and_goes_on(desk: Desk, conference: Conference) -> None:
    desk.open("enter_card").form().send(text="Mehr Benke", channel="letter")
    (card,) = entered()

    page = (
        desk.open("correct_card", contribution=card.id).form().send(text="Mehr Bänke", kind="need").follow()
    )

    assert last(page) == ["Mehr Bänke korrigieren: Mehr Bänke"]
    assert (fresh(card).text, fresh(card).kind, fresh(card).channel) == (
        "Mehr Bänke",
        ContributionKind.NEED,
        ContributionChannel.LETTER,
    )


def test_correct_card_changed_by_somebody_else_shows_both(desk: Desk, conference: Conference) -> None:
    card = make.said(conference, "Alt", channel=ContributionChannel.CARD, language="und")[0]
    form = desk.open("correct_card", contribution=card.id).form()
    moderation.correct_entry(card, contributions.Words("Neu", language="und"))

    page = form.send(text="Anders", status=422)

    assert "Anders Neu" in page.text
    page.form().send(status=303)
    assert fresh(card).text == "Anders"


def test_correct_card_of_what_is_withdrawn_is_gone(desk: Desk, conference: Conference) -> None:
    card = make.said(conference, channel=ContributionChannel.CARD)[0]
    taking_back.withdraw(card)

    desk.open("correct_card", contribution=card.id, status=404)


def test_a_session_that_ended_meanwhile_costs_nothing_that_was_typed(
    desk: Desk, conference: Conference
) -> None:
    form = desk.open("enter_card").form()
    email = desk.member.email
    desk.client.post("/verwaltung/abmelden")

    answer = desk.client.post(desk.address("enter_card"), data={**form.values, "text": "Mehr Bänke"})
    signing_in = desk.client.post(answer.location, data={**form.values, "text": "Mehr Bänke"})
    assert answer.status_code == 307
    page = Page(desk.client, answer.location, signing_in).checked(200)
    resumed = page.form().send(email=email, password=make.PASSWORD, status=200)
    resumed.form().send(status=303)

    assert [card.text for card in entered()] == ["Mehr Bänke"]
