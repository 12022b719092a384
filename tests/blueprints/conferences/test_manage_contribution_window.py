"""The time for contributions: from when until when, opened and closed at once; and the step into documentation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.database import db
from app.domain import conferences, lifecycle
from app.models import Conference, ConferenceStatus
from tests import make
from tests.blueprints.conferences.conftest import START, Open
from tests.browse import Page
from tests.visitor import Visitor

SWITCH = "/verwaltung/stadt/konferenz/termin/beitraege/jetzt"


def window(conference: Conference) -> tuple[datetime | None, datetime | None]:
    db.session.expire_all()
    return conference.contributions_open_at, conference.contributions_close_at


def send(page: Page, **values: str) -> Page:
    return page.form(page.address).send(**values)


def test_window_is_saved_in_local_time(opened: Open, conference: Conference) -> None:
    page = opened("edit_contribution_window")
    assert "nicht öffentlich" in page.text

    answer = send(
        page, opens_day="2026-04-01", opens_time="08:00", closes_day="31.05.2026", closes_time="", status=303
    )

    assert "Die Zeit für Beiträge ist gespeichert." in answer.follow().text
    assert window(conference) == (
        datetime(2026, 4, 1, 6, tzinfo=UTC),
        datetime(2026, 5, 31, 21, 59, tzinfo=UTC),
    )
    assert opened("edit_contribution_window").form(page.address).values["opens_time"] == "08:00"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"closes_day": "2026-05-01"}, "opens_day"),
        ({"opens_day": "2026-05-02", "closes_day": "2026-05-01"}, "closes_day"),
        ({"opens_day": "32.13.2026"}, "opens_day"),
        ({"opens_time": "08:00"}, "opens_time"),
        ({"opens_day": "2026-03-29", "opens_time": "02:30"}, "opens_time"),
    ],
)
def test_window_that_cannot_be_is_refused(
    opened: Open, conference: Conference, typed: dict[str, str], field: str
) -> None:
    page = send(opened("edit_contribution_window"), **typed, status=422)

    assert page.errors().keys() == {field}
    assert window(conference) == (None, None)


def test_window_changed_by_somebody_else_shows_both(opened: Open, conference: Conference) -> None:
    page = opened("edit_contribution_window")
    conferences.set_contribution_window(conference, START, None)

    refused = send(page, opens_day="2026-06-01", status=422)

    assert "01.06.2026 07.05.2026" in refused.text


def test_window_opens_and_closes_by_a_button(opened: Open, conference: Conference, clock: object) -> None:
    lifecycle.publish(conference)
    page = opened("edit_contribution_window")
    assert "keine Beiträge im Internet" in page.text

    after = page.form(SWITCH).send().follow()
    assert "Ab jetzt kann man Beiträge abgeben." in after.text
    assert window(conference) == (datetime(2026, 3, 2, 12, tzinfo=UTC), None)

    assert "Ab jetzt kann niemand mehr selbst" in after.form(SWITCH).send().follow().text
    assert window(conference) == (None, None)


def test_schedule_leads_to_the_time_for_contributions(opened: Open, conference: Conference) -> None:
    links = opened("edit_schedule").links()

    assert "/verwaltung/stadt/konferenz/termin/beitraege" in links.values()


def test_documentation_begins_by_a_step_once_the_conference_has_begun(
    opened: Open, client: Visitor, conference: Conference, clock: time_machine.Traveller
) -> None:
    lifecycle.publish(conference)
    assert "Mit der Dokumentation beginnen" not in opened("manage").links()
    refused = opened("change_status", step="dokumentieren").form().send(status=422)
    assert "Die Konferenz hat noch nicht begonnen." in refused.errors()[""]
    clock.move_to(START + timedelta(hours=1))
    make.sign_in(client, make.staff_member(of=conference.host))
    assert "Mit der Dokumentation beginnen" in opened("manage").links()

    after = opened("change_status", step="dokumentieren").form().send().follow()

    assert "Die Konferenz ist jetzt in Dokumentation." in after.text
    db.session.expire_all()
    assert conference.status is ConferenceStatus.IN_DOCUMENTATION
