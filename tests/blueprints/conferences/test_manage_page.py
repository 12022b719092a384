"""Saving in the conference editor when the ground is pulled away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, g
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.exceptions import NotFound

from app.domain import conferences, lifecycle, programme
from app.models import AgendaItem, Conference
from app.web.fields import EditForm
from app.web.saving import saved
from tests.blueprints.conferences.conftest import Open
from tests.visitor import Visitor


def nothing() -> tuple[dict[str, object], str]:
    return {}, ""


def test_saved_of_a_conference_that_goes_at_this_moment_is_not_found(
    app: Flask, conference: Conference
) -> None:
    def act() -> None:
        lifecycle.remove(conference)
        conferences.edit(Conference(id=g.removed, host_id=1), {"motto": "Zu spät"})

    with app.test_request_context():
        g.conference, g.removed = conference, conference.id
        form = EditForm()
        with pytest.raises(NotFound):
            saved(form, act, nothing)


def test_saved_of_a_part_that_goes_at_this_moment_keeps_the_form(app: Flask, conference: Conference) -> None:
    gone = AgendaItem(id=4711)
    set_committed_value(gone, "conference", conference)

    with app.test_request_context():
        g.conference = conference
        form = EditForm()
        assert saved(form, lambda: programme.remove(gone), nothing) is False
        assert form.form_errors == ["Das gibt es nicht oder nicht mehr."]


@pytest.fixture
def with_tokens(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def test_buttons_without_their_token_say_so(
    organizer: Visitor, opened: Open, conference: Conference, with_tokens: None
) -> None:
    venue = conference.venue_id
    for address in (
        "/verwaltung/stadt/konferenz/ablauf/reihenfolge",
        f"/verwaltung/stadt/konferenz/ort/{venue}/loeschen",
    ):
        assert organizer.post(address, data={"order": "1"}).status_code == 303
        assert "Bitte senden Sie das Formular noch einmal ab." in opened("edit_venue").text
