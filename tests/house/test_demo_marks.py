"""What is invented says so on every page and is kept from search engines; what is real is not."""

import pytest

from tests import make, tour
from tests import town as towns
from tests.browse import visit
from tests.visitor import Visitor

MARK = "Demo: erfunden"


def robots(page):
    return [meta.get("content") for meta in page.all("meta", name="robots")]


# Pages of the installation, not of a host. They are marked when nothing else is in it.
OF_NOBODY = {
    "public.start",
    "accounts.sign_in",
    "accounts.accept_invitation",
    "accounts.dashboard",
    "accounts.change_password",
}


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_page_of_a_demo_says_so(app, language):
    town = towns.build(is_demo=True)
    clients = towns.everybody(app, town)

    unmarked, open_to_search = [], []
    for stop in tour.pages(app, town):
        if stop.endpoint in OF_NOBODY or (language != "de" and not stop.is_for_residents):
            continue
        page = visit(clients[stop.who], stop.address, language=language)
        ribbons = page.all(class_="demo-ribbon")
        if len(ribbons) != 1 or (language == "de" and MARK not in page.everything):
            unmarked.append(stop.endpoint)
        if robots(page) != ["noindex"]:
            open_to_search.append(stop.endpoint)

    assert unmarked == []
    assert open_to_search == []


def test_no_page_of_a_real_host_says_so(app, town, clients):
    marked = [
        stop.endpoint
        for stop in tour.pages(app, town)
        if MARK in visit(clients[stop.who], stop.address).everything
    ]

    assert marked == []


# Found by search engines; all other pages are personal, a form, or work.
FOUND = {
    "public.start",
    "public.host",
    "public.imprint",
    "public.privacy",
    "public.accessibility",
    "conferences.show",
    "conferences.programme",
    "conferences.subscribe",
    "conferences.groups",
    "conferences.group",
    "recommendations.results",
    "editions.editions",
}


def test_search_engines_find_the_pages_for_everybody_and_no_others(app, town, clients):
    # What needs a code or a password cannot be found anyway.
    open_to_search = {
        stop.endpoint
        for stop in tour.pages(app, town)
        if stop.who == "everybody" and not robots(visit(clients[stop.who], stop.address))
    }

    assert open_to_search == FOUND


def test_a_demo_conference_at_a_real_host_is_marked(app):
    conference = make.conference(is_demo=True)
    client = Visitor(app)

    page = visit(client, "conferences.show", host=conference.host.key, conference=conference.key)
    host_page = visit(client, "public.host", host=conference.host.key)

    assert MARK in page.everything
    assert robots(page) == ["noindex"]
    assert robots(host_page) == []


def test_the_start_page_is_marked_where_there_are_only_demos(app):
    towns.build(is_demo=True)
    alone = visit(Visitor(app), "public.start")
    towns.build("Suedkreuz", first=21)
    beside_real_ones = visit(Visitor(app), "public.start")

    assert (MARK in alone.everything, robots(alone)) == (True, ["noindex"])
    assert (beside_real_ones.all(class_="demo-ribbon"), robots(beside_real_ones)) == ([], [])
