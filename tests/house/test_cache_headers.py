"""What may be kept, by whom and for how long: public pages until they change, personal ones never."""

import gzip
import secrets
from datetime import timedelta

import pytest

from app.database import now
from app.domain import day
from app.domain.registrations import Person
from tests import make, tour
from tests.visitor import Visitor

# The same for all readers. Every other page has a form or is somebody's own.
FOR_EVERYBODY = {
    "public.start",
    "public.host",
    "public.imprint",
    "public.privacy",
    "conferences.show",
    "conferences.programme",
    "conferences.groups",
    "conferences.group",
    "conferences.calendar",
    "conferences.feed",
    "conferences.subscribe",
    "feedback.contributions",
    "feedback.contribution",
    "recommendations.results",
    "recommendations.recommendation",
    "editions.editions",
    "editions.edition",
    "editions.file",
}
# Files under an address that names their version, and what says nothing about anybody.
FILES = {"public.colours", "public.logo", "public.robots", "public.health"}


def of(answer, name):
    return answer.headers.get(name, "")


def test_pages_for_everybody_may_be_kept_and_carry_no_cookie(app, town):
    stranger, signed_in = Visitor(app), town.hold(town.sign_in(Visitor(app)))

    seen = set()
    for stop in tour.stops(app, town):
        if stop.endpoint not in FOR_EVERYBODY:
            continue
        seen.add(stop.endpoint)
        for prefix in ("", "/ar"):
            answer = stranger.get(prefix + stop.address)
            again = stranger.get(prefix + stop.address, headers={"If-None-Match": of(answer, "ETag")})
            assert (answer.status_code, of(answer, "Cache-Control")) == (200, "public, no-cache"), stop
            assert of(answer, "ETag"), stop
            assert (again.status_code, again.data) == (304, b""), stop
            for each in (answer, again):
                assert of(each, "Set-Cookie") == "", stop
                assert "cookie" not in of(each, "Vary").lower(), stop
        # Not even somebody who is known gets another page.
        assert signed_in.get(stop.address).data == stranger.get(stop.address).data, stop

    assert seen == FOR_EVERYBODY


def test_all_other_pages_are_kept_nowhere(app, town, clients):
    kept = {
        stop.endpoint: of(answer, "Cache-Control")
        for stop in tour.stops(app, town)
        if stop.endpoint not in FOR_EVERYBODY | FILES
        and of(answer := clients[stop.who].get(stop.address), "Cache-Control") != "no-store"
    }

    assert kept == {}


def test_answers_to_posts_and_errors_are_kept_nowhere(app, town, clients):
    answers = [
        clients["everybody"].get("/gibt-es-nicht/"),
        clients["everybody"].get(f"/{town.parts['host']}/{town.draft}/"),
        clients["everybody"].post(f"/{town.parts['host']}/meine-anmeldung", data={"code": "falsch"}),
        clients["everybody"].get("/verwaltung/"),
    ]

    assert [(answer.status_code, of(answer, "Cache-Control")) for answer in answers] == [
        (404, "no-store"),
        (404, "no-store"),
        (422, "no-store"),
        (302, "no-store"),
    ]


def test_static_files_are_kept_for_years(app, town):
    stranger = Visitor(app)
    page = stranger.get("/").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]

    with stranger.get(address) as answer:
        assert address.startswith("/static/")
        assert (answer.status_code, of(answer, "Set-Cookie")) == (200, "")
        assert of(answer, "Cache-Control") == "max-age=315360000, public, immutable"


def test_colours_and_logo_are_kept_under_the_address_of_their_version(app, town):
    stranger = Visitor(app)

    for name in ("farben.css", "logo.png"):
        address = f"/{town.parts['host']}/{name}"
        version = stranger.get(f"/{town.parts['host']}/").text.partition(f"{name}?v=")[2].partition('"')[0]
        current, plain = stranger.get(f"{address}?v={version}"), stranger.get(address)
        assert (current.status_code, of(current, "Cache-Control")) == (
            200,
            "public, max-age=31536000, immutable",
        )
        assert of(plain, "Cache-Control") == "public, no-cache"
        assert of(stranger.get(f"{address}?v=0"), "Cache-Control") == "public, no-cache"


@pytest.fixture
def conference(app):
    return make.conference(languages=["de", "ar"])


