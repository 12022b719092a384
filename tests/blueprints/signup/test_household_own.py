"""With the code a household looks after itself: people, groups, wishes, needs, offers and consents."""

import pytest
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import registrations, support, wishes
from app.domain.registrations import Person
from app.models import (
    Consent,
    ConsentPurpose,
    ConsentText,
    EventKind,
    GroupChoice,
    NeedKind,
    NeedState,
    RegistrationEvent,
    RegistrationStatus,
    Seat,
    SeatState,
    SupportNeed,
    Translated,
)
from tests import make
from tests.browse import visit


def where(conference):
    return {"host": conference.host.key, "conference": conference.key}


def holder(client, conference, *group_rounds, **options):
    """A household that has registered and shown the code in this browser."""
    registration, code = make.registered(conference, *group_rounds, **options)
    visit(client, "signup.enter_code", host=conference.host.key).form().send(code=code, status=302)
    return registration


def mine(client, conference):
    return visit(client, "signup.mine", **where(conference))


def held(registration):
    return [
        [(seat.group_round.group.number, seat.state.value) for seat in person.live_seats]
        for person in registration.participants
    ]


def test_somebody_comes_along_and_gets_the_same_groups(client):
    conference = make.conference(capacity=5)
    make.group(conference)
    registration = holder(client, conference, conference.groups[0].rounds[0], name="Amira")
    form = visit(client, "signup.people", **where(conference)).form()

    page = form.send(kind="k", age="6", status=302).follow()

    assert "Kind, 6 Jahre" in page.text
    assert held(registration) == [[(1, "seated")]] * 2
    assert conference.places_taken == 2
    # The same form once more adds nobody.
    twice = form.send(kind="k", age="6", status=422)
    assert "Inzwischen hat sich etwas geändert." in twice.errors()[""]
    assert len(registration.participants) == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [({}, "kind-0"), ({"kind": "x"}, "kind-0"), ({"kind": "k", "age": "45"}, "age"), ({"kind": "k"}, "age")],
)
def test_who_comes_along_must_be_said(client, typed, field):
    conference = make.conference()
    registration = holder(client, conference)

    page = visit(client, "signup.people", **where(conference)).form().send(typed, status=422)

    assert list(page.errors()) == [field]
    assert len(registration.participants) == 1


def test_nobody_comes_along_to_a_full_conference_and_what_was_typed_stays(client):
    conference = make.conference(capacity=1)
    holder(client, conference)
    people = visit(client, "signup.people", **where(conference))

    page = people.form().send(kind="e", name="Samir", status=422)

    assert "Gerade kann niemand mehr dazukommen." in people.text
    assert page.errors()[""].startswith("Die Konferenz ist voll.")
    assert page.form().values["name"] == "Samir"


def test_a_conference_that_became_full_meanwhile_says_so(client):
    conference = make.conference(capacity=2)
    holder(client, conference)
    people = visit(client, "signup.people", **where(conference))
    make.registration(conference)

    page = people.form().send(kind="e", name="Samir", status=422)
    again = page.form().send(status=422)

    assert "Die Konferenz ist voll" not in people.text
    assert page.errors()[""].startswith("Die Konferenz ist gerade voll geworden.")
    assert again.errors()[""].startswith("Die Konferenz ist voll.")


def test_a_person_is_called_otherwise_grows_older_or_stays_away(client):
    conference = make.conference()
    group = make.group(conference, capacity=3)
    registration = holder(client, conference, group.rounds[0], people=2, name="Amira")
    visit(client, "signup.people", **where(conference)).form().send(kind="k", age="6", status=302)
    adult, child = (person.id for person in registration.participants[1:])
    waiting = make.registration(conference, group.rounds[0])

    own = {**where(conference)}
    page = visit(client, "signup.change_person", person=adult, **own)
    page.form(page.address).send(name="Samir", status=302)
    page = visit(client, "signup.change_person", person=child, **own)
    assert "Als Kind zählt" in page.form(page.address).send(age="18", status=422).errors()["age"]
    page.form(page.address).send(age="7", status=302)
    people = page.form(page.address + "/abmelden").send(status=302).follow()

    assert "Diese Person ist abgemeldet." in people.text
    assert [(person.name, person.age) for person in registration.participants] == [
        ("", None),
        ("Samir", None),
    ]
    assert held(waiting) == [[(1, "seated")]]


