"""The door, the rooms and people without registration, as a helper works with them."""

import secrets

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.domain import codes, day, registrations
from app.domain.registrations import Details, Person
from app.models import (
    CheckIn,
    ConferenceStatus,
    Participant,
    Registration,
    RegistrationChannel,
    RegistrationStatus,
    RoleGroup,
    StaffRole,
)
from tests import make
from tests.browse import Form, values, visit, words
from tests.counting import statements
from tests.visitor import Visitor


def register(conference, *people, name=""):
    """A household that has registered before, with its code."""
    return registrations.register(
        conference,
        Details(RoleGroup.RESIDENT, display_name=name),
        people,
        submission=secrets.token_urlsafe(24),
        by=make.staff_member(of=conference.host),
    )


def inside(meeting=None):
    rows = db.session.scalars(
        select(CheckIn.participant_id).where(
            CheckIn.group_round_id == meeting.id if meeting else CheckIn.group_round_id.is_(None)
        )
    )
    return set(rows)


def ids(registration):
    return [person.id for person in registration.participants]


def forms(page):
    """The forms of <main> that post."""
    return [
        Form(page, element, dict(values(element)))
        for element in page.one("main").iter("form")
        if element.get("method") == "post"
    ]


def form_of(page, name):
    """The one with a field of this name."""
    return next(form for form in forms(page) if name in form.values)


def form_with(page, button, value):
    """The one whose button sends this."""
    for form in forms(page):
        for element in form.element.iter("button"):
            if (element.get("name"), element.get("value")) == (button, str(value)):
                return form
    raise AssertionError(f"no button {button}={value}")


def press(page, button, value):
    answer = form_with(page, button, value).send({button: str(value)}, status=302)
    return visit(page.client, answer.response.location.split("#")[0])


def test_each_person_of_a_household_comes_in_alone_or_with_all(helper, conference, base):
    household, _code = register(
        conference, Person(name="Mona Amiri"), Person(name="Karim Amiri"), Person(age=5)
    )
    mona, karim, child = ids(household)
    page = visit(helper, f"{base}/einlass")

    after = press(page, "rein", karim)
    assert inside() == {karim}
    assert "Angekommen: Karim Amiri" in after.text
    assert "1 von 3 Personen sind da." in after.text

    after = press(after, "rein", "alle")
    assert inside() == {mona, karim, child}

    press(after, "raus", mona)
    assert inside() == {karim, child}


def test_search_shows_who_fits_and_the_button_leads_back_to_the_search(helper, conference, base):
    register(conference, Person(name="Jürgen Groß"))
    found, _code = register(conference, Person(name="Élodie Petit"), Person())
    page = visit(helper, f"{base}/einlass?q=elodie")

    answer = form_with(page, "rein", "alle").send(rein="alle", status=302)

    assert [words(title) for title in page.all("h3")] == ["Élodie Petit"]
    assert answer.response.location == f"{base}/einlass?q=elodie#anmeldung-{found.id}"


def test_nobody_who_waits_or_has_cancelled_stands_at_the_door(helper, conference, base):
    with transaction():
        conference.capacity = 2
        conference.walk_in_quota = 0
    register(conference, Person(name="Mit Platz"))
    gone, _code = register(conference, Person(name="Weg Gegangen"))
    registrations.cancel(gone)
    register(conference, Person(name="Zwei Wartende"), Person())

    page = visit(helper, f"{base}/einlass")

    assert [words(title) for title in page.all("h3")] == ["Mit Platz"]


def test_who_comes_alone_is_in_with_the_code(helper, conference, base):
    alone, code = register(conference, Person(name="Jo Klein"))
    page = visit(helper, f"{base}/einlass")

    answer = form_of(page, "code").send(code=code.upper().replace("-", " "), status=302)

    assert answer.response.location == f"{base}/einlass"
    assert inside() == set(ids(alone))
    assert "Angekommen: Jo Klein" in visit(helper, f"{base}/einlass").text
    form_of(page, "code").send(code=code, status=302)
    text = visit(helper, f"{base}/einlass").text
    assert "War schon da: Jo Klein. Dieser Code wurde schon einmal gezeigt." in text
    assert "Angekommen" not in text


def test_a_button_pressed_twice_speaks_of_no_code(helper, conference, base):
    alone, code = register(conference, Person(name="Jo Klein"))
    page = visit(helper, f"{base}/einlass")

    press(page, "rein", ids(alone)[0])
    after = press(page, "rein", ids(alone)[0])

    assert "War schon da: Jo Klein." in after.text
    assert "Dieser Code" not in after.text
    assert code not in after.text