@pytest.fixture
def address(conference):
    return f"/{conference.host.key}/{conference.key}/"


def test_a_seat_that_is_taken_shows_at_once(app, conference, address):
    group_round = make.group_round(conference, capacity=2)
    stranger = Visitor(app)
    pages = [f"{address}arbeitsgruppen", f"{address}arbeitsgruppen/1"]
    before = {page: stranger.get(page) for page in pages}

    make.registration(conference, group_round)

    for page in pages:
        after = stranger.get(page, headers={"If-None-Match": of(before[page], "ETag")})
        assert after.status_code == 200, page
        assert of(after, "ETag") != of(before[page], "ETag"), page
        assert after.text != before[page].text, page


def test_the_last_place_that_is_taken_shows_at_once(app):
    conference = make.conference(capacity=1)
    address = f"/{conference.host.key}/{conference.key}/"
    stranger = Visitor(app)
    before = stranger.get(address).text

    make.registration(conference)

    assert ["Alle Plätze sind vergeben" in page for page in (before, stranger.get(address).text)] == [
        False,
        True,
    ]


def test_the_end_of_registration_shows_at_its_second(app, clock, conference, address):
    closing = make.conference(registration_closes_at=make.at("2026-03-02 12:30"))
    page = f"/{closing.host.key}/{closing.key}/"
    stranger = Visitor(app)
    before = stranger.get(page)

    clock.move_to(make.at("2026-03-02 12:29:59"))
    just_before = stranger.get(page)
    clock.move_to(make.at("2026-03-02 12:30"))
    after = stranger.get(page)

    assert just_before.data == before.data
    assert "Die Anmeldefrist ist vorbei" not in before.text
    assert "Die Anmeldefrist ist vorbei" in after.text


def test_another_conference_leaves_the_kept_page_alone(app, conference, address):
    other = make.conference(conference.host)
    stranger = Visitor(app)
    before = stranger.get(address)

    make.registration(other)

    assert stranger.get(address, headers={"If-None-Match": of(before, "ETag")}).status_code == 304


def test_languages_and_hosts_are_kept_apart(app, conference, address):
    stranger = Visitor(app)

    first = [stranger.get(address), stranger.get(f"/ar{address}")]
    second = [stranger.get(address), stranger.get(f"/ar{address}")]

    for answers in (first, second):
        assert ['lang="de" dir="ltr"' in answers[0].text, 'lang="ar" dir="rtl"' in answers[1].text] == [
            True,
            True,
        ]
        assert of(answers[0], "ETag") != of(answers[1], "ETag")


def test_a_packed_page_is_the_same_page(app, conference, address):
    stranger = Visitor(app)

    plain, packed = (
        stranger.get(address, headers={"Accept-Encoding": code}) for code in ("identity", "gzip")
    )

    assert gzip.decompress(packed.data) == plain.data
    assert (of(plain, "Content-Encoding"), of(packed, "Content-Encoding")) == ("", "gzip")
    assert of(plain, "ETag") != of(packed, "ETag")
    assert of(plain, "Vary") == of(packed, "Vary") == "Accept-Encoding"


def test_what_is_not_public_any_more_is_gone_at_once(app, conference, address):
    from app.domain import lifecycle

    stranger = Visitor(app)
    assert stranger.get(address).status_code == 200

    lifecycle.withdraw(conference)

    assert now() < conference.starts_at
    assert stranger.get(address).status_code == 404


def test_letting_people_in_leaves_the_kept_pages_alone(app):
    conference = make.conference(capacity=3, starts_at=now() + timedelta(hours=1))
    address = f"/{conference.host.key}/{conference.key}/arbeitsgruppen"
    group_round = make.group_round(conference)
    guest = make.registration(conference, group_round)
    team = make.staff_member(of=conference.host)
    people = [person.id for person in guest.participants]
    stranger = Visitor(app)
    before = stranger.get(address)

    def is_kept():
        return stranger.get(address, headers={"If-None-Match": of(before, "ETag")}).status_code == 304

    day.check_in(conference, people, group_round=group_round, by=team)
    assert is_kept()
    day.undo(conference, people)
    assert is_kept()
    # Whoever comes without having registered takes a place, and that shows.
    form = secrets.token_urlsafe(24)
    day.walk_in(conference, [Person(groups={1: group_round.id})], submission=form, by=team)
    assert not is_kept()
