"""Registering a household: people are added and removed without scripts, and each gets what was chosen for them."""

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.domain import questions, support, wishes
from app.domain.registrations import LARGEST_HOUSEHOLD
from app.models import (
    Consent,
    ConsentPurpose,
    ConsentText,
    GroupChoice,
    NeedKind,
    Question,
    QuestionKind,
    Registration,
    SeatState,
    SupportNeed,
    Translated,
)
from tests import make
from tests.browse import visit


def where(conference):
    return {"host": conference.host.key, "conference": conference.key}


def form_of(client, conference, **values):
    return visit(client, "signup.register", **where(conference), **values).form()


def registered():
    return db.session.scalars(select(Registration).order_by(Registration.id)).one()


def with_people(client, conference, *kinds):
    """The form after the buttons for these people were pressed: "e" an adult, "k" a child."""
    form = form_of(client, conference)
    for kind in kinds:
        form = form.send(add=kind, status=200).form()
    return form


def who():
    return [(person.position, person.name, person.age) for person in registered().participants]


def seated(registration):
    return [
        [(seat.round_number, seat.group_round.group.number, seat.state) for seat in person.live_seats]
        for person in registration.participants
    ]


def test_people_are_added_and_removed_and_nothing_typed_is_lost(client):
    conference = make.conference()
    make.group(conference)
    page = form_of(client, conference).send(
        role_group="resident",
        display_name="Amira",
        contact_channel="phone",
        phone="02000 1234",
        add="e",
        status=200,
    )
    assert "Person 2: erwachsen" in page.text
    assert page.one("input", name="p2_name").get("autofocus") is not None
    page = page.form().send(p2_name="Samir", add="k", status=200)
    page = page.form().send(p3_age="4", add="k", status=200)
    page = page.form().send(p4_age="45", remove="p3", status=200)

    values = page.form().values

    assert (values["people"], values["p2_name"], values["p4_age"]) == ("p2e p4k", "Samir", "45")
    assert "p3_age" not in values
    assert (values["display_name"], values["phone"]) == ("Amira", "02000 1234")
    assert "Person 3: ein Kind" in page.text
    assert db.session.scalar(select(Registration)) is None


def test_a_household_comes_with_names_and_ages(client):
    conference = make.conference(capacity=10)

    done = (
        with_people(client, conference, "e", "k", "k")
        .send(
            role_group="resident", display_name="Amira", p2_name="Samir", p3_age="0", p4_age="٧", status=302
        )
        .follow()
    )

    assert who() == [(1, "Amira", None), (2, "Samir", None), (3, "", 0), (4, "", 7)]
    assert conference.places_taken == 4
    assert done.h1 == "Sie sind angemeldet"
    assert "Zusammen 4 Personen: Amira, Samir, Kind, unter 1 Jahr, Kind, 7 Jahre" in done.text


@pytest.mark.parametrize(
    ("age", "words"),
    [
        ("45", "Als Kind zählt, wer höchstens 17 Jahre alt ist."),
        ("18", "Als Kind zählt, wer höchstens 17 Jahre alt ist."),
        ("", "Bitte geben Sie das Alter des Kindes an."),
        ("vier", "Das Alter ist eine ganze Zahl"),
        ("-1", "Das Alter ist eine ganze Zahl"),
        ("9" * 5000, "Das Alter ist eine ganze Zahl"),
    ],
)
def test_an_age_that_is_none_of_a_child_is_told_at_its_field(client, age, words):
    conference = make.conference()
    form = with_people(client, conference, "e", "k")

    page = form.send(role_group="resident", p2_name="Samir", p3_age=age, status=422)

    assert list(page.errors()) == ["p3_age"]
    assert words in page.errors()["p3_age"]
    assert (page.form().values["p2_name"], page.form().values["p3_age"]) == ("Samir", age)
    assert db.session.scalar(select(Registration)) is None


def test_more_people_than_one_form_takes_are_sent_to_the_telephone(client):
    conference = make.conference()
    form = with_people(client, conference, *["e"] * (LARGEST_HOUSEHOLD - 1))

    page = form.send(add="e", status=422)

    assert page.errors() == {"": "So viele Personen passen nicht in eine Anmeldung. Bitte rufen Sie uns an."}
    assert len(page.form().values["people"].split()) == LARGEST_HOUSEHOLD - 1


def test_a_list_of_people_nobody_made_is_read_as_far_as_it_makes_sense(client):
    conference = make.conference()

    page = form_of(client, conference).send(people="<b> p1e p2x p3k p3k p99999e p4e", status=422)

    assert page.form().values["people"] == "p3k p4e"