def test_a_household_is_shown_for_its_qr_code(helper, conference, base):
    household, _code = register(conference, Person(), Person())
    page = visit(helper, f"{base}/einlass")

    answer = form_of(page, "code").send(code=day.door_mark(household), status=302)

    assert answer.response.location == f"{base}/einlass/{household.id}"
    assert inside() == set()
    press(visit(helper, answer.response.location), "rein", "alle")
    assert inside() == set(ids(household))


@pytest.mark.parametrize("typed", ["apfel-birne-wolke-47", "EINLASS-1-0000", ""])
def test_an_unknown_code_is_told_and_nobody_comes_in(helper, conference, base, typed):
    register(conference, Person())

    page = form_of(visit(helper, f"{base}/einlass"), "code").send(code=typed, status=422)

    assert "Das hat noch nicht geklappt" in page.everything
    assert inside() == set()


def test_whoever_lost_the_place_is_not_let_in_by_code(helper, conference, base):
    gone, code = register(conference, Person())
    registrations.cancel(gone)

    page = form_of(visit(helper, f"{base}/einlass"), "code").send(code=code, status=422)
    shown = visit(helper, f"{base}/einlass/{gone.id}")

    assert "Diese Anmeldung hat keinen Platz" in page.everything
    assert "Diese Anmeldung hat keinen Platz (abgesagt)" in shown.text
    assert inside() == set()


def test_only_pages_that_read_codes_may_use_the_camera(helper, conference, base):
    meeting = make.group(conference).rounds[0]
    pages = (f"{base}/einlass", f"{base}/raum/{meeting.group.number}/1", base)

    allowed = [helper.get(page).headers["Permissions-Policy"].split("camera=")[1] for page in pages]

    assert allowed == ["(self)", "(self)", "()"]


def test_a_room_counts_present_of_seated_of_seats(helper, conference, base):
    meeting = make.group(conference, capacity=3, title="Wohnen").rounds[0]
    seat = {1: meeting.id}
    first, code = register(conference, Person(name="Eins", groups=seat), Person(name="Zwei"))
    second, _code = register(conference, Person(name="Drei", groups=seat))
    page = visit(helper, f"{base}/raum/{meeting.group.number}/1")

    after = press(page, "rein", second.participants[0].id)
    assert "1 von 2 mit Platz sind im Raum. Es gibt 3 Plätze." in after.text
    form_of(after, "code").send(code=code, status=302)

    # Of a household only those who sit there.
    assert inside(meeting) == {first.participants[0].id, second.participants[0].id}
    assert inside() == inside(meeting)
    after = press(visit(helper, page.address), "raus", first.participants[0].id)
    assert inside(meeting) == {second.participants[0].id}
    table = words(visit(helper, base).one("table"))
    assert table.endswith("Wohnen – 1 2 3")


def test_who_sits_elsewhere_is_told_at_the_room(helper, conference, base):
    meeting = make.group(conference).rounds[0]
    _stranger, code = register(conference, Person())

    page = form_of(visit(helper, f"{base}/raum/{meeting.group.number}/1"), "code").send(code=code, status=422)

    assert "hat in dieser Gruppe keinen Platz" in page.everything
    assert inside(meeting) == set()


def test_one_adult_without_registration_is_in_with_two_presses(helper, conference, base):
    door = visit(helper, f"{base}/einlass")
    link = next(link for link in door.all("a") if words(link) == "Ohne Anmeldung: 1 Person")

    slip = form_of(visit(helper, link.get("href")), "adults").send(status=302).follow()

    walked_in = db.session.scalars(select(Registration)).one()
    assert walked_in.channel is RegistrationChannel.WALK_IN
    assert inside() == set(ids(walked_in))
    assert "Angekommen: 1 Person ohne Namen" in slip.text


def test_a_family_without_registration_gets_the_group_with_free_seats(helper, conference, base):
    full, free = (
        make.group(conference, capacity=0, title="Voll"),
        make.group(conference, capacity=2, title="Frei"),
    )
    page = visit(helper, f"{base}/ohne-anmeldung")
    offered = [words(option) for option in page.all("option") if "frei)" in words(option)]

    form_of(page, "adults").send(
        adults="2", children="4, 7", display_name="Amal Haddad", round_1=str(free.rounds[0].id), status=302
    )

    people = db.session.scalars(select(Participant).order_by(Participant.position)).all()
    assert offered == [f"{free.number}. Frei (2 frei)"]
    assert [(person.name, person.age) for person in people] == [
        ("Amal Haddad", None),
        ("", None),
        ("", 4),
        ("", 7),
    ]
    assert [len(person.live_seats) for person in people] == [1, 1, 0, 0]
    assert full.rounds[0].waiting == 0


