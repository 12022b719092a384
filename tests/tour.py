"""All pages there are, read off the routes: a page nobody knows how to open fails the tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask, url_for
from werkzeug.routing import Rule

from app.policies import FOR_STAFF, Permission
from tests.town import Town

# Files, not pages.
NO_PAGES = {
    "public.colours",
    "public.logo",
    "public.robots",
    "public.health",
    "conferences.calendar",
    "conferences.feed",
    "signup.calendar",
    "day.print_pack_file",
    "editions.file",
    "editions.progress",
    "signup.allocation_progress",
    "messages.letters_file",
    "messages.letter_file",
    "signup.import_template",
    "signup.import_errors",
    "signup.import_letters",
}
# Opening a personal link leads to the registration.
LEAD_ON = {"signup.open_link"}


@dataclass(frozen=True)
class Stop:
    """An address that can be opened, and who can: everybody, a holder or author (with a code), staff."""

    endpoint: str
    address: str
    who: str

    @property
    def is_page(self) -> bool:
        return self.endpoint not in NO_PAGES | LEAD_ON

    @property
    def is_for_residents(self) -> bool:
        return self.who != "staff" and not self.address.startswith("/verwaltung")


def stops(app: Flask, town: Town) -> list[Stop]:
    """Every route that answers GET, with the rows of `town`."""
    return [
        Stop(rule.endpoint, address(app, rule, town), who(app, rule.endpoint))
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    ]


def pages(app: Flask, town: Town) -> list[Stop]:
    """The stops that are pages."""
    return [stop for stop in stops(app, town) if stop.is_page]


def posts(app: Flask, town: Town) -> Iterator[Stop]:
    """Every route that answers POST."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            yield Stop(rule.endpoint, address(app, rule, town), who(app, rule.endpoint))


def address(app: Flask, rule: Rule, town: Town, **other: Any) -> str:
    """The address of a route with the rows of `town`; `other` replaces parts of it."""
    with app.test_request_context():
        return url_for(rule.endpoint, **(values_of(rule, town) | other))


def values_of(rule: Rule, town: Town) -> dict[str, Any]:
    """What `town` puts into the address."""
    known = town.parts | {name: town.parts[meant] for name, meant in OTHERWISE.get(rule.endpoint, {}).items()}
    missing = rule.arguments - set(known) - set(rule.defaults or ())
    assert not missing, f"{rule.endpoint} ({rule.rule}): tests/tour.py knows no value for {sorted(missing)}"
    return {name: known[name] for name in rule.arguments}


def who(app: Flask, endpoint: str) -> str:
    """Who opens it."""
    permission, _model = app.view_functions[endpoint].access  # type: ignore[attr-defined]  # set by @requires
    if permission in FOR_STAFF:
        return "staff"
    if permission is Permission.USE_REGISTRATION:
        return "holder"
    if permission is Permission.USE_CONTRIBUTION:
        return "author"
    return "everybody"


# Arguments that mean something else in single routes.
OTHERWISE: dict[str, dict[str, str]] = {
    "messages.letter_file": {"message": "letter_message"},
    "signup.open_link": {"token": "link"},
    "signup.invited": {"token": "reply_link"},
    "feedback.correct_card": {"contribution": "card"},
    "recommendations.take_step": {"step": "recommendation_step"},
    "recommendations.remove": {"recommendation": "draft_recommendation"},
}
