"""Hosts and their settings."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.database import db, now
from app.domain import hosts, secrets
from app.domain.errors import ColourUnfit, HostKeyTaken, HostKeyUnfit, LowContrast, NotAPicture, NotFound
from app.models import AccessibilityFeedback, Host, HostKind, Message, MessageKind, Translated
from tests import make
from tests.domain.test_files import picture


def test_create_makes_a_host(app: Flask) -> None:
    host = hosts.create("stadt-am-see", "Stadt am See", HostKind.DISTRICT)

    assert (host.key, host.name, host.kind, host.is_demo) == (
        "stadt-am-see",
        "Stadt am See",
        HostKind.DISTRICT,
        False,
    )
    assert host.accent_colour == "#00615a"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "Rheine",
        "rheine!",
        "1stadt",
        "-stadt",
        "stadt-",
        "a--b",
        "mühle",
        "a/b",
        "x" * 61,
        "verwaltung",
        "ar",
    ],
)
def test_create_with_an_unfit_address_is_refused(app: Flask, key: str) -> None:
    with pytest.raises(HostKeyUnfit):
        hosts.create(key, "Stadt")

    assert db.session.scalar(select(Host)) is None


def test_create_with_a_taken_address_is_refused(app: Flask) -> None:
    hosts.create("rheine", "Stadt Rheine")

    with pytest.raises(HostKeyTaken, match="„rheine“"):
        hosts.create("rheine", "Andere Stadt")


def test_no_host_can_take_the_first_part_of_an_address_of_ours(app: Flask) -> None:
    """What a route begins with would hide a host of that name, or be hidden by it."""
    first = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    ours = {part.partition(".")[0] for part in first if part and "<" not in part}
    below_staff = {
        rule.rule.split("/")[2] for rule in app.url_map.iter_rules() if rule.rule.startswith("/verwaltung/")
    }

    assert ours | {part for part in below_staff if part and "<" not in part} <= hosts.RESERVED


def test_set_up_saves_and_raises_the_version(app: Flask) -> None:
    host = make.host()
    before = host.version

    hosts.set_up(host, name="Neue Stadt", welcome=Translated("Willkommen"))

    assert (host.name, str(host.welcome), host.version) == ("Neue Stadt", "Willkommen", before + 1)


def test_set_up_of_something_unknown_is_a_mistake_of_the_caller(app: Flask) -> None:
    with pytest.raises(ValueError, match="is_demo"):
        hosts.set_up(make.host(), is_demo=False)


@pytest.mark.parametrize(
    ("colour", "error"),
    [("#ffffff", LowContrast), ("#ffff00", LowContrast), ("#777777", LowContrast)]
    + [(colour, ColourUnfit) for colour in ("", "#fff", "red", "#12345g", "#1234567", "url(x)", "#00615a;")],
)
def test_set_up_with_an_unfit_colour_saves_nothing(app: Flask, colour: str, error: type[Exception]) -> None:
    host = make.host(name="Alte Stadt")

    with pytest.raises(error):
        hosts.set_up(host, name="Neue Stadt", accent_colour=colour)

    db.session.refresh(host)
    assert (host.name, host.accent_colour) == ("Alte Stadt", "#00615a")


@pytest.mark.parametrize("colour", ["#767676", "#000000", "#A3150D"])
def test_set_up_with_a_legible_colour_saves_it(app: Flask, colour: str) -> None:
    host = make.host()

    hosts.set_up(host, accent_colour=colour)

    assert host.accent_colour == colour


def test_set_up_with_an_unfit_logo_saves_nothing(app: Flask) -> None:
    host = make.host(name="Alte Stadt")

    with pytest.raises(NotAPicture):
        hosts.set_up(host, logo=("a.png", b"no picture"), name="Neue Stadt")

    db.session.refresh(host)
    assert (host.name, host.logo_id) == ("Alte Stadt", None)


def test_logo_is_set_and_taken_away(app: Flask) -> None:
    host = make.host()

    hosts.set_logo(host, "wappen.png", picture("JPEG"))
    assert (host.logo.media_type, host.logo.name) == ("image/png", "wappen.png")

    hosts.set_up(host, without_logo=True)
    assert host.logo_id is None


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    # From WCAG 2.2 and common tables.
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_that_of_wcag(first: str, second: str, ratio: float) -> None:
    assert round(hosts.contrast(first, second), 2) == ratio
    assert hosts.contrast(first, second) == hosts.contrast(second, first)


def test_missing_settings_are_those_the_legal_pages_need(app: Flask) -> None:
    host = hosts.create("neu", "Neue Stadt")
    assert tuple(hosts.missing_settings(host)) == hosts.NEEDED

    hosts.set_up(host, **{name: now().date() if name.endswith("_on") else "x" for name in hosts.NEEDED})

    assert hosts.missing_settings(host) == []


def test_barrier_is_kept_encrypted_and_told_to_the_host(app: Flask) -> None:
    host = make.host(email="stadt@stadt.example")

    hosts.tell_barrier(host, text="Stumm.", page="/x", contact="02000 777", submission="s" * 20)

    feedback = db.session.scalars(select(AccessibilityFeedback)).one()
    assert (feedback.text, feedback.page, secrets.decrypt(feedback.contact)) == ("Stumm.", "/x", "02000 777")
    assert "777" not in feedback.contact
    message = db.session.scalars(select(Message)).one()
    assert message.kind is MessageKind.ACCESSIBILITY_FEEDBACK
    assert secrets.decrypt(message.recipient) == "stadt@stadt.example"


def test_barrier_sent_twice_is_one(app: Flask) -> None:
    host, other = make.host(), make.host()

    for _ in range(2):
        hosts.tell_barrier(host, text="Stumm.", page="", contact="", submission="s" * 20)
    hosts.tell_barrier(other, text="Stumm.", page="", contact="", submission="s" * 20)

    assert db.session.scalar(select(func.count()).select_from(AccessibilityFeedback)) == 2


def test_barriers_are_listed_unanswered_and_oldest_first(app: Flask, clock: time_machine.Traveller) -> None:
    host = make.host()
    for text in ("erste", "zweite", "dritte"):
        hosts.tell_barrier(host, text=text, page="", contact="", submission=f"{text:-<20}")
        clock.shift(timedelta(minutes=1))

    hosts.mark_answered(host, hosts.barriers(host)[0].id)

    assert [entry.text for entry in hosts.barriers(host)] == ["zweite", "dritte", "erste"]


def test_answered_is_noted_once_and_at_its_own_host_only(app: Flask, clock: time_machine.Traveller) -> None:
    host, other = make.host(), make.host()
    hosts.tell_barrier(host, text="Stumm.", page="", contact="", submission="s" * 20)
    feedback = hosts.barriers(host)[0]
    with pytest.raises(NotFound):
        hosts.mark_answered(other, feedback.id)

    hosts.mark_answered(host, feedback.id)
    first = now()
    clock.shift(timedelta(days=1))
    hosts.mark_answered(host, feedback.id)

    assert feedback.answered_at == first
