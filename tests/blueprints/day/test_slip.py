"""The sheet that people who walk in take home: where to go, their code, the QR code for the door."""

from sqlalchemy import select

from app.blueprints.day.routes import door_qr
from app.database import db
from app.domain import registrations
from app.domain.registrations import Person
from app.models import Registration
from tests.blueprints.day.test_manage import form_of, register
from tests.browse import visit, words


def test_who_walks_in_gets_a_slip_with_a_code_that_is_theirs(helper, conference, base, somebody_else):
    slip = form_of(visit(helper, f"{base}/ohne-anmeldung"), "adults").send(status=302).follow()

    code = "-".join(part.text for part in slip.all(class_="code-card__part"))
    walked_in = db.session.scalars(select(Registration)).one()
    assert registrations.by_code(conference.host_id, code) == walked_in
    assert code not in slip.address
    assert {words(link) for link in slip.all("a")} >= {"Noch jemand ohne Anmeldung", "Zurück zum Einlass"}
    with helper.application.test_request_context():
        assert str(door_qr(walked_in)) in slip.response.text
    # It was known in this browser alone; the slip itself can be printed anywhere.
    again = visit(somebody_else, slip.address)
    assert again.all(class_="code-card__part") == []
    assert "Für den Einlass" in again.text
    # Another helper makes none either.
    assert "Einen neuen Code vergeben" not in again.links()


def test_there_is_no_slip_for_whoever_has_no_place(helper, conference, base):
    registration, _code = register(conference, Person())
    visit(helper, f"{base}/einlass/{registration.id}/zettel")
    registrations.cancel(registration)

    visit(helper, f"{base}/einlass/{registration.id}/zettel", status=404)
