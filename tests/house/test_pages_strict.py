"""Every page is sound (tests/browse.py says what that means): in both languages, and with every form refused."""

from datetime import timedelta

import pytest

from app.database import db, now, transaction
from app.models import Conference, ConferenceStatus
from tests import tour
from tests.browse import Form, values, visit
from tests.town import stored

NASTY = "<b>fett</b> & \"doppelt\" 'einfach' \u202everkehrt\u202c 😀 עברית {{ 7*7 }} %(name)s\x00"

TOO_LONG = "ä" * 100_000


def unsound(stops, open_page):
    """What is wrong with each page: one bad page must not hide the others."""
    found = []
    for stop in stops:
        try:
            open_page(stop)
        except Exception as error:
            found.append(f"{stop.endpoint}: {type(error).__name__}: {error}")
    return "\n".join(found)


def test_every_page_is_sound(app, town, clients):
    assert unsound(tour.pages(app, town), lambda stop: visit(clients[stop.who], stop.address)) == ""


def test_every_page_of_residents_is_sound_in_arabic(app, town, clients):
    def open_page(stop):
        page = visit(clients[stop.who], stop.address, language="ar")
        root = page.one("html")
        assert (root.get("lang"), root.get("dir")) == ("ar", "rtl"), stop

    stops = [stop for stop in tour.pages(app, town) if stop.is_for_residents]

    assert len(stops) > 10
    assert unsound(stops, open_page) == ""


RESIDENT_PAGES = (
    "conferences.show",
    "conferences.programme",
    "conferences.groups",
    "conferences.group",
    "signup.register",
    "signup.done",
    "signup.mine",
    "signup.change_groups",
    "signup.cancel",
    "feedback.hand_in",
    "feedback.handed_in",
    "feedback.mine",
    "feedback.change",
    "feedback.withdraw",
    "feedback.contributions",
    "feedback.contribution",
    "feedback.report",
)


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_page_of_residents_is_sound_in_every_state_of_the_conference(app, town, clients, language):
    def open_page(stop):
        # A draft is hidden, and some pages lead on where there is nothing to do any more.
        page = visit(clients[stop.who], stop.address, language=language, status=None)
        assert page.status in (200, 302, 404), (stop, page.status)
        if page.status == 302:
            page.follow(None)

    stops = [stop for stop in tour.pages(app, town) if stop.endpoint in RESIDENT_PAGES]
    assert len(stops) == len(RESIDENT_PAGES)

    found, wanted = {}, {"status": ConferenceStatus.REGISTRATION_OPEN}
    past = {"starts_at": now() - timedelta(days=2), "ends_at": now() - timedelta(days=1)}
    for name, change in {
        **{status.value: {"status": status} for status in ConferenceStatus},
        "full": {**wanted, "capacity": 7, "walk_in_quota": 4},
        "not yet": {**wanted, "registration_opens_at": now() + timedelta(days=1)},
        "too late": {**wanted, "registration_opens_at": None, "registration_closes_at": now()},
        "past": {**wanted, **past},
    }.items():
        with transaction():
            conference = db.session.get_one(Conference, town.conference_id)
            conference.version += 1
            for attribute, value in change.items():
                setattr(conference, attribute, value)
        if wrong := unsound(stops, open_page):
            found[name] = wrong

    assert found == {}


def test_every_refused_form_is_sound(app, town, clients):
    before = stored()
    pages = {stop.endpoint: stop for stop in tour.pages(app, town)}

    def refuse(stop):
        page = visit(clients[stop.who], stop.address, data={}, status=None)
        if page.status not in (302, 303):
            assert page.status == 422, (stop, page.status)
            assert page.errors(), stop

    app.config["WTF_CSRF_ENABLED"] = True
    try:
        found = unsound([stop for stop in tour.posts(app, town) if stop.endpoint in pages], refuse)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert found == ""
    assert stored() == before


def test_hostile_text_is_shown_as_text_or_refused(app, town, clients):
    """In every field one can type in, once something nasty and once far too much of it."""

    def send(stop):
        page = visit(clients[stop.who], stop.address)
        for form in forms_of(page):
            typed = sorted(set(form.values) & text_fields(form))
            for name in typed:
                # Read as text: parsing a page of that length is slow, and a journey does it.
                answer = page.client.post(page.address, data={**form.values, name: TOO_LONG})
                if answer.status_code == 429 and stop.endpoint in SLOWED:
                    continue
                assert answer.status_code == 422, (stop, name)
                assert f'id="{name}-error"' in answer.text, (stop, name)
            if typed:
                answer = form.send(dict.fromkeys(typed, NASTY), status=None)
                assert answer.status in (302, 303, 422, 429), (stop, answer.status)
                if answer.status in (302, 303):
                    answer.follow(None)

    pages = tour.pages(app, town)
    with_forms = {stop.endpoint for stop in tour.posts(app, town)}

    assert unsound([stop for stop in pages if stop.endpoint in with_forms], send) == ""
    # And every page that shows what was stored since.
    assert unsound(pages, lambda stop: visit(clients[stop.who], stop.address, status=None)) == ""


# Guesses cost time: after a wrong one the next answer is "please wait".
SLOWED = {"signup.enter_code", "accounts.sign_in", "accounts.change_password"}


def forms_of(page):
    return [
        Form(page, element, dict(values(element)))
        for element in page.one("main").iter("form")
        if element.get("method") == "post" and not element.get("action")
    ]


def text_fields(form):
    # What depends on another answer is not read until that is given.
    unread = {
        control
        for part in form.element.iter()
        if part.get("data-show-if") is not None
        for control in part.iter()
    }
    return {
        control.get("name")
        for control in form.element.iter()
        if control not in unread
        and (
            control.tag == "textarea"
            or (control.tag == "input" and control.get("type", "text") in ("text", "search", "email", "tel"))
        )
    }
