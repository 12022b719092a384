"""A storm: households register all at once, then many leave at once, while somebody pulls the plug of the server.

What must hold afterwards is read off the database and compared with what people saw:
* never more seats than there are, households whole, the queue in the order of its tickets;
* who moved up, or got an offer where there are any, is who had to, told by a model of a few lines that replays the
  history in its order; each of them was told once;
* every code somebody saw opens a registration, and nobody is registered twice;
* every mail is queued, sent, or "unknown", and no row stays in between.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import pairwise
from pathlib import Path

import psutil
from flask import Flask
from sqlalchemy import select

from app.database import db, now
from app.domain import codes, outbox
from app.models import (
    HELD_STATES,
    EventKind,
    GroupRound,
    Message,
    MessageKind,
    MessageState,
    Participant,
    Registration,
    RegistrationEvent,
    Seat,
    SeatState,
)
from tests import make
from tests.bench import load
from tests.bench.servers import free_port
from tests.databases import ROOT

SIZES = (1, 2, 3, 4, 1, 2)
_CODE = re.compile(r'class="code-card__part">([^<]+)<')
# How long somebody tries again while the server is away.
PATIENCE = 180


@dataclass
class Storm:
    """What people saw."""

    seen: dict[int, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    kills: int = 0
    calm: threading.Condition = field(default_factory=threading.Condition)


@dataclass
class Server:
    """The whole product, supervisor and all, which can be killed without a word and started again."""

    environ: dict[str, str]
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.serve"],
            cwd=ROOT,
            env={**os.environ, **self.environ, "PORT": str(self.port), "BASE_URL": self.base},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """Like a power cut: all processes at once, none is asked."""
        if self.process is None:
            return
        supervisor = psutil.Process(self.process.pid)
        family = [supervisor, *supervisor.children(recursive=True)]
        for member in family:
            member.kill()
        psutil.wait_procs(family, timeout=30)
        self.process.wait(timeout=30)

    def wait(self) -> None:
        """Until it answers."""
        with load.Browser(self.base) as browser:
            _patiently(lambda: _anew(browser, self).ask("GET", "/"))


@contextmanager
def running(environ: dict[str, str]) -> Iterator[Server]:
    """The product on a free port; gone afterwards."""
    server = Server(environ, free_port())
    server.start()
    try:
        server.wait()
        yield server
    finally:
        server.kill()


def prepare(app: Flask, seats: int, *, makes_offers: bool = False) -> tuple[str, int]:
    """A conference for as many as come with one group of so many seats: its address, and the round's id."""
    with app.app_context():
        conference = make.conference(make.host(), capacity=None, makes_offers=makes_offers)
        group_round = make.group(conference, capacity=seats).rounds[0]
        return f"/{conference.host.key}/{conference.key}", group_round.id


