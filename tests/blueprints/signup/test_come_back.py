"""A household whose offer has ended comes back: by its code, or through staff with a reason."""

from __future__ import annotations

from app.database import db, transaction
from app.domain import offers, registrations
from app.models import Conference, Registration, RegistrationStatus, StaffMember
from tests import make
from tests.blueprints.signup.desk import PLACE, page_of
from tests.browse import Form, Page, visit
from tests.visitor import Visitor


def lapsed(conference: Conference) -> tuple[Registration, str]:
    with transaction():
        conference.capacity, conference.makes_offers = 1, True
    taken = make.registration(conference)
    waiting, code = make.registered(conference, name="Frau Alt")
    registrations.cancel(taken)
    offers.decline(waiting, None)
    return waiting, code


def button(page: Page) -> Form:
    return page.form("/beispiel/konferenz/meine-anmeldung/doch-kommen")


def test_a_household_returns_from_its_code_page(client: Visitor, conference: Conference) -> None:
    registration, code = lapsed(conference)
    make.registration(conference)
    visit(client, "signup.enter_code", host="beispiel").form().send(code=code, status=302)
    page = visit(client, "signup.mine", **PLACE)

    shown = button(page).send(status=302).follow()
    # Pressed once more on the old page.
    button(page).send(status=302)

    db.session.expire_all()
    assert registration.status is RegistrationStatus.WAITLISTED
    assert "Sie stehen wieder auf der Warteliste, jetzt am Ende." in shown.text
    assert "Sie stehen auf Platz 1 der Warteliste" in shown.text
    assert conference.waiting == 1


def test_a_household_that_finds_a_free_place_has_it(client: Visitor, conference: Conference) -> None:
    registration, code = lapsed(conference)
    visit(client, "signup.enter_code", host="beispiel").form().send(code=code, status=302)

    shown = button(visit(client, "signup.mine", **PLACE)).send(status=302).follow()

    db.session.expire_all()
    assert registration.status is RegistrationStatus.CONFIRMED
    assert "Es war noch frei: Sie haben einen Platz." in shown.text


def test_a_cancelled_household_is_told(client: Visitor, conference: Conference) -> None:
    registration, code = lapsed(conference)
    visit(client, "signup.enter_code", host="beispiel").form().send(code=code, status=302)
    form = button(visit(client, "signup.mine", **PLACE))
    with transaction():
        registration.status = RegistrationStatus.CANCELLED

    assert "Diese Anmeldung ist schon abgesagt." in form.send(status=302).follow().text


def test_staff_put_it_back_with_a_reason(
    staff_client: Visitor, conference: Conference, organizer: StaffMember
) -> None:
    registration, _code = lapsed(conference)
    page = visit(staff_client, page_of(staff_client, registration).links()["Wieder aufnehmen"])
    assert "Es ist genug frei: 1 Person bekommt sofort einen Platz." in page.text

    without = page.form().send(status=422)
    shown = page.form().send(reason="Lag im Krankenhaus", status=302).follow()

    assert list(without.errors()) == ["reason"]
    assert "Wieder dabei: Es war genug frei." in shown.text
    assert f"möchte doch wieder kommen, durch {organizer.name} Grund: Lag im Krankenhaus" in shown.text
    assert "muss nicht wieder aufgenommen werden" in page_of(staff_client, registration, "put_back").text


def test_staff_put_it_at_the_end_of_the_queue(staff_client: Visitor, conference: Conference) -> None:
    registration, _code = lapsed(conference)
    make.registration(conference)
    page = page_of(staff_client, registration, "put_back")
    assert "kommt an das Ende der Warteliste" in page.text

    assert (
        "Wieder auf der Warteliste, am Ende."
        in page.form().send(reason="Doch Zeit", status=302).follow().text
    )
