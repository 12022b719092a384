"""./run bench: pages, registrations, a crowd, lists and documents, each against the barest thing that does the same."""

from __future__ import annotations

import argparse
import os
import tempfile
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from app.database import db, tune
from app.models import Conference, GroupRound, Registration, Seat, SeatState
from tests import make
from tests.bench import allocation, contributions, documents, lists, load, name_tags, servers, storm
from tests.databases import ENGINES, SECRETS, Databases, make_app, migrate

ROWS: list[tuple[str, ...]] = []


def main() -> None:
    """Measure what is asked for and print one table; figures depend on the machine, ratios hardly."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        choices=[
            [],
            "pages",
            "registration",
            "registrations",
            "crowd",
            "storm",
            "documents",
            "contributions",
            "name_tags",
            "allocation",
        ],
    )
    parser.add_argument("--database", choices=ENGINES)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--kills", type=int, default=20)
    wanted = parser.parse_args()
    engines = [wanted.database] if wanted.database else list(ENGINES)
    parts = wanted.parts or [
        "pages",
        "registration",
        "registrations",
        "crowd",
        "contributions",
        "documents",
        "name_tags",
        "allocation",
    ]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        databases = stack.enter_context(Databases())
        for engine in engines:
            if "pages" in parts:
                pages(databases, folder, engine, wanted.seconds)
            if "registration" in parts:
                registration(databases, folder, engine)
            if "registrations" in parts:
                url, _environ = prepare(databases, folder, engine)
                for what, *figures in lists.measure(make_app(url, folder)):
                    report(f"{engine}: {what}", *figures)
            if "crowd" in parts:
                crowd(databases, folder, engine, wanted.people)
            if "storm" in parts:
                weather(databases, folder, engine, wanted.kills)
            if "contributions" in parts:
                url, _environ = prepare(databases, folder, engine)
                for what, *figures in contributions.measure(make_app(url, folder)):
                    report(f"{engine}: {what}", *figures)
            if "documents" in parts:
                pages_meanwhile(databases, folder, engine, wanted.seconds)
        if "documents" in parts:
            ROWS.extend(documents.against_weasyprint())
        if "name_tags" in parts:
            ROWS.extend(name_tags.against_weasyprint())
        if "allocation" in parts:
            ROWS.extend(allocation.measure())
    width = [max(len(row[column]) for row in ROWS) for column in range(4)]
    for row in ROWS:
        print("  ".join(cell.ljust(width[column]) for column, cell in enumerate(row)))  # noqa: T201 - a report


def report(what: str, figure: str, ratio: str = "", aim: str = "") -> None:
    ROWS.append((what, figure, ratio, aim))


def pages(databases: Databases, folder: Path, engine: str, seconds: int) -> None:
    """The conference page against a bare route that returns the same bytes."""
    url, environ = prepare(databases, folder, engine)
    with make_app(url, folder).app_context():
        conference = make.conference(make.host())
        for _ in range(6):
            make.group(conference, capacity=20, rounds=2)
        path = f"/{conference.host.key}/{conference.key}/"
    ours = bare = 0.0
    page = folder / "page.html"
    # The best of three starts for both: the server spreads connections over its workers well or badly, for as long as
    # they are open, and a bad spread would measure that instead of the app.
    for _ in range(3):
        with servers.running("wsgi:app", environ, "/") as base:
            body = urllib.request.urlopen(base + path).read()  # noqa: S310 - our own loopback address
            rate, tool = load.requests_per_second(base + path, seconds)
            ours = max(ours, rate)
        page.write_bytes(body)
        with servers.running("tests.bench.bare:app", {**environ, "BENCH_PAGE": str(page)}, "/seite") as base:
            bare = max(bare, load.requests_per_second(base + "/seite", seconds)[0])
    report(
        f"{engine}: conference page, {len(body) / 1024:.0f} KiB ({tool})",
        f"{ours:.0f}/s of {bare:.0f}/s",
        f"{ours / bare:.2f}",
        "aim 0.5",
    )


def pages_meanwhile(databases: Databases, folder: Path, engine: str, seconds: int) -> None:
    """The conference page while the worker makes two documents."""
    url, environ = prepare(databases, folder, engine)
    with make_app(url, folder).app_context():
        conference = make.conference(make.host())
        make.group(conference, capacity=20, rounds=2)
        path = f"/{conference.host.key}/{conference.key}/"
    with servers.running("wsgi:app", environ, "/") as base:
        what, *figures = documents.pages_meanwhile(base, path, seconds)
    report(f"{engine}: {what}", *figures)


def registration(databases: Databases, folder: Path, engine: str, people: int = 8, each: int = 40) -> None:
    """Form, post and confirmation against a bare form with one guarded UPDATE."""
    url, environ = prepare(databases, folder, engine)
    with make_app(url, folder).app_context():
        conference = make.conference(make.host())
        group = make.group(conference, capacity=100_000)
        path = f"/{conference.host.key}/{conference.key}/anmeldung"
        choice = group.rounds[0].id

    def bare(base: str, each: int = each) -> load.Result:
        def one(_number: int) -> None:
            for _ in range(each):
                # Each is somebody else, on a connection of their own, as with ours.
                browser = load.Browser(base)
                expect(browser.ask("GET", "/platz"), 200)
                _, target, _ = expect(browser.ask("POST", "/platz", {"name": "Eine Person"}), 302)
                expect(browser.ask("GET", target), 200)

        return load.together(people, one)

    def ours(base: str, each: int = each) -> load.Result:
        def one(_number: int) -> None:
            for _ in range(each):
                register(load.Browser(base), path, choice)

        return load.together(people, one)

    with servers.running("tests.bench.bare:app", environ, "/platz") as base:
        # What a process does once, when it meets a page first, is not what is measured.
        bare(base, 4)
        slow = bare(base)
    with servers.running("wsgi:app", environ, "/") as base:
        ours(base, 4)
        fast = ours(base)
    for result in (slow, fast):
        if result.errors:
            raise RuntimeError(result.errors[0])
    rates = [people * each / result.seconds for result in (fast, slow)]
    report(
        f"{engine}: registration (form, post, confirmation)",
        f"{rates[0]:.0f}/s of {rates[1]:.0f}/s",
        f"{rates[0] / rates[1]:.2f}",
        "aim 0.4",
    )


def crowd(databases: Databases, folder: Path, engine: str, people: int, seats: int = 20) -> None:
    """Everybody at once for the last seats: exactly that many sit, the rest wait in the order of their tickets."""
    url, environ = prepare(databases, folder, engine)
    app = make_app(url, folder)
    with app.app_context():
        conference = make.conference(make.host())
        group = make.group(conference, capacity=seats)
        path = f"/{conference.host.key}/{conference.key}/anmeldung"
        choice = group.rounds[0].id
    with servers.running("wsgi:app", environ, "/") as base:
        browsers = [load.Browser(base) for _ in range(people)]
        result = load.together(people, lambda number: register(browsers[number], path, choice))
    with app.app_context():
        db.session.rollback()
        group_round = db.session.get_one(GroupRound, choice)
        rows = db.session.scalars(db.select(Seat).order_by(Seat.ticket)).all()
        seated = [row.ticket for row in rows if row.state is SeatState.SEATED]
        waiting = [row.ticket for row in rows if row.state is SeatState.WAITING]
        registered = db.session.scalar(db.select(db.func.count(Registration.id)))
        facts = [
            len(seated) == seats == group_round.seats_taken,
            len(waiting) == people - seats == group_round.waiting,
            max(seated) < min(waiting),
            registered == people == db.session.get_one(Conference, group_round.conference_id).places_taken,
            not result.errors,
        ]
    verdict = f"{len(seated)} seated, {len(waiting)} waiting, {len(result.errors)} errors"
    report(
        f"{engine}: {people} people at once for {seats} seats",
        verdict,
        "as it must be" if all(facts) else "WRONG",
        f"median {result.median_ms:.0f} ms, p99 {result.p99_ms:.0f} ms",
    )
    for error in result.errors[:3]:
        report("", error)


def weather(databases: Databases, folder: Path, engine: str, kills: int, households: int = 231) -> None:
    """500 people in households of one to four for 100 seats, the server killed again and again; then 30 leave.

    Those who come next get the seats at once, and in the last run an offer.
    """
    for plugs, makes_offers in ((0, False), (kills, False), (kills, True)):
        url, environ = prepare(databases, folder, engine)
        app = make_app(url, folder)
        seen, broken = storm.measure(
            app,
            folder,
            environ,
            households=households,
            seats=100,
            leaving=30,
            kills=plugs,
            makes_offers=makes_offers,
        )
        people = sum(storm.SIZES[number % len(storm.SIZES)] for number in range(households))
        times = sorted(seen.times) or [0.0]
        report(
            f"{engine}: {people} people for 100 seats, 30 leave{', offers' if makes_offers else ''}, "
            f"{seen.kills} times killed",
            "; ".join([*broken, *seen.errors[:3]]) or "as it must be",
            f"median {times[len(times) // 2] * 1000:.0f} ms",
            f"longest {times[-1] * 1000:.0f} ms",
        )


def register(browser: load.Browser, path: str, choice: int) -> None:
    """One visitor: reads the form, sends it, sees the confirmation with the code."""
    _, _, page = expect(browser.ask("GET", path), 200)
    form = {
        "csrf_token": load.hidden(page, "csrf_token"),
        "submission": load.hidden(page, "submission"),
        "role_group": "resident",
        "contact_channel": "none",
        "round_1": str(choice),
    }
    _, target, _ = expect(browser.ask("POST", path, form), 302)
    _, _, page = expect(browser.ask("GET", target), 200)
    if "<h1" not in page:
        raise RuntimeError("no confirmation")


def expect(answer: tuple[int, str, str], status: int) -> tuple[int, str, str]:
    if answer[0] != status and not (status == 302 and answer[0] == 303):
        raise RuntimeError(f"status {answer[0]} instead of {status}")
    return answer


def prepare(databases: Databases, folder: Path, engine: str) -> tuple[URL, dict[str, str]]:
    """A migrated database with the bare app's two tables; SQLite on a real disk, where a commit costs something."""
    if engine == "sqlite":
        url = make_url(f"sqlite:///{folder / os.urandom(8).hex()}.sqlite3")
        migrate(make_app(url, folder))
    else:
        url = databases.copy_of_template("postgres")
    address = url.render_as_string(hide_password=False)
    bare = create_engine(url)
    tune(bare)
    with bare.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("CREATE TABLE bare_group (taken INTEGER, capacity INTEGER)"))
        connection.execute(text("CREATE TABLE bare_seat (code TEXT PRIMARY KEY, name TEXT)"))
        connection.execute(text("INSERT INTO bare_group VALUES (0, 1000000)"))
    bare.dispose()
    environ = {
        **SECRETS,
        "APP_ENV": "development",
        "DATABASE_URL": address,
        "INSTANCE_PATH": str(folder),
        "MAIL_URL": "",
    }
    return url, environ


main()
