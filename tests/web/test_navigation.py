"""The side navigation of staff pages: parts, who sees which, and the page one is on."""

from __future__ import annotations

import pytest
from flask import Flask

from app.models import Conference, StaffRole
from app.policies import FOR_STAFF
from app.web import navigation
from tests import make
from tests.browse import Page, visit, words
from tests.tour import NO_PAGES
from tests.visitor import Visitor

REGISTRATION = ["Anmeldungen", "Neue Anmeldung", "Einladungen", "Unterstützung", "Nachrichten"]
DAY = ["Tag der Konferenz"]


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference(make.host(key="beispiel"), key="konferenz")


def page(client: Visitor, conference: Conference, role: StaffRole) -> Page:
    make.sign_in(client, make.staff_member(role, conference.host))
    return visit(client, "signup.registrations", host="beispiel", conference="konferenz")


def parts_of(page: Page) -> dict[str, list[str]]:
    """The links of the side navigation by the words of their part."""
    side = page.one("nav", class_="side")
    named = {element.get("id"): words(element) for element in side.iter() if element.get("id")}
    return {
        named[listed.get("aria-labelledby")]: [words(link) for link in listed.iter("a")]
        for listed in side.iter("ul")
    }


def test_parts_stand_in_the_order_of_a_conference(client: Visitor, conference: Conference) -> None:
    found = parts_of(page(client, conference, StaffRole.ORGANIZER))

    assert list(found) == ["Vorbereiten", "Anmeldung", "Am Tag", "Beiträge", "Ergebnisse"]
    assert found["Am Tag"] == DAY
    assert set(REGISTRATION) <= set(found["Anmeldung"])
    # Each page stands in one part.
    links = [link for listed in found.values() for link in listed]
    assert len(links) == len(set(links)) == sum(len(entries) for _words, entries in navigation.OF_CONFERENCE)


def test_parts_with_nothing_to_do_are_left_out(client: Visitor, conference: Conference) -> None:
    found = parts_of(page(client, conference, StaffRole.HELPER))

    assert list(found) == ["Anmeldung", "Am Tag"]
    assert set(found["Anmeldung"]) == set(REGISTRATION) - {"Einladungen"}
    assert found["Am Tag"] == DAY


def test_the_closed_navigation_says_where_one_is(client: Visitor, conference: Conference) -> None:
    shown = page(client, conference, StaffRole.ORGANIZER)

    assert words(shown.one("summary")) == "Anmeldungen: alle Bereiche zeigen"
    assert [words(link) for link in shown.all("a", **{"aria-current": "page"})] == ["Anmeldungen"]


def test_pages_of_the_host_have_one_part_without_words(client: Visitor, conference: Conference) -> None:
    make.sign_in(client, make.staff_member(StaffRole.HOST_ADMIN, conference.host))

    shown = visit(client, "public.settings", host="beispiel")

    (listed,) = shown.one("nav", class_="side").iter("ul")
    assert listed.get("aria-labelledby") is None
    assert [words(link) for link in listed.iter("a")] == [
        "Einstellungen",
        "Team",
        "Gemeldete Barrieren",
        "Löschfristen",
        "Neue Konferenz",
    ]


def test_every_page_of_a_conference_stands_somewhere_in_it(app: Flask) -> None:
    known = {entry[1] for _words, entries in navigation.OF_CONFERENCE for entry in entries}
    staff = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.rule.startswith("/verwaltung/<host>/<conference>")
        and app.view_functions[rule.endpoint].access[0] in FOR_STAFF  # type: ignore[attr-defined]
    }

    lost = {
        endpoint for endpoint in staff - NO_PAGES if navigation.BENEATH.get(endpoint, endpoint) not in known
    }

    assert lost == set()
