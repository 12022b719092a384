"""A draft, and somebody who plans it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.models import Conference, ConferenceStatus, Host, StaffRole, Translated
from tests import make
from tests.browse import Page, visit
from tests.visitor import Visitor

START = datetime(2026, 5, 7, 15, tzinfo=UTC)

Open = Callable[..., Page]


@pytest.fixture
def host(app: object) -> Host:
    """A host that lacks nothing."""
    return make.host("stadt", represented_by="Bürgermeisterin oder Bürgermeister")


@pytest.fixture
def conference(host: Host, clock: object) -> Conference:
    """A draft from 17 to 21 o'clock that could be published, without programme and groups."""
    return make.conference(
        host,
        key="konferenz",
        title=Translated("Konferenz"),
        status=ConferenceStatus.DRAFT,
        starts_at=START,
        ends_at=START + timedelta(hours=4),
        venue_id=make.venue(host, name="Rathaus").id,
        teaser=Translated("Wir reden über unsere Stadt."),
    )


@pytest.fixture
def organizer(client: Visitor, host: Host, clock: object) -> Visitor:
    """A visitor who is signed in as an organizer of the host."""
    make.sign_in(client, make.staff_member(StaffRole.ORGANIZER, host))
    return client


@pytest.fixture
def opened(organizer: Visitor, conference: Conference) -> Open:
    """Open a page of the editor: `opened("edit_texts")`."""

    def open_page(endpoint: str, *, status: int | None = 200, **parts: Any) -> Page:
        return visit(
            organizer, f"conferences.{endpoint}", host="stadt", conference="konferenz", status=status, **parts
        )

    return open_page