def test_the_last_one_cancels_and_a_foreign_person_is_not_found(client):
    conference = make.conference()
    other = make.registration(conference)
    registration = holder(client, conference)

    page = visit(client, "signup.change_person", person=registration.participants[0].id, **where(conference))
    assert page.links()["Absagen: Ich komme doch nicht"].endswith("/absagen")
    alone = client.post(page.address + "/abmelden")
    visit(client, "signup.change_person", person=other.participants[0].id, status=404, **where(conference))
    client.post(
        f"/{conference.host.key}/{conference.key}/meine-anmeldung/personen/{other.participants[0].id}/abmelden"
    )

    assert alone.location.endswith("/meine-anmeldung/absagen")
    assert registration.is_live
    assert other.is_live


def test_each_person_changes_groups_and_the_others_follow_only_where_they_did(client):
    conference = make.conference()
    for title in ("Eins", "Zwei", "Drei"):
        make.group(conference, title=title)
    first = conference.groups[0].rounds[0].id
    registration = make.household(
        conference, Person("Amira", groups={1: first}), Person("Samir", groups={1: first}), Person("Lama")
    )
    code = registrations.renew_code(registration)
    visit(client, "signup.enter_code", host=conference.host.key).form().send(code=code, status=302)
    ids = [person.id for person in registration.participants]
    form = visit(client, "signup.change_groups", **where(conference)).form()
    assert (form.values[f"p{ids[1]}_round_1"], form.values[f"p{ids[2]}_round_1"]) == ("", "keine")

    form.send({f"p{ids[2]}_round_1": "3"}, round_1="2", status=302)

    assert held(registration) == [[(2, "seated")], [(2, "seated")], [(3, "seated")]]


def test_whoever_waits_for_the_conference_chooses_groups_later(client):
    conference = make.conference(capacity=0)
    group = make.group(conference, title="Wohnen")
    registration = holder(client, conference, group.rounds[0])

    page = mine(client, conference)
    assert "Gewählte Gruppen" in page.text
    assert "Wohnen" in page.text
    assert "Gruppe wechseln" not in page.links()
    answered = visit(client, "signup.change_groups", status=302, **where(conference)).follow()

    assert "sobald Sie einen Platz bei der Konferenz haben" in answered.text
    assert held(registration) == [[]]


def test_wishes_are_changed_person_by_person(client):
    conference = make.conference(group_choice=GroupChoice.WISHES)
    rounds = [make.group(conference).rounds[0].id for _ in range(3)]
    registration = make.household(
        conference, Person("Amira", wishes={1: rounds[:2]}), Person("Samir", wishes={1: rounds[:2]}), Person()
    )
    code = registrations.renew_code(registration)
    visit(client, "signup.enter_code", host=conference.host.key).form().send(code=code, status=302)
    ids = [person.id for person in registration.participants]
    page = visit(client, mine(client, conference).links()["Wünsche ändern"])
    values = page.form().values
    assert (values["wish_1_1"], values["wish_1_2"], values["wish_1_3"]) == ("1", "2", "")
    assert (values[f"p{ids[1]}_wish_1_1"], values[f"p{ids[2]}_wish_1_1"]) == ("", "keine")

    page.form().send({f"p{ids[2]}_wish_1_1": "1"}, wish_1_1="3", wants_together="y", status=302)

    assert [wishes.of(person) for person in registration.participants] == [
        {1: [rounds[2], rounds[1]]},
        {1: [rounds[2], rounds[1]]},
        {1: [rounds[0]]},
    ]
    assert registration.wants_together


