"""The QR code for the door on the page of a household."""

import pytest

from app.blueprints.day import routes
from app.domain import day, registrations
from tests import make
from tests.browse import visit


@pytest.fixture
def opened(client, app):
    """A household has opened its page by the link; and that page."""
    conference = make.conference(capacity=1)
    registration = make.registration(conference)
    place = f"/{conference.host.key}/{conference.key}/meine-anmeldung"
    client.get(f"{place}/link/{registrations.link_token(registration)}")
    return registration, place


def test_a_household_with_a_place_sees_its_code_for_the_door(client, app, opened):
    registration, place = opened

    page = visit(client, place)

    with app.test_request_context():
        drawn = str(routes.door_qr(registration))
    assert "Für den Einlass" in page.text
    assert drawn in page.response.text
    assert 'role="img"' in drawn
    # It is in the drawing alone.
    assert day.door_mark(registration) not in page.response.text


def test_without_a_place_there_is_no_code_for_the_door(client, opened):
    registration, place = opened
    registrations.cancel(registration)

    assert "Für den Einlass" not in visit(client, place).text
