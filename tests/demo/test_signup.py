"""What the demos show of registration: forms, needs, offers, letters, invitations, a proposal of groups."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from app import demo
from app.database import db, now
from app.domain import consents, exporting, importing, offers, questionnaire, support, support_offers
from app.models import (
    Allocation,
    AllocationState,
    Answer,
    Conference,
    Consent,
    InstitutionInvitation,
    InvitationState,
    Message,
    MessageState,
    MessageWay,
    QuestionKind,
    Registration,
    SupportNeed,
)
from tests.demo.test_demo import loaded, musterhausen, workshop


def named(name: str) -> Registration:
    return db.session.scalars(select(Registration).where(Registration.display_name == name)).one()


def test_form_of_the_coming_conference_asks_in_two_languages(app: Flask) -> None:
    loaded()
    conference = musterhausen()

    questions = questionnaire.all_of(conference)
    assert {question.kind for question in questions} == set(QuestionKind) - {QuestionKind.MULTI}
    shown_if = [(found.key, found.shown_if_options) for found in questions if found.shown_if_id]
    assert shown_if == [("erfahren-wie", ["auf-einem-anderen-weg"])]
    texts = [found.label for found in questions]
    texts += [option["label"] for found in questions for option in found.options]
    texts += [text.words for text in consents.asked(conference)]
    texts += [offer.note for offer in support_offers.all_of(conference) if offer.note]
    assert {tuple(text) for text in texts} == {("de", "ar")}
    assert len(support_offers.all_of(conference)) == 9


def test_households_with_children_have_answered_and_need_something(app: Flask) -> None:
    loaded()

    family = named("Familie A. (Demo)")
    assert [person.age for person in family.participants] == [None, None, 6, 3]
    rows = db.session.scalars(select(SupportNeed).where(SupportNeed.conference_id == family.conference_id))
    kinds = Counter(support.read(row).kind.value for row in rows)
    assert kinds == {
        "childcare": 3,
        "diet": 4,
        "interpreting": 2,
        **dict.fromkeys(("wheelchair", "assistance", "large_print", "transport"), 1),
    }
    answers = Counter(answer.registration_id for answer in db.session.scalars(select(Answer)))
    assert sorted(answers.values()) == [3, 3, 5]
    assert len(db.session.scalars(select(Consent).where(Consent.registration_id == family.id)).all()) == 1


def test_two_offers_are_open_one_with_a_clock_and_one_that_needs_a_call(app: Flask) -> None:
    loaded()

    open_offers = {
        registration.key: [
            (found.group_round.group.key, found.expires_at) for found in offers.of(registration)
        ]
        for registration in db.session.scalars(select(Registration))
        if offers.of(registration)
    }
    assert set(open_offers) == {"BUCHE-35", "ULME-13"}
    [(group, until)] = open_offers["BUCHE-35"]
    assert group == "kinder"
    assert timedelta(hours=71) < until - now() <= timedelta(hours=72)
    assert open_offers["ULME-13"] == [("kinder", None)]
    waiting = Counter(
        (message.way, message.kind.value)
        for message in db.session.scalars(select(Message))
        if message.state is MessageState.QUEUED and message.way is not MessageWay.EMAIL
    )
    assert waiting == {
        (MessageWay.LETTER, "registration_confirmed"): 1,
        (MessageWay.CALL, "offer"): 1,
    }


def test_one_institution_is_invited(app: Flask) -> None:
    loaded()

    found = db.session.scalars(select(InstitutionInvitation)).one()
    assert (found.organisation, found.state) == ("Beratungsstelle Nord (Demo)", InvitationState.INVITED)


def test_proposal_of_groups_is_ready_and_the_same_every_time(app: Flask) -> None:
    made = loaded()

    proposal = db.session.scalars(select(Allocation)).one()
    assert (proposal.conference_id, proposal.state) == (workshop().id, AllocationState.DRAFT)
    assert made.allocation_path in str(made)
    people = workshop().places_taken
    assert len(proposal.places) == 2 * people
    assert all(place.group_round_id for place in proposal.places)
    ranks = Counter(place.rank for place in proposal.places)
    assert (people, ranks) == (19, {1: 31, 2: 2, None: 5})
    assert {goal["gap"] for goal in proposal.protocol["goals"]} == {0}


def test_demo_of_the_town_comes_back_from_its_export(app: Flask) -> None:
    loaded()
    for conference in (musterhausen(), workshop()):
        text = exporting.conference(conference, with_contacts=True).text
        assert importing.check("x.yaml", text.encode(), demo.FOLDER) == []

        importing.conference_from("x.yaml", text.encode(), demo.FOLDER)

        found = db.session.get_one(Conference, conference.id)
        assert exporting.conference(found, with_contacts=True).text == text
