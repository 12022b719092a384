"""The door of a conference today, and who stands at it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.database import now
from app.models import StaffRole
from tests import make
from tests.visitor import Visitor


@pytest.fixture
def conference(app):
    """A conference with a venue that has begun an hour ago."""
    host = make.host()
    return make.conference(
        host, venue_id=make.venue(host).id, starts_at=now() - timedelta(hours=1), capacity=20, walk_in_quota=2
    )


@pytest.fixture
def helper(client, conference):
    """A browser in which a helper of the host is signed in."""
    make.sign_in(client, make.staff_member(StaffRole.HELPER, conference.host))
    return client


@pytest.fixture
def somebody_else(app, conference):
    """Another browser, with another helper."""
    browser = Visitor(app)
    make.sign_in(browser, make.staff_member(StaffRole.HELPER, conference.host, email="zwei@stadt.example"))
    return browser


@pytest.fixture
def base(conference):
    """Where the pages of the day begin."""
    return f"/verwaltung/{conference.host.key}/{conference.key}/tag"