def test_the_same_form_sent_twice_lets_in_one(helper, conference, base):
    form = form_of(visit(helper, f"{base}/ohne-anmeldung"), "adults")

    form.send(status=302)
    form.send(status=302)

    assert db.session.query(Registration).count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("children", "45", "ist kein Alter eines Kindes"),
        ("children", "drei", "„drei“ ist kein Alter"),
        ("adults", "13", "von 0 bis 12"),
        ("adults", "0", "mindestens eine Person"),
        ("round_1", "99999", "aus der Liste"),
    ],
)
def test_what_cannot_be_is_told_and_nobody_is_registered(helper, conference, base, field, typed, said):
    make.group(conference)

    page = form_of(visit(helper, f"{base}/ohne-anmeldung"), "adults").send({field: typed}, status=422)

    assert said in page.everything
    assert db.session.query(Registration).count() == 0


def test_a_full_conference_says_so_at_the_door(helper, conference, base):
    with transaction():
        conference.capacity = 3
    form = form_of(visit(helper, f"{base}/ohne-anmeldung"), "adults")
    register(conference, Person())

    late = form.send(adults="3", status=422)
    form.send(adults="2", status=302)
    page = visit(helper, f"{base}/ohne-anmeldung")

    assert "Frei sind 2" in late.everything
    assert "Alle Plätze sind vergeben" in page.text
    assert conference.places_taken == 3


def test_closing_the_door_notes_who_came(helper, conference, base):
    came, _code = register(conference, Person())
    missed, _code = register(conference, Person())
    day.check_in(conference, ids(came))

    answer = forms(visit(helper, f"{base}/abschliessen"))[0].send(status=302)

    assert "1 Anmeldungen waren da, 1 nicht" in visit(helper, answer.response.location).text
    assert (came.status, missed.status) == (RegistrationStatus.ATTENDED, RegistrationStatus.NO_SHOW)
    assert "Für 2 Anmeldungen steht fest, ob jemand da war." in visit(helper, base).text


def test_before_the_beginning_the_door_cannot_be_closed(client, app):
    conference = make.conference()
    make.sign_in(client, make.staff_member(StaffRole.HELPER, conference.host))
    address = f"/verwaltung/{conference.host.key}/{conference.key}/tag/abschliessen"

    page = visit(client, address)
    answer = client.post(address)

    assert "Die Konferenz hat noch nicht begonnen" in page.text
    assert answer.status_code == 422


def test_a_conference_that_does_not_take_place_has_no_door(helper, conference, base):
    guest, code = register(conference, Person())
    with transaction():
        conference.status = ConferenceStatus.CANCELLED

    pages = [
        visit(helper, f"{base}{end}").text
        for end in ("", "/einlass", f"/einlass/{guest.id}", "/ohne-anmeldung")
    ]
    refused = helper.post(f"{base}/einlass", data={"code": code})

    assert all("gibt es keinen Einlass" in text for text in pages)
    assert (refused.status_code, inside()) == (422, set())


def test_people_of_others_are_no_button_here(helper, conference, base):
    guest, _code = register(conference, Person())
    stranger, _code = register(conference, Person())

    answers = [
        helper.post(f"{base}/einlass/{guest.id}", data={"rein": value}).status_code
        for value in (str(stranger.participants[0].id), "x", "9" * 30)
    ]

    assert answers == [404, 404, 404]
    assert inside() == set()


def test_helpers_of_another_host_stay_outside(app, conference, base):
    client = Visitor(app)
    make.sign_in(client, make.staff_member(StaffRole.HELPER, make.host()))

    for end in ("", "/einlass", "/ohne-anmeldung", "/abschliessen", "/druck", "/druckpaket.pdf?teile=flyer"):
        assert client.get(base + end).status_code == 403, end


def test_the_code_is_in_no_address(helper, conference, base):
    household, code = register(conference, Person(), Person())

    answer = helper.post(f"{base}/einlass", data={"code": code})

    assert codes.normalise(code) not in answer.location
    assert day.door_mark(household) not in answer.location


@pytest.mark.parametrize("people", [1, 3, 300])
def test_the_list_takes_the_same_statements_for_any_number_of_people(helper, conference, base, people):
    with transaction():
        conference.capacity = None
    meeting = make.group(conference, capacity=300).rounds[0]
    for _ in range(max(1, people // 12)):
        guests, _code = register(conference, *[Person(groups={1: meeting.id})] * min(12, people))
        day.check_in(conference, ids(guests), group_round=meeting)
    counted = []
    for end in ("", "/einlass", f"/raum/{meeting.group.number}/1", "/druck"):
        helper.get(base + end)
        with statements() as sent:
            assert helper.get(base + end).status_code == 200
        counted.append(len(sent))

    assert counted == STATEMENTS


# Account and its roles, conference with host and venue, then: counts; people; the group, its round and people twice
# over; people, meetings and programme.
STATEMENTS = [7, 7, 10, 9]