def test_needs_are_seen_with_their_answers_and_changed(client):
    conference = make.conference()
    make.support_offers(conference, NeedKind.WHEELCHAIR, NeedKind.INTERPRETING, NeedKind.CHILDCARE)
    registration = holder(client, conference, people=2)
    form = visit(client, mine(client, conference).links()["Unterstützung ändern"]).form()
    first, second = (f"p{person.id}_needs" for person in registration.participants)
    form.send({first: "wheelchair", f"{second}-interpreting": "uk"}, status=302)
    rows = {support.read(row).kind: row for row in db.session.scalars(select(SupportNeed))}
    support.answer(
        registration,
        {
            rows[NeedKind.WHEELCHAIR].id: NeedState.ARRANGED,
            rows[NeedKind.INTERPRETING].id: NeedState.NOT_POSSIBLE,
        },
    )

    page = mine(client, conference)

    assert "Platz für einen Rollstuhl Ist für Sie vorbereitet" in page.text
    assert "Ukrainisch Das geht leider nicht. Bitte rufen Sie uns an." in page.text
    again = visit(client, "signup.needs", **where(conference)).form()
    assert again.values[f"{second}-interpreting"] == "uk"
    again.send({f"{second}": None, f"{second}-interpreting": ""}, status=302)
    assert [support.read(row) for row in db.session.scalars(select(SupportNeed))] == [
        support.Wanted(NeedKind.WHEELCHAIR)
    ]
    assert "Ist für Sie vorbereitet" in mine(client, conference).text


def test_a_conference_that_asks_for_no_needs_has_no_page_for_them(client):
    conference = make.conference()
    holder(client, conference)

    assert visit(client, "signup.needs", status=302, **where(conference)).location.endswith(
        "/meine-anmeldung"
    )
    assert "Unterstützung" not in mine(client, conference).text


def test_each_consent_is_withdrawn_alone_and_at_once(client):
    conference = make.conference()
    with transaction():
        texts = [
            ConsentText(
                host_id=conference.host_id,
                conference_id=conference.id,
                purpose=purpose,
                words=Translated(f"Ja zu {purpose.value}."),
            )
            for purpose in (ConsentPurpose.NEWSLETTER, ConsentPurpose.PHOTO_PRESS)
        ]
        db.session.add_all(texts)
    form = visit(client, "signup.register", **where(conference)).form()
    boxes = form.box("consent_newsletter") | form.box("consent_photo_press")
    form.send(boxes, role_group="resident", status=302)
    page = visit(client, mine(client, conference).links()["Einwilligungen ansehen oder widerrufen"])
    assert "Ja zu newsletter." in page.text
    buttons = [field.get("value") for field in page.all("input", name="zweck")]
    assert buttons == ["newsletter", "photo_press"]

    gone = visit(client, page.address, data={"zweck": "newsletter"}, status=302).follow().text
    client.post(page.address, data={"zweck": "newsletter"})
    client.post(page.address, data={"zweck": "unfug"})

    assert "Widerrufen. Das gilt ab jetzt." in gone
    assert [
        consent.withdrawn_at is None for consent in db.session.scalars(select(Consent).order_by(Consent.id))
    ] == [
        False,
        True,
    ]
    withdrawn = select(RegistrationEvent.subject).where(RegistrationEvent.kind == EventKind.CONSENT_WITHDRAWN)
    assert db.session.scalars(withdrawn).all() == ["newsletter"]
    assert "Es gilt keine Einwilligung" not in visit(client, page.address).text


def test_after_closing_people_stay_and_cancelling_says_for_how_many(client):
    conference = make.conference()
    registration = holder(client, conference, people=3)
    with transaction():
        conference.registration_closes_at = now()

    for endpoint in ("people", "needs", "change_groups"):
        back = visit(client, f"signup.{endpoint}", status=302, **where(conference))
        assert back.location.endswith("/meine-anmeldung")
    page = visit(client, "signup.cancel", **where(conference))
    assert "Sie sagen für alle 3 ab." in page.text
    page.form().send(status=302)

    assert registration.status is RegistrationStatus.CANCELLED
    assert conference.places_taken == 0
    assert db.session.scalars(select(Seat.state)).all() in ([], [SeatState.RELEASED])