def test_everybody_takes_the_same_groups_unless_somebody_chooses(client):
    conference = make.conference()
    for _group in range(3):
        make.group(conference, rounds=2)
    form = with_people(client, conference, "e", "e", "k")

    form.send(
        role_group="resident",
        round_1="1",
        round_2="2",
        p3_round_1="3",
        p3_round_2="keine",
        p4_age="9",
        status=302,
    )

    both = [(1, 1, SeatState.SEATED), (2, 2, SeatState.SEATED)]
    assert seated(registered()) == [both, both, [(1, 3, SeatState.SEATED)], both]


def test_a_household_too_large_for_a_group_waits_whole_and_reads_so(client):
    conference = make.conference()
    group = make.group(conference, capacity=2, title="Wohnen")
    make.registration(conference, group.rounds[0])
    page = with_people(client, conference, "e").page
    assert "Noch 1 Platz frei. Für Sie alle zusammen reicht das nicht" in page.text

    done = page.form().send(role_group="resident", round_1="1", status=302).follow()

    assert "Wohnen für alle 2 Sie stehen auf Platz 1 der Warteliste" in done.text
    assert "kann ein kleinerer Haushalt vor Ihnen drankommen" in done.text
    assert seated(db.session.scalars(select(Registration)).all()[1]) == [[(1, 1, SeatState.WAITING)]] * 2


def test_a_full_conference_puts_the_household_on_the_waiting_list_and_nobody_believes_otherwise(client):
    conference = make.conference(capacity=2)
    make.registration(conference)
    make.group(conference, title="Wohnen")
    page = with_people(client, conference, "e").page
    full = make.conference(capacity=0)
    assert "Sie kommen dann auf die Warteliste." in visit(client, "signup.register", **where(full)).text

    done = page.form().send(role_group="resident", round_1="1", status=302).follow()

    assert done.h1 == "Sie stehen auf der Warteliste"
    assert "Sie haben noch keinen Platz bei der Konferenz." in done.text
    assert "Sie stehen auf Platz 1 der Warteliste" in done.text
    assert "Platz sicher" not in done.text
    assert "Sie sind angemeldet" not in done.everything
    assert (conference.places_taken, conference.waiting) == (1, 2)
    again = visit(client, "signup.register", **where(conference))
    assert again.h1 == "Es gibt schon eine Anmeldung"
    assert "Sie stehen auf der Warteliste und haben noch keinen Platz." in again.text


def test_a_full_conference_without_a_queue_says_so(client):
    conference = make.conference(capacity=0, has_queue=False)

    page = visit(client, "signup.register", **where(conference))

    assert "Alle Plätze sind vergeben." in page.text
    assert page.all("input", name="role_group") == []


def test_nothing_that_is_switched_off_is_shown_or_accepted(client):
    conference = make.conference()
    form = with_people(client, conference, "k")
    assert sorted(form.values) == [
        "display_name", "email", "organisation", "p2_age", "people", "phone", "post", "submission",
    ]  # fmt: skip

    form.send(
        role_group="resident",
        p2_age="3",
        needs="wheelchair",
        p2_needs="childcare",
        wants_together="y",
        status=302,
    )

    assert db.session.scalar(select(SupportNeed)) is None
    assert not registered().wants_together


def needs_of(registration):
    rows = db.session.scalars(select(SupportNeed).order_by(SupportNeed.id))
    places = {person.id: person.position for person in registration.participants}
    return [(places[row.participant_id], support.read(row)) for row in rows]


def test_needs_are_kept_for_each_person_with_what_helps_to_arrange_them(client):
    conference = make.conference(languages=["de", "ar"])
    make.support_offers(conference, *NeedKind)
    make.group(conference)
    page = with_people(client, conference, "e", "k").page
    assert "14 Tage nach der Veranstaltung gelöscht" in page.text
    # Childcare is for children.
    assert [box.get("name") for box in page.all("input", value="childcare")] == ["p3_needs"]

    page.form().send(
        {"needs-interpreting": "uk", "p3_needs": ["childcare", "diet"], "p3_needs-diet": " halal "},
        role_group="resident",
        round_1="1",
        needs=["interpreting", "wheelchair"],
        p3_age="4",
        status=302,
    )

    assert needs_of(registered()) == [
        (1, support.Wanted(NeedKind.INTERPRETING, "uk")),
        (1, support.Wanted(NeedKind.WHEELCHAIR)),
        (3, support.Wanted(NeedKind.CHILDCARE)),
        (3, support.Wanted(NeedKind.DIET, "halal")),
    ]
    # The child is looked after, and takes nobody's seat.
    assert [len(seats) for seats in seated(registered())] == [1, 1, 0]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"needs": "interpreting"}, "Bitte wählen Sie die Sprache"),
        ({"needs-interpreting": "klingonisch"}, "Bitte wählen Sie die Sprache"),
        ({"needs": "diet"}, "Bitte schreiben Sie in ein paar Wörtern dazu"),
        ({"needs": "diet", "needs-diet": "x" * 201}, "Das ist zu lang: 201 Zeichen."),
        ({"needs": "transport"}, "Danach wird bei dieser Konferenz nicht gefragt."),
    ],
)
def test_a_need_that_cannot_be_arranged_so_is_told_at_its_field(client, typed, words):
    conference = make.conference()
    make.support_offers(conference, NeedKind.INTERPRETING, NeedKind.DIET)

    page = form_of(client, conference).send(typed, role_group="resident", status=422)

    assert words in page.errors()["needs-0"]
    assert page.one("details", open="").tag == "details"
    assert db.session.scalar(select(Registration)) is None


