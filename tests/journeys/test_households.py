"""Households: a family that reads Arabic, and somebody who needs to know whether the wheelchair gets in."""

import pytest
from sqlalchemy import select

from app.blueprints.day.printing import event_of
from app.database import db, transaction
from app.domain import day, registrations, support
from app.exports.print import pack
from app.exports.print.pack import Part, Wishes
from app.models import NeedKind, Registration, SeatState, SupportNeed, Translated
from tests import make
from tests.browse import visit
from tests.journeys.conftest import come_in, dates_of


def where(conference):
    return {"host": conference.host.key, "conference": conference.key}


def code_on(page):
    return "-".join(part.text for part in page.all(class_="code-card__part"))


def with_code(client, conference, code, language="de"):
    form = visit(client, "signup.enter_code", language=language, host=conference.host.key).form()
    return form.send(code=code, status=302).follow()


def household():
    db.session.expire_all()
    return db.session.scalars(select(Registration).where(Registration.display_name == "لمى")).one()


def seats_of(registration):
    return [
        {seat.group_round.group.number: seat.state for seat in person.live_seats}
        for person in registration.participants
    ]


@pytest.fixture
def conference(host):
    """Two groups in Arabic and German, one of them with three seats; childcare and interpreting are offered."""
    made = make.conference(host, languages=["de", "ar"], capacity=6)
    make.group(made, capacity=3, title="Wohnen")
    make.group(made, capacity=5, title="Begegnen")
    make.support_offers(made, NeedKind.INTERPRETING, NeedKind.CHILDCARE, NeedKind.WHEELCHAIR)
    return made


def test_a_family_of_four_registers_in_arabic_without_scripts_and_waits_for_a_full_group(
    app, somebody, conference, postbox, deliver
):
    wanted = conference.groups[0].rounds[0]
    early = [make.registration(conference, wanted, name=name) for name in ("Erste", "Zweite")]
    family = somebody()

    # Each button loads the page anew, and everything typed is still there.
    page = visit(family, "signup.register", language="ar", **where(conference))
    page = page.form().send(role_group="resident", display_name="لمى", add="e", status=200)
    page = page.form().send(p2_name="سامر", add="k", status=200)
    page = page.form().send(p3_age="٤", add="k", status=200)
    assert page.one("html").get("dir") == "rtl"
    assert (page.form().values["display_name"], page.form().values["p3_age"]) == ("لمى", "٤")
    refused = page.form().send(p4_age="45", status=422)
    assert list(refused.errors()) == ["p4_age"]
    done = (
        refused.form()
        .send(
            p4_age="11",
            round_1="1",
            needs="interpreting",
            p3_needs="childcare",
            p4_needs="childcare",
            contact_channel="email",
            email="lama@post.example",
            status=302,
        )
        .follow()
    )

    # A place at the conference for all four; in the group one seat is free, so the two adults wait together.
    family_of_four = household()
    assert conference.places_taken == 6
    assert seats_of(family_of_four) == [{1: SeatState.WAITING}, {1: SeatState.WAITING}, {}, {}]
    assert wanted.seats_taken == 2
    needs = [support.read(row) for row in db.session.scalars(select(SupportNeed).order_by(SupportNeed.id))]
    assert needs == [
        support.Wanted(NeedKind.INTERPRETING, "ar"),
        support.Wanted(NeedKind.CHILDCARE),
        support.Wanted(NeedKind.CHILDCARE),
    ]
    assert done.address.startswith("/ar/")
    code = code_on(done)

    # Neither the needs nor the names of the others stand in the mail.
    assert deliver() == 1
    (mail,) = postbox.mails
    said = mail.get_body(("plain",)).get_content() + mail.get_body(("html",)).get_content()
    assert "سامر" not in said
    assert "childcare" not in said

    # Somebody else leaves: now both fit, and both sit. With the code the family reads it on another device.
    registrations.cancel(early[0])
    assert seats_of(household()) == [{1: SeatState.SEATED}, {1: SeatState.SEATED}, {}, {}]
    mine = with_code(somebody(), conference, code, "ar")
    assert mine.one("html").get("dir") == "rtl"
    assert "لمى" in mine.text
    assert wanted.seats_taken == 3

    # One child stays with the grandmother: its place is free for somebody else.
    child = family_of_four.participants[3].id
    page = visit(family, "signup.change_person", language="ar", person=child, **where(conference))
    page.form(page.address + "/abmelden").send(status=302)
    assert [person.age for person in household().participants] == [None, None, 4]
    db.session.expire_all()
    assert conference.places_taken == 4

    # The day stands in their calendar. At the door the telephone is held up, and three come in at once.
    assert dates_of(family, conference, "ar") == [(str(conference.title), "CONFIRMED")]
    assert "للدخول" in visit(family, "signup.mine", language="ar", **where(conference)).text
    list_at_the_door = come_in(app, conference, day.door_mark(household()))
    assert "3 von 4 Personen sind da." in list_at_the_door.text


def test_somebody_in_a_wheelchair_sees_the_answer_under_the_code_alone(
    app, somebody, conference, organizer, postbox, deliver
):
    client = somebody()
    form = visit(client, "signup.register", **where(conference)).form()
    done = form.send(
        role_group="resident",
        display_name="لمى",
        needs="wheelchair",
        contact_channel="email",
        email="lama@post.example",
        status=302,
    ).follow()
    code = code_on(done)
    mine = visit(client, "signup.mine", **where(conference))
    assert "Platz für einen Rollstuhl Wir kümmern uns, die Antwort steht noch aus" in mine.text

    need = db.session.scalars(select(SupportNeed)).one()
    assert "wheelchair" not in need.content
    make_answer(organizer, conference, need)
    deliver()

    told = postbox.mails[-1].get_body(("plain",)).get_content()
    assert "Rollstuhl" not in told
    answered = with_code(somebody(), conference, code)
    assert "Platz für einen Rollstuhl Ist für Sie vorbereitet" in answered.text
    # Nobody at the door learns of it, on the screen or on paper, and the way in is that of everybody.
    came = come_in(app, conference, code)
    assert "1 von 1 Personen sind da." in came.text
    with app.test_request_context():
        sheets = pack.html(event_of(conference), Wishes(tuple(Part)))
    assert "لمى" in sheets
    assert "ollstuhl" not in came.everything + sheets
    assert dates_of(client, conference) == [(str(conference.title), "CONFIRMED")]
    # What is not needed any more is gone at once.
    page = visit(client, answered.links()["Unterstützung ändern"])
    page.form().send({f"p{household().participants[0].id}_needs": None}, status=302)
    assert db.session.scalars(select(SupportNeed)).all() == []


def make_answer(organizer, conference, need):
    """Staff answer on their page of needs."""
    registration = need.participant.registration_id
    page = visit(organizer, "signup.support_answer", registration=registration, **where(conference))
    page.form().send({f"need-{need.id}": "arranged"}, status=302)


def test_the_words_of_the_conference_come_in_arabic_where_they_are_translated(app, somebody, conference):
    group = conference.groups[0]
    with transaction():
        group.title = Translated({"de": "Wohnen", "ar": "السكن"})
    page = visit(somebody(), "signup.register", language="ar", **where(conference))
    page = page.form().send(add="e", status=200)

    assert "السكن" in page.text
    assert [option.get("lang") for option in page.all("option", value="2") if option.get("lang")] == ["de"]
