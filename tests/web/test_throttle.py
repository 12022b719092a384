"""Slower with each wrong try, and who is told apart from whom."""

import pytest
from flask import session

from app.web.throttle import ADDRESS_FREE, FORGET_AFTER, Throttle


@pytest.fixture
def throttle(clock):
    return Throttle()


def visit(app, address="192.0.2.1", browser="a"):
    context = app.test_request_context(environ_base={"REMOTE_ADDR": address})
    context.push()
    if browser:
        session["csrf_token"] = browser
    return context


def waits(app, throttle, tries, **who):
    found = []
    for _ in range(tries):
        with visit(app, **who):
            found.append(throttle.wait_seconds("code"))
            throttle.failed("code")
    return found


def test_each_wrong_try_of_a_browser_takes_longer(app, throttle):
    assert waits(app, throttle, 6) == [0, 1, 2, 4, 8, 16]


def test_the_wait_is_bounded(app, throttle):
    assert waits(app, throttle, 20)[-1] == 60


def test_a_neighbour_behind_the_same_router_does_not_wait(app, throttle):
    waits(app, throttle, 10, browser="a")

    assert waits(app, throttle, 1, browser="b") == [0]


def test_a_hall_of_phones_is_told_apart_from_somebody_who_throws_cookies_away(app, throttle):
    hall = [waits(app, throttle, 1, browser=f"phone {number}")[0] for number in range(ADDRESS_FREE)]
    attacker = [waits(app, throttle, 1, browser=f"new {number}")[0] for number in range(5)]

    assert hall == [0] * ADDRESS_FREE
    assert attacker == [1, 2, 4, 8, 16]


def test_waiting_helps(app, throttle, clock):
    waits(app, throttle, 4)
    clock.shift(4)
    with visit(app):
        assert throttle.wait_seconds("code") == 4
    clock.shift(4)
    with visit(app):
        assert throttle.wait_seconds("code") == 0


def test_after_an_hour_all_is_forgotten(app, throttle, clock):
    waits(app, throttle, 8)
    clock.shift(FORGET_AFTER + 1)

    assert waits(app, throttle, 1) == [0]


def test_an_account_waits_wherever_the_tries_come_from(app, throttle):
    for number in range(6):
        with visit(app, address=f"192.0.2.{number}", browser=f"b{number}"):
            throttle.failed("sign-in", "Leitung@stadt.example")

    with visit(app, address="198.51.100.1", browser="c"):
        assert throttle.wait_seconds("sign-in", "leitung@stadt.example") == 2
        assert throttle.wait_seconds("sign-in", "other@stadt.example") == 0


def test_purposes_do_not_mix(app, throttle):
    waits(app, throttle, 8)

    with visit(app):
        assert throttle.wait_seconds("sign-in") == 0


def test_no_address_is_kept_and_the_key_changes_daily(app, throttle, clock):
    waits(app, throttle, 3)
    before = dict(throttle._buckets)
    clock.shift(24 * 3600)
    waits(app, throttle, 3)

    assert all("192.0.2" not in name for name in before)
    assert not set(before) & set(throttle._buckets)


def test_memory_is_bounded(app, throttle, clock, monkeypatch):
    monkeypatch.setattr("app.web.throttle._MOST_ENTRIES", 1500)
    for number in range(1600):
        with visit(app, address=f"10.0.{number // 250}.{number % 250}", browser=""):
            throttle.failed("code")

    assert len(throttle._buckets) <= 1501


def test_old_entries_are_dropped_first(app, throttle, clock):
    for number in range(1100):
        with visit(app, address=f"10.1.{number // 250}.{number % 250}", browser=""):
            throttle.failed("code")
    clock.shift(FORGET_AFTER + 1)
    waits(app, throttle, 1)

    assert len(throttle._buckets) == 2
