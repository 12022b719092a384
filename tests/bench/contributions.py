"""The public list of contributions and its search, with few and with many: time and number of statements."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from app.database import db, random_id, transaction
from app.domain import local_time, search
from app.models import Conference, Contribution, ContributionChannel, ContributionKind, ContributionStatus
from tests import make
from tests.counting import statements

SIZES = (100, 20_000)
ROUNDS = 15
_WORDS = (
    "Spielplatz",
    "Beratung",
    "Wohnung",
    "Bus",
    "Schwimmbad",
    "Kita",
    "Lampe",
    "Radweg",
    "Bücherei",
    "Treffpunkt",
)


def measure(app: Flask) -> Iterator[tuple[str, str, str, str]]:
    """Rows of the report: what, time, ratio of the largest to the smallest, statements."""
    first: dict[str, float] = {}
    for size in SIZES:
        with app.app_context():
            conference = make.conference(make.host())
            fill(conference, size)
            place = f"/{conference.host.key}/{conference.key}/beitraege"
        client = app.test_client()
        for what, address in (
            ("list", f"{place}?seite=2"),
            ("filter", f"{place}?art=need"),
            ("search", f"{place}?q=Spielplätze"),
        ):
            client.get(address)
            with app.app_context(), statements() as sent:
                client.get(address)
            took = statistics.median(clock(client, address) for _ in range(ROUNDS))
            first.setdefault(what, took)
            yield (
                f"{what} of {size} contributions",
                f"{took * 1000:.0f} ms, {len(sent)} statements",
                f"{took / first[what]:.1f}",
                "same number of statements",
            )


def clock(client: FlaskClient, address: str) -> float:
    """Seconds of one request."""
    started = time.perf_counter()
    client.get(address)
    return time.perf_counter() - started


def fill(conference: Conference, size: int) -> None:
    """So many published contributions, ten words each; one in fifty speaks of a playground."""
    kinds, today = list(ContributionKind), local_time.day_of(conference.starts_at)
    rows = []
    for number in range(1, size + 1):
        said = [_WORDS[1 + (number * step) % 9] for step in range(1, 10)] + (
            ["Spielplatz"] if number % 50 == 0 else []
        )
        text = f"{number}: {' und '.join(said)} fehlen hier."
        rows.append(
            {
                "id": random_id(),
                "host_id": conference.host_id,
                "conference_id": conference.id,
                "number": number,
                "kind": kinds[number % len(kinds)],
                "channel": ContributionChannel.WEB,
                "language": "de",
                "text": text,
                "status": ContributionStatus.PUBLISHED,
                "received_on": today,
                "decided_on": today,
                "search_words": search.index((text, "de")),
            }
        )
    with transaction():
        db.session.execute(insert(Contribution), rows)
        conference.last_contribution_number = size
