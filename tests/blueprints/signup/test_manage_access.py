"""Who may open pages of staff about registrations."""

from __future__ import annotations

import pytest
from flask import Flask

from app.models import Conference, Host, StaffRole
from tests import make
from tests.visitor import Visitor

ADDRESSES = [
    "/verwaltung/beispiel/konferenz/anmeldungen",
    "/verwaltung/beispiel/konferenz/anmeldungen/neu",
    "/verwaltung/beispiel/konferenz/anmeldungen/{registration}",
    "/verwaltung/beispiel/konferenz/anmeldungen/{registration}/angaben",
    "/verwaltung/beispiel/konferenz/anmeldungen/{registration}/absagen",
    "/verwaltung/beispiel/konferenz/anmeldungen/{registration}/code",
    "/verwaltung/beispiel/konferenz/anmeldungen/{registration}/brief",
    "/verwaltung/beispiel/konferenz/nachrichten",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_are_for_those_who_work_here(
    app: Flask, conference: Conference, host: Host, address: str
) -> None:
    elsewhere = make.host()
    place = address.format(registration=make.registration(conference).id)
    expected = {
        "nobody": (None, 302),
        "organizer": (make.staff_member(StaffRole.ORGANIZER, host), 200),
        "host admin": (make.staff_member(StaffRole.HOST_ADMIN, host), 200),
        # They run the installation, and give nobody access to a household.
        "instance admin": (
            make.staff_member(StaffRole.INSTANCE_ADMIN),
            403 if address.endswith(("/code", "/brief")) else 200,
        ),
        "without a role": (make.staff_member(None), 403),
        "organizer elsewhere": (make.staff_member(StaffRole.ORGANIZER, elsewhere), 403),
        "host admin elsewhere": (make.staff_member(StaffRole.HOST_ADMIN, elsewhere), 403),
    }

    found = {}
    for who, (member, _status) in expected.items():
        visitor = Visitor(app)
        if member is not None:
            make.sign_in(visitor, member)
        found[who] = visitor.get(place).status_code

    assert found == {who: status for who, (_member, status) in expected.items()}


def test_pages_of_a_registration_elsewhere_do_not_exist(
    staff_client: Visitor, conference: Conference, host: Host
) -> None:
    foreign = make.registration(make.conference(make.host()), name="Geheim")
    neighbour = make.registration(make.conference(host), name="Nachbarkonferenz")

    for registration in (foreign, neighbour):
        for address in ADDRESSES[2:7]:
            answer = staff_client.get(address.format(registration=registration.id))
            assert answer.status_code == 404


def test_a_resident_with_a_code_sees_no_staff_page(
    app: Flask, client: Visitor, conference: Conference
) -> None:
    registration, code = make.registered(conference)
    client.post("/beispiel/meine-anmeldung", data={"code": code})

    answer = client.get(f"/verwaltung/beispiel/konferenz/anmeldungen/{registration.id}")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/verwaltung/anmelden")
