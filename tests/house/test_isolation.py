"""Hosts are apart: what belongs to one cannot be seen, named or changed from another."""

import itertools

import pytest

from tests import tour
from tests import town as towns
from tests.browse import Form, values, visit
from tests.town import stored
from tests.visitor import Visitor


@pytest.fixture
def other(app, town):
    """A second town; numbers of its groups and ids are others than those of the first."""
    return towns.build("Suedkreuz", first=21)


def rules(app):
    """Every route and method, with what a stranger would use it for."""
    for rule in app.url_map.iter_rules():
        for method in ("GET", "POST"):
            if method in rule.methods:
                yield rule, method


def tells(answer, town):
    return town.word.lower() in (answer.text + str(answer.headers)).lower()


def names_people(answer, town):
    """Residents of a public conference, which may be named itself."""
    return f"aus {town.word}" in answer.text or f"Verein {town.word}" in answer.text


def test_foreign_rows_are_not_found_below_ones_own_address(app, town, clients, other):
    before = stored()

    asked, wrong = 0, []
    for rule, method in rules(app):
        foreign = [
            name
            for name in rule.arguments
            # A round or a format by itself names no row: it is part of what a group or an edition is asked for.
            if name
            not in ("host", "step", "token", "language", "code", "kind_slug", "round_number", "format")
        ]
        if not foreign:
            continue
        for count in range(1, len(foreign) + 1):
            for names in itertools.combinations(foreign, count):
                place = tour.values_of(rule, town) | {
                    name: tour.values_of(rule, other)[name] for name in names
                }
                answer = clients[tour.who(app, rule.endpoint)].open(
                    tour.address(app, rule, town, **place), method=method
                )
                asked += 1
                # Roles that are not here are "taken back already": nothing is said about anybody.
                fine = answer.status_code in (403, 404) or (
                    rule.endpoint in ALREADY and answer.status_code == 302
                )
                if not fine or tells(answer, other):
                    wrong.append((rule.endpoint, method, names, answer.status_code))

    assert wrong == []
    assert asked > 60
    assert stored() == before


ALREADY = {"public.remove_from_team", "signup.remove_person"}


def test_staff_of_one_host_are_refused_on_every_page_of_another(app, town, clients, other):
    before = stored()

    asked, wrong = 0, []
    for rule, method in rules(app):
        if tour.who(app, rule.endpoint) != "staff" or "host" not in rule.arguments:
            continue
        answer = clients["staff"].open(tour.address(app, rule, other), method=method)
        asked += 1
        if answer.status_code != 403 or tells(answer, other):
            wrong.append((rule.endpoint, method, answer.status_code))

    assert wrong == []
    assert asked > 30
    assert stored() == before


def test_a_code_opens_nothing_at_another_host(app, town, clients, other):
    before = stored()

    for rule, method in rules(app):
        who = tour.who(app, rule.endpoint)
        if who in ("holder", "author"):
            answer = clients[who].open(tour.address(app, rule, other), method=method)
            assert (answer.status_code, names_people(answer, other)) == (404, False), rule

    for endpoint, code in (
        ("signup.enter_code", other.code),
        ("feedback.enter_code", other.contribution_code),
    ):
        page = visit(Visitor(app), endpoint, host=town.parts["host"])
        assert not tells(page.form().send(code=code, status=422).response, other)
    assert stored() == before


def test_nobody_sees_a_page_of_staff_without_signing_in(app, town):
    before = stored()
    stranger = Visitor(app)

    for rule, method in rules(app):
        if tour.who(app, rule.endpoint) != "staff":
            continue
        answer = stranger.open(tour.address(app, rule, town), method=method)
        assert answer.status_code == 302, rule
        assert answer.location.startswith("/verwaltung/anmelden?weiter="), rule
        assert not tells(answer, town), rule

    assert stored() == before


def test_a_draft_does_not_exist_for_residents(app, town):
    stranger = Visitor(app)

    for rule, method in rules(app):
        if "conference" in rule.arguments and tour.who(app, rule.endpoint) == "everybody":
            answer, missing = (
                stranger.open(tour.address(app, rule, town, conference=key), method=method)
                for key in (town.draft, "gibt-es-nicht")
            )
            assert (answer.status_code, tells(answer, town)) == (404, False), rule
            # Not even that it is there: the page is that of an address that never was.
            assert answer.text.replace(town.draft, "gibt-es-nicht") == missing.text, rule


def test_forms_do_not_take_rows_of_another_host(app, town, clients, other):
    """Wherever a form of staff or residents names a row, the rows of the other host are tried."""
    foreign = sorted({str(number) for numbers in other.ids.values() for number in numbers})
    before = rows_of(other.host_id)

    tried, wrong = set(), []
    for stop in tour.pages(app, town):
        if stop.endpoint in ("accounts.accept_invitation",):
            continue
        page = visit(clients[stop.who], stop.address)
        for element in page.one("main").iter("form"):
            if element.get("method") != "post":
                continue
            form = Form(page, element, dict(values(element)))
            for name in naming(element):
                tried.add((stop.endpoint, name))
                for number in foreign:
                    answer = form.send({name: number}, status=None)
                    if tells(answer.response, other) or answer.status >= 500:
                        wrong.append((stop.endpoint, name, number, answer.status))

    assert wrong == []
    assert len(tried) > 5
    assert rows_of(other.host_id) == before


def naming(form):
    """Names of the fields of a form whose values are numbers of rows."""
    found = set()
    for control in form.iter():
        if control.tag == "select":
            offered = [option.get("value", "") for option in control.iter("option")]
        elif control.tag == "input" and control.get("type") in ("radio", "checkbox", "hidden"):
            offered = control.get("value", "").split(",")
        else:
            continue
        if any(value.isdecimal() for value in offered):
            found.add(control.get("name"))
    return sorted(found)


def rows_of(host_id):
    """All rows of a host."""
    from app.database import metadata

    found = {}
    for table in metadata.sorted_tables:
        columns = list(table.columns.keys())
        if "host_id" in columns:
            place = columns.index("host_id")
            found[table.name] = [row for row in stored()[table.name] if row[place] == host_id]
    return found
