"""A conference with somebody who works for it."""

from __future__ import annotations

import pytest
from flask import Flask

from app.models import Conference, Host, StaffMember, StaffRole
from tests import make
from tests.visitor import Visitor


@pytest.fixture
def host(app: Flask) -> Host:
    return make.host(name="Stadt Beispiel", key="beispiel")


@pytest.fixture
def conference(host: Host) -> Conference:
    return make.conference(host, key="konferenz", capacity=10)


@pytest.fixture
def organizer(host: Host) -> StaffMember:
    return make.staff_member(StaffRole.ORGANIZER, host)


@pytest.fixture
def staff_client(client: Visitor, organizer: StaffMember) -> Visitor:
    make.sign_in(client, organizer)
    return client
