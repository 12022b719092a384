"""The demo conferences: Rheine 2023 as it was told, and two coming ones of a town that does not exist."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from app.database import db, now, transaction
from app.demo import deeds
from app.domain import contributions, editions, importing, local_time, registrations, staff
from app.domain.allocation import propose
from app.domain.contributions import Words
from app.domain.registrations import Details
from app.models import (
    Conference,
    ContributionKind,
    Host,
    RoleGroup,
    StaffMember,
    StaffRole,
)

FOLDER = Path(__file__).parent
WEEKS_AHEAD = 8
WORKSHOP_WEEKS_AHEAD = 5
TUESDAY, WEDNESDAY = 1, 2
# Public holidays in North Rhine-Westphalia that have a fixed date; none of the others falls on a Tuesday or Wednesday.
HOLIDAYS = frozenset(((5, 1), (10, 3), (11, 1)))
# The demo resident sits in the first and is third in the queue of the second.
SEATED_IN, WAITING_FOR = ("treffpunkte", 2), ("kinder", 1)
SAID = "Eine Bank vor der Bücherei, damit man sich treffen und ausruhen kann. (Demo)"
# The proposal of groups is the same whenever the demos are loaded.
SEED = 2026
CONFERENCE, WORKSHOP = "stadtteilkonferenz-nord", "ideenwerkstatt-lindenplatz"
FIRST_EDITION = "Erste Ausgabe. Demo: erfunden."

_TOKEN = re.compile(r"@\{(tag|heute|werkstatt)([+-][0-9]{1,3})?\}")


@dataclass(frozen=True)
class Account:
    """A demo login; the password stands nowhere else in clear."""

    role: str
    email: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Loaded:
    """What has been made; `str(loaded)` is printed once and never again."""

    accounts: tuple[Account, ...]
    # Where the code opens the resident's registration.
    resident_path: str
    code: str = field(repr=False)
    # The same for what the resident has said; the two codes know nothing of each other.
    contribution_path: str
    contribution_code: str = field(repr=False)
    # Where the results of the conference that is over can be read.
    results_path: str
    # Where a proposal of groups waits for whoever organizes.
    allocation_path: str

    def __str__(self) -> str:
        lines = [
            "Die Demos sind geladen. Alles darin ist erfunden.",
            "",
            "Anmelden unter /verwaltung/anmelden mit:",
        ]
        lines += [
            f"  {account.role}: {account.email}  Passwort: {account.password}" for account in self.accounts
        ]
        lines += [
            "",
            f"Als Bewohnerin oder Bewohner: {self.resident_path}",
            f"  Code: {self.code}",
            f"Mit einem Beitrag: {self.contribution_path}",
            f"  Code: {self.contribution_code}",
            "",
            f"Ergebnisse zum Ansehen: {self.results_path}",
            f"Vorschlag für die Gruppen (Organisation): {self.allocation_path}",
        ]
        lines += [
            "",
            "Diese Angaben erscheinen nur jetzt. Ein neues Passwort macht: ./run flask staff password EMAIL",
        ]
        return "\n".join(lines)


def load() -> Loaded | None:
    """Load both demos with their accounts and one demo resident, all or nothing.

    None for a database that holds a host or an account already; nothing has changed then.
    """
    today = local_time.day_of(now())
    with transaction():
        if any(db.session.scalar(select(model.id).limit(1)) is not None for model in (Host, StaffMember)):
            return None
        importing.conference(FOLDER / "rheine-2023.yaml")
        past = _host("rheine")
        importing.set_up_host(past, FOLDER / "rheine-host.yaml")
        over = _conference_of(past, "rheine-2023")
        editions.freeze(over, note=FIRST_EDITION)
        for name in ("musterhausen.yaml", "musterhausen-werkstatt.yaml"):
            text = (FOLDER / name).read_text(encoding="utf-8")
            importing.conference_from(name, with_dates(text, today).encode(), FOLDER)
        town = _host("musterhausen")
        conference, workshop = (_conference_of(town, key) for key in (CONFERENCE, WORKSHOP))
        accounts, organizer = _make_accounts(town)
        deeds.fill(conference, organizer)
        allocation = propose.ask(workshop, seed=SEED, by=organizer)
        loaded = Loaded(
            accounts=accounts,
            resident_path=f"/{town.key}/meine-anmeldung",
            code=_register_resident(conference),
            contribution_path=f"/{town.key}/mein-beitrag",
            contribution_code=_say_something(conference),
            results_path=f"/{past.key}/{over.key}/ergebnisse",
            allocation_path=f"/verwaltung/{town.key}/{workshop.key}/einteilung",
        )
    # Solved like in the worker, and by it if anything should come between.
    propose.compute(allocation.id)
    return loaded


def with_dates(text: str, today: date) -> str:
    """`text` with its tokens replaced by dates, as the heads of the files explain."""
    anchors = {
        "heute": today,
        "tag": day_of_conference(today),
        "werkstatt": day_of_conference(today, WORKSHOP_WEEKS_AHEAD, WEDNESDAY),
    }
    return _TOKEN.sub(
        lambda token: (anchors[token[1]] + timedelta(days=int(token[2] or 0))).isoformat(), text
    )


def day_of_conference(today: date, weeks: int = WEEKS_AHEAD, weekday: int = TUESDAY) -> date:
    """The first such day at least so many weeks ahead on which a town would invite."""
    day = today + timedelta(weeks=weeks)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    while (
        (day.month, day.day) in HOLIDAYS or (day.month, day.day) >= (12, 18) or (day.month, day.day) <= (1, 8)
    ):
        day += timedelta(weeks=1)
    return day


def _host(key: str) -> Host:
    return db.session.scalars(select(Host).where(Host.key == key)).one()


def _conference_of(host: Host, key: str) -> Conference:
    return db.session.scalars(
        select(Conference).where(Conference.host_id == host.id, Conference.key == key)
    ).one()


def _make_accounts(town: Host) -> tuple[tuple[Account, ...], StaffMember]:
    """The accounts, and the one that organizes."""
    wanted = (
        ("Betrieb der Installation", "betrieb", StaffRole.INSTANCE_ADMIN, None),
        ("Leitung in Musterhausen", "leitung", StaffRole.HOST_ADMIN, town),
        ("Organisation in Musterhausen", "organisation", StaffRole.ORGANIZER, town),
    )
    accounts = []
    for label, name, role, host in wanted:
        account = Account(label, f"{name}@musterhausen.example", secrets.token_urlsafe(12))
        member = staff.create(account.email, f"{label} (Demo)", role, host, account.password)
        accounts.append(account)
    return tuple(accounts), member


def _register_resident(conference: Conference) -> str:
    details = Details(RoleGroup.RESIDENT, display_name="Demo")
    group_rounds = [deeds.group_round(conference, *place) for place in (SEATED_IN, WAITING_FOR)]
    person = registrations.Person(groups={held.number: held.id for held in group_rounds})
    _, code = registrations.register(conference, details, [person], submission=secrets.token_hex(16))
    return code


def _say_something(conference: Conference) -> str:
    group = deeds.group_round(conference, *SEATED_IN).group
    words = Words(SAID, ContributionKind.IDEA, working_group_id=group.id)
    _, code = contributions.hand_in(conference, words, submission=secrets.token_hex(16))
    return code
