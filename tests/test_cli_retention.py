"""`flask retention`: says in plain German what is due, erases it, and can be run twice."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from flask import Flask

from app.database import db
from app.models import Conference, SupportNeed
from tests import erasing, make
from tests.town import stored


@pytest.fixture
def conference(clock: time_machine.Traveller, app: Flask) -> Conference:
    """Ended two weeks ago, and another host with nothing to erase."""
    made = erasing.conference()
    make.host(key="altdorf", name="Altdorf")
    erasing.household(made)
    erasing.go(clock, made, 14)
    return made


def run(app: Flask, *arguments: str) -> Any:
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["retention", *arguments])


def test_a_dry_run_says_what_is_due_and_erases_nothing(app: Flask, conference: Conference) -> None:
    before, name = stored(), conference.host.name

    result = run(app, "--dry-run")

    assert (result.exit_code, result.output) == (
        0,
        "Altdorf (/altdorf/): Nichts ist fällig.\n"
        f"{name} (/neustadt/): Das ist fällig. Nichts ist gelöscht.\n"
        "  zukunft: 1 × Angaben zur Unterstützung\n",
    )
    assert stored() == before


def test_a_run_erases_and_the_next_one_finds_nothing(app: Flask, conference: Conference) -> None:
    name = conference.host.name

    first, second = (run(app, "--host", "neustadt") for _ in range(2))

    assert first.output == f"{name} (/neustadt/): Gelöscht ist:\n  zukunft: 1 × Angaben zur Unterstützung\n"
    assert second.output == f"{name} (/neustadt/): Nichts war fällig.\n"
    assert stored()["support_need"] == []


def test_an_unknown_host_is_a_sentence(app: Flask, conference: Conference) -> None:
    result = run(app, "--host", "nirgendwo")

    assert (result.exit_code, result.stderr) == (
        1,
        "Es gibt keine Stadt mit der Adresse nirgendwo. Alle nennt: ./run flask host list\n",
    )
    assert db.session.query(SupportNeed).count() == 1