def test_interpreting_without_a_language_is_into_that_of_the_page(client):
    conference = make.conference(languages=["de", "ar"])
    make.support_offers(conference, NeedKind.INTERPRETING)
    form = visit(client, "signup.register", language="ar", **where(conference)).form()

    form.send(role_group="resident", needs="interpreting", status=302)

    assert needs_of(registered()) == [(1, support.Wanted(NeedKind.INTERPRETING, "ar"))]


def consent_text(conference, purpose=ConsentPurpose.NEWSLETTER, words="Ich möchte Neuigkeiten."):
    with transaction():
        text = ConsentText(
            host_id=conference.host_id, conference_id=conference.id, purpose=purpose, words=Translated(words)
        )
        db.session.add(text)
    return text


def test_consents_are_given_one_by_one_and_none_is_ticked_before(client):
    conference = make.conference()
    first = consent_text(conference)
    consent_text(conference, ConsentPurpose.PHOTO_PRESS, "Ich darf auf Fotos zu sehen sein.")
    form = form_of(client, conference)
    assert [name for name in form.values if name.startswith("consent")] == []

    form.send(form.box("consent_newsletter"), role_group="resident", status=302)

    assert db.session.scalars(select(Consent.consent_text_id)).all() == [first.id]


def test_beside_a_translated_consent_stand_the_german_words(client):
    conference = make.conference(languages=["de", "ar"])
    consent_text(conference, words={"de": "Ich möchte Neuigkeiten.", "ar": "أريد الأخبار"})

    page = visit(client, "signup.register", language="ar", **where(conference))

    assert "أريد الأخبار" in page.text
    assert "Ich möchte Neuigkeiten." in page.text


def question(conference, **values):
    with transaction():
        made = Question(
            **{
                "host_id": conference.host_id,
                "conference_id": conference.id,
                "key": "weg",
                "position": 1,
                "kind": QuestionKind.TEXT,
                "label": Translated("Wie haben Sie von uns gehört?"),
                **values,
            }
        )
        db.session.add(made)
    return made


def test_questions_of_the_conference_are_asked_and_kept(client):
    conference = make.conference()
    asked = question(conference, is_required=True)
    question(conference, key="aus", position=2, is_on=False, label=Translated("Abgeschaltet?"))
    form = form_of(client, conference)
    assert "Abgeschaltet?" not in form.page.text
    refused = form.send(role_group="resident", display_name="Amira", status=422)
    assert list(refused.errors()) == [f"question-{asked.id}"]

    refused.form().send({f"question-{asked.id}": "vom Nachbarn"}, status=302)

    assert questions.answers_of(registered()) == {asked.id: "vom Nachbarn"}
    assert registered().display_name == "Amira"


def test_wishes_are_named_in_order_and_others_have_the_same_or_their_own(client):
    conference = make.conference(group_choice=GroupChoice.WISHES)
    groups = [make.group(conference) for _ in range(4)]
    form = with_people(client, conference, "e", "e", "k")
    assert "round_1" not in form.values

    done = form.send(
        role_group="resident",
        wish_1_1="2",
        wish_1_2="1",
        p3_wish_1_1="4",
        p4_wish_1_1="keine",
        p4_age="5",
        wants_together="y",
        status=302,
    ).follow()

    ids = [group.rounds[0].id for group in groups]
    assert [wishes.of(person) for person in registered().participants] == [
        {1: [ids[1], ids[0]]},
        {1: [ids[1], ids[0]]},
        {1: [ids[3]]},
        {},
    ]
    assert registered().wants_together
    assert "Das sind noch keine Plätze." in done.text
    assert "Sie möchten zusammen in dieselbe Gruppe." in done.text


def test_the_same_wish_twice_is_told_at_the_second(client):
    conference = make.conference(group_choice=GroupChoice.WISHES)
    for _group in range(2):
        make.group(conference)

    page = form_of(client, conference).send(role_group="resident", wish_1_1="2", wish_1_2="2", status=422)

    assert "schon gewählt" in page.errors()["wish_1_2"]
    assert page.form().values["wish_1_2"] == "2"
