"""The pages of the conference editor: who may open them, and what they show."""

from __future__ import annotations

import pytest

from app.database import db
from app.models import Conference, ConferenceStatus, StaffRole
from tests import make
from tests.browse import visit
from tests.visitor import Visitor

PAGES = [
    "manage",
    "copy",
    "edit_texts",
    "edit_schedule",
    "edit_venue",
    "add_venue",
    "edit_programme",
    "add_item",
    "edit_groups",
    "add_group",
    "edit_places",
    "preview",
    "preview_programme",
    "preview_groups",
]


@pytest.mark.parametrize("endpoint", PAGES)
def test_page_of_a_full_draft_opens_and_is_not_kept(client: Visitor, endpoint: str) -> None:
    host = make.host()
    venue = make.venue(host)
    conference = make.conference(host, status=ConferenceStatus.DRAFT, venue_id=venue.id, languages=["de", "ar"])
    make.agenda_round(conference, 1)
    make.group(conference)
    make.sign_in(client, make.staff_member(StaffRole.ORGANIZER, host))

    page = visit(client, f"conferences.{endpoint}", host=host.key, conference=conference.key)

    assert page.response.headers["Cache-Control"] == "no-store"
    assert db.session.get_one(Conference, conference.id).version == 1