def come(server: Server, path: str, choice: int, households: int, kills: int, seed: int) -> Storm:
    """Let all households register in waves; the server is killed at a random moment of each but the last.

    Without a kill they all come at once.
    """
    storm = Storm()

    def one(number: int) -> None:
        with storm.calm:
            storm.calm.wait_for(lambda: storm.kills >= number * (kills + 1) // households)
        started = time.perf_counter()
        storm.seen[number] = _register(server, path, choice, number)
        storm.times.append(time.perf_counter() - started)

    with _pulling_the_plug(server, storm, kills, random.Random(seed)):
        result = load.together(households, one)
    storm.errors += result.errors
    return storm


def leave(server: Server, path: str, storm: Storm, how_many: int, kills: int, seed: int) -> None:
    """Let the first of those who registered cancel, all at once, each with the code; meanwhile the server is killed."""
    leaving = sorted(storm.seen)[:how_many]

    def one(place: int) -> None:
        _cancel(server, path, storm.seen[leaving[place]])

    with _pulling_the_plug(server, storm, kills, random.Random(seed)):
        result = load.together(how_many, one)
    storm.errors += result.errors


def faults(app: Flask, storm: Storm, choice: int) -> list[str]:
    """What does not hold; empty when all does."""
    with app.app_context():
        db.session.rollback()
        group_round = db.session.get_one(GroupRound, choice)
        seats = list(db.session.scalars(select(Seat).where(Seat.group_round_id == choice)))
        registered = {row.code_digest: row for row in db.session.scalars(select(Registration))}
        taken = sum(seat.state in HELD_STATES for seat in seats)
        mails = list(db.session.scalars(select(Message)))
        found = {
            "more seats than there are": taken > group_round.capacity,
            "counters": (group_round.seats_taken, group_round.waiting)
            != (taken, sum(seat.state is SeatState.WAITING for seat in seats)),
            "a code somebody saw opens nothing": any(
                codes.digest(code) not in registered for code in storm.seen.values()
            ),
            "somebody is registered twice": len(registered) != len(storm.seen),
            "a registration without a mail": len({mail.registration_id for mail in mails}) != len(registered),
            "the wrong ones moved up": not _follows_the_rules(group_round),
            "somebody who moved up was not told, or told twice": not _are_told_once(group_round),
            "a household is torn apart": any(
                len({seat.state for person in row.participants for seat in person.seats}) > 1
                for row in registered.values()
            ),
        }
    return [fault for fault, is_so in found.items() if is_so]


def lost_mails(app: Flask) -> list[str]:
    """Mails that are neither queued nor sent nor unknown nor needless, once the server is gone and its claims ended."""
    with app.app_context():
        db.session.rollback()
        outbox.give_up_lost(now() + 2 * outbox.LEASE, "lost")
        states = db.session.execute(select(Message.state, Message.kind, Message.last_error).distinct()).all()
    known = {MessageState.QUEUED, MessageState.SENT, MessageState.UNKNOWN, MessageState.NEEDLESS}
    return [
        f"a mail ({kind.value}) is {state.value}: {reason}"
        for state, kind, reason in states
        if state not in known
    ]


def _are_told_once(group_round: GroupRound) -> bool:
    """Compare who moved up or got an offer, by the history, with the mails that say so."""
    happened, mails = (
        sorted(
            db.session.scalars(
                select(column.registration_id).where(
                    column.conference_id == group_round.conference_id, column.kind.in_(kinds)
                )
            )
        )
        for column, kinds in (
            (RegistrationEvent, (EventKind.MOVED_UP, EventKind.OFFERED)),
            (Message, (MessageKind.MOVED_UP, MessageKind.OFFER)),
        )
    )
    return happened == mails and len(set(mails)) == len(mails)


def _follows_the_rules(group_round: GroupRound) -> bool:
    """Replay registrations and cancellations in the order of the history and compare who sits, is asked and waits."""
    makes_offers = group_round.group.conference.makes_offers
    conference_id = group_round.conference_id
    lines = db.session.execute(
        select(RegistrationEvent.registration_id, RegistrationEvent.kind)
        .where(RegistrationEvent.conference_id == conference_id)
        .order_by(RegistrationEvent.id)
    ).all()
    sizes: dict[int, int] = {}
    for registration_id in db.session.scalars(
        select(Participant.registration_id).where(Participant.conference_id == conference_id)
    ):
        sizes[registration_id] = sizes.get(registration_id, 0) + 1
    sits: set[int] = set()
    asked: set[int] = set()
    waits: list[int] = []

    def free() -> int:
        return group_round.capacity - sum(sizes[household] for household in sits | asked)

    for household, kind in lines:
        if kind is EventKind.REGISTERED:
            sits.add(household) if sizes[household] <= free() else waits.append(household)
        elif kind is EventKind.CANCELLED:
            sits.discard(household)
            asked.discard(household)
            waits = [other for other in waits if other != household]
        while fitting := [other for other in waits if sizes[other] <= free()]:
            waits.remove(fitting[0])
            (asked if makes_offers else sits).add(fitting[0])
    rows = db.session.execute(
        select(Participant.registration_id, Seat.state, Seat.ticket)
        .join(Seat, Seat.participant_id == Participant.id)
        .where(Seat.group_round_id == group_round.id)
        .order_by(Seat.ticket)
    ).all()
    queue = [household for household, state, _ in rows if state is SeatState.WAITING]
    in_order = [
        household for household, before in zip(queue, [None, *queue], strict=False) if household != before
    ]
    tickets = [ticket for *_, ticket in rows]
    return (
        {household for household, state, _ in rows if state is SeatState.SEATED} == sits
        and {household for household, state, _ in rows if state is SeatState.OFFERED} == asked
        and in_order == waits
        and all(first < second for first, second in pairwise(tickets))
    )


def _cancel(server: Server, path: str, code: str) -> None:
    """One household shows its code and cancels, again and again until an answer comes; then it looks whether it did."""
    by_code, address = f"/{path.split('/')[1]}/meine-anmeldung", f"{path}/meine-anmeldung/absagen"
    with load.Browser(server.base) as browser:

        def ask(method: str, where: str, status: int, form: dict[str, str] | None = None) -> str:
            answer = _patiently(lambda: _expect(_anew(browser, server).ask(method, where, form), status))
            return load.hidden(answer[2], "csrf_token")

        token = ask("GET", by_code, 200)
        ask("POST", by_code, 302, {"csrf_token": token, "code": code})
        token = ask("GET", address, 200)
        ask("POST", address, 302, {"csrf_token": token})
        # Who has cancelled is led away from the page to cancel.
        ask("GET", address, 302)


def _register(server: Server, path: str, choice: int, number: int) -> str:
    """One household: reads the form, sends it until an answer comes, and reads the code; the same form each time."""
    people = range(2, SIZES[number % len(SIZES)] + 1)
    address = f"{path}/anmeldung"
    with load.Browser(server.base) as browser:
        page = _patiently(lambda: _expect(_anew(browser, server).ask("GET", address), 200))[2]
        form = {
            "csrf_token": load.hidden(page, "csrf_token"),
            "submission": load.hidden(page, "submission"),
            "role_group": "resident",
            "contact_channel": "email",
            "email": f"haushalt-{number}@example.org",
            "round_1": str(choice),
            "people": " ".join(f"p{person}e" for person in people),
            **{f"p{person}_name": "" for person in people},
        }
        _, target, _ = _patiently(lambda: _expect(_anew(browser, server).ask("POST", address, form), 302))
        page = _patiently(lambda: _expect(_anew(browser, server).ask("GET", target), 200))[2]
    parts = _CODE.findall(page)
    if not parts:
        raise RuntimeError("no code on the page")
    return "-".join(parts)


def _anew(browser: load.Browser, server: Server) -> load.Browser:
    """The same visitor on a new connection: the old one ended with the server."""
    browser.connection.close()
    browser.connection = load.Browser(server.base).connection
    return browser


def _patiently(ask: Callable[[], tuple[int, str, str]]) -> tuple[int, str, str]:
    """Try again while the server is away; any answer it gives is an answer."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except (OSError, HTTPException):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@contextmanager
def _pulling_the_plug(server: Server, storm: Storm, kills: int, chance: random.Random) -> Iterator[None]:
    """Meanwhile kill the server so many times, each at a random moment after it has answered again."""

    def pull() -> None:
        for _ in range(kills):
            time.sleep(chance.uniform(0.0, 1.5))
            server.kill()
            with storm.calm:
                storm.kills += 1
                storm.calm.notify_all()
            server.start()
            server.wait()

    plug = threading.Thread(target=pull)
    plug.start()
    try:
        yield
    finally:
        plug.join()
    server.wait()


def _expect(answer: tuple[int, str, str], status: int) -> tuple[int, str, str]:
    if answer[0] != status and not (status == 302 and answer[0] == 303):
        raise RuntimeError(f"status {answer[0]} instead of {status}")
    return answer


def measure(
    app: Flask,
    folder: Path,
    environ: dict[str, str],
    *,
    households: int,
    seats: int,
    leaving: int,
    kills: int,
    makes_offers: bool = False,
) -> tuple[Storm, list[str]]:
    """The whole storm: register at once, leave at once; what people saw and what does not hold.

    A tenth of the kills, and at least one if there is more than one, falls among those who leave.
    """
    path, choice = prepare(app, seats, makes_offers=makes_offers)
    while_leaving = (kills + 8) // 10
    with app.app_context():
        number = str(db.session.get_one(GroupRound, choice).group.number)
    mails = f"file://{folder / 'mails'}"
    with running({**environ, "MAIL_URL": mails, "FLASK_SKIP_DOTENV": "1"}) as server:
        storm = come(server, path, int(number), households, kills - while_leaving, seed=20)
        broken = faults(app, storm, choice)
        leave(server, path, storm, leaving, while_leaving, seed=30)
    return storm, broken + faults(app, storm, choice) + lost_mails(app)
