"""A conference with contributions, and somebody who makes recommendations of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.models import Conference, Host, StaffRole, Translated
from tests import make
from tests.browse import Page, visit
from tests.visitor import Visitor

Open = Callable[..., Page]
BASE = "/verwaltung/stadt/konferenz/empfehlungen"


@pytest.fixture
def host(app: object) -> Host:
    """A host."""
    return make.host("stadt")


@pytest.fixture
def conference(host: Host) -> Conference:
    """A public conference, with a role that answers."""
    return make.conference(host, key="konferenz", title=Translated("Konferenz"), contact_role="Sozialplanung")


@pytest.fixture
def organizer(client: Visitor, host: Host) -> Visitor:
    """A visitor who is signed in as an organizer of the host."""
    make.sign_in(client, make.staff_member(StaffRole.ORGANIZER, host))
    return client


@pytest.fixture
def opened(organizer: Visitor, conference: Conference) -> Open:
    """Open a page of the desk: `opened("edit", recommendation=1)`."""

    def open_page(endpoint: str, *, status: int | None = 200, **parts: Any) -> Page:
        return visit(
            organizer,
            f"recommendations.{endpoint}",
            host="stadt",
            conference="konferenz",
            status=status,
            **parts,
        )

    return open_page
