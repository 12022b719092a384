"""Registrations from a table: uploaded, judged row by row, and taken when staff confirm.

A table is refused as a whole where its shape is wrong, and nothing is kept then. What was read stands encrypted until
it is confirmed or a day has passed. Confirming decides once, under the lock of the conference, which households are
taken; each is then registered as at the desk, in a transaction of its own, so that nobody waits for a long table.
Whatever stops on the way is carried on by the worker: a household is known by its table and row, and taken once. What
has become of it says app.domain.imported_registrations.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import editing, imported_registrations, local_time, registration_table, registrations, secrets
from app.domain.errors import (
    DomainError,
    NoSignupHere,
    NotFound,
    NothingToTake,
    RowsUnfit,
    TableGone,
    TableRefused,
    TableTakenAlready,
    VerdictsChanged,
)
from app.domain.registration_table import Row, Table, frame, households
from app.domain.registration_table.columns import plain
from app.domain.registration_table.forecast import Outcome, Verdict, forecast
from app.domain.registration_table.households import Household
from app.models import (
    ENDED_STATUSES,
    Conference,
    ContactChannel,
    Registration,
    RegistrationChannel,
    RegistrationImport,
    SignupState,
    StaffMember,
)

log = logging.getLogger(__name__)

# How far back the worker looks for tables that were confirmed and are not over.
_LOOKED_BACK = timedelta(days=3)

# Set by the jobs room: called when there are households left to take. It must not raise.
on_left: Callable[[], None] | None = None


@dataclass(frozen=True)
class Judged:
    """A table as it stands now: its households in their order."""

    table: Table
    verdicts: Sequence[Verdict]

    def of(self, outcome: Outcome) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.outcome is outcome]

    @property
    def people(self) -> int:
        """Those who would be taken."""
        return sum(
            len(verdict.household.people)
            for verdict in self.verdicts
            if verdict.outcome is not Outcome.FAULTY
        )

    @property
    def seen(self) -> str:
        """What a page carries from showing to confirming: how many of each kind there are."""
        return ".".join(f"{outcome.value}{len(self.of(outcome))}" for outcome in Outcome)


def upload(
    conference: Conference, name: str, content: bytes, *, by: StaffMember | None = None
) -> RegistrationImport:
    """Keep a table until it is confirmed; nobody is registered yet.

    Raises TableRefused and its kinds, each a sentence with row or column; then nothing is kept.
    """
    if conference.signup_state(now()) in (SignupState.HIDDEN, SignupState.CANCELLED):
        raise NoSignupHere
    mark = hashlib.sha256(content).hexdigest()
    _refuse_taken(conference.id, mark)
    table = registration_table.read(content)
    of = frame.of(conference)
    fit = [found for found in households.gathered(table, of) if not found.faults]
    kept = secrets.encrypt(table.dumped())
    with editing.writing(conference) as conference:
        stored = RegistrationImport(
            host_id=conference.host_id,
            conference_id=conference.id,
            name=name[-200:],
            sha256=mark,
            rows=kept,
            counts={"rows": len(table.rows), "fit": len(fit)},
            uploaded_by_id=by.id if by else None,
        )
        db.session.add(stored)
        db.session.flush()
    return stored


def find(conference: Conference, number: int) -> RegistrationImport:
    """An uploaded table of this conference. Raises NotFound."""
    stored = db.session.scalar(
        select(RegistrationImport).where(
            RegistrationImport.conference_id == conference.id, RegistrationImport.id == number
        )
    )
    if stored is None:
        raise NotFound
    return stored


def latest(conference: Conference, most: int = 10) -> list[RegistrationImport]:
    """The tables that were uploaded last."""
    return list(
        db.session.scalars(
            select(RegistrationImport)
            .where(RegistrationImport.conference_id == conference.id)
            .order_by(RegistrationImport.uploaded_at.desc(), RegistrationImport.id.desc())
            .limit(most)
        )
    )


def judged(conference: Conference, stored: RegistrationImport) -> Judged:
    """Judge the table anew, by the groups and free places of this moment, in a fixed number of statements.

    Raises TableGone, and TableRefused where the columns do not fit the conference any more.
    """
    found = _judged(conference, stored)
    households.note_known((verdict.household for verdict in found.verdicts), *_known(conference.id))
    return found


def _judged(conference: Conference, stored: RegistrationImport) -> Judged:
    table = opened(stored)
    of = frame.of(conference)
    return Judged(table, forecast(conference, households.gathered(table, of), of))


def opened(stored: RegistrationImport) -> Table:
    """The rows that are kept. Raises TableGone, VaultLocked."""
    if not stored.rows:
        raise TableGone
    return registration_table.loaded(secrets.decrypt(stored.rows))


def is_confirmed(stored: RegistrationImport) -> bool:
    """Whether it was decided to take it; it may still be going on."""
    return "chosen" in stored.counts


def has_nothing(stored: RegistrationImport) -> bool:
    """Whether something was wrong with every registration of the table when it was uploaded."""
    return stored.counts.get("fit") == 0


def confirm(
    conference: Conference,
    stored: RegistrationImport,
    *,
    seen: str,
    only_good: bool = False,
    sends: bool = True,
    by: StaffMember | None = None,
) -> None:
    """Decide to take the households of the table in which nothing is wrong; `carry_on` then registers them.

    Confirming twice changes nothing. `sends`: people with an e-mail address are told by mail.
    Raises VerdictsChanged where the page showed something else than what is so now, RowsUnfit where something is wrong
    and not `only_good`, NothingToTake, TableTakenAlready, TableGone; then nobody is registered.
    """
    stored_id = stored.id
    with editing.writing(conference) as conference:
        stored = find(conference, stored_id)
        if is_confirmed(stored):
            return
        _refuse_taken(conference.id, stored.sha256)
        found = _judged(conference, stored)
        if found.seen != seen:
            raise VerdictsChanged
        faulty = found.of(Outcome.FAULTY)
        if len(faulty) == len(found.verdicts):
            raise NothingToTake
        if faulty and not only_good:
            raise RowsUnfit(count=len(faulty))
        stored.counts = {
            **stored.counts,
            "households": len(found.verdicts),
            "chosen": [
                verdict.household.first for verdict in found.verdicts if verdict.outcome is not Outcome.FAULTY
            ],
            "sends": sends,
            "by": by.id if by else None,
            "at": now().isoformat(),
        }
        db.session.flush()


def carry_on(stored: RegistrationImport, *, should_stop: Callable[[], bool] = lambda: False) -> bool:
    """Register what was confirmed and is not registered yet, household by household; True when it is over.

    Then the rows of those who were taken are erased; rows with something wrong stay to be mended until a day has
    passed. Doing it twice, or twice at once, registers nobody twice.
    """
    if stored.confirmed_at is not None or not is_confirmed(stored):
        return True
    stored_id, counts = stored.id, stored.counts
    chosen = set(counts["chosen"])
    conference = db.session.get_one(Conference, stored.conference_id)
    by = db.session.get(StaffMember, counts["by"]) if counts["by"] else None
    done = imported_registrations.registered(stored)
    left: list[Row] = []
    found: list[Household] = []
    try:
        table = opened(stored)
        found = households.gathered(table, frame.of(conference))
    except TableGone:
        log.warning("the rows of table %s were erased before all of them were taken", stored_id)
    except TableRefused:
        # The conference has other columns by now: nothing is lost, somebody has to look.
        left += table.rows
    for household in found:
        if household.first not in chosen:
            left += household.rows
        elif household.first not in done:
            if should_stop():
                _tell_worker()
                return False
            if not _take(conference, stored_id, household, by, sends=counts["sends"]):
                left += household.rows
    _finish(stored_id, left)
    return True


def carry_on_all(*, should_stop: Callable[[], bool] = lambda: False) -> None:
    """Carry on with every table that was confirmed and is not over."""
    begun = db.session.scalars(
        select(RegistrationImport)
        .where(
            RegistrationImport.confirmed_at.is_(None), RegistrationImport.uploaded_at > now() - _LOOKED_BACK
        )
        .order_by(RegistrationImport.id)
    ).all()
    numbers = [stored.id for stored in begun if is_confirmed(stored)]
    db.session.rollback()
    for number in numbers:
        stored = db.session.get(RegistrationImport, number)
        try:
            if should_stop() or (stored is not None and not carry_on(stored, should_stop=should_stop)):
                return
        except secrets.VaultLocked:
            # The others do not have to wait for a key that is missing.
            log.error("table %s cannot be opened: DATA_KEY does not fit", number)
            db.session.rollback()


def _take(
    conference: Conference, stored_id: int, household: Household, by: StaffMember | None, *, sends: bool
) -> bool:
    """Register one household as at the desk; False where that is refused, and nothing has changed for it."""
    if household.faults:
        return False
    try:
        registrations.register(
            conference,
            household.details,
            household.people,
            submission=imported_registrations.submission(stored_id, household.first),
            channel=RegistrationChannel.TABLE,
            answers=household.answers,
            by=by,
            tells=sends or household.details.contact_channel is not ContactChannel.EMAIL,
        )
    except DomainError:
        return False
    return True


def _finish(stored_id: int, left: Iterable[Row]) -> None:
    """It is over: what was taken is erased from the table."""
    rows = tuple(sorted(left, key=lambda row: row.number))
    with transaction():
        stored = db.session.get_one(RegistrationImport, stored_id)
        if stored.confirmed_at is not None:
            return
        stored.confirmed_at = now()
        if stored.rows:
            table = opened(stored)
            stored.rows = secrets.encrypt(Table(table.header, rows).dumped()) if rows else ""
        stored.counts = {**stored.counts, "left": len(rows)}


def _refuse_taken(conference_id: int, mark: str) -> None:
    found = db.session.scalars(
        select(RegistrationImport).where(
            RegistrationImport.conference_id == conference_id, RegistrationImport.sha256 == mark
        )
    ).all()
    for stored in found:
        if is_confirmed(stored):
            at = stored.confirmed_at or stored.uploaded_at
            raise TableTakenAlready(day=f"{local_time.day_of(at):%d.%m.%Y}")


def _known(conference_id: int) -> tuple[set[str], set[str]]:
    """Contacts and names of those who are registered: one statement."""
    rows: Any = db.session.execute(
        select(Registration.display_name, Registration.contact).where(
            Registration.conference_id == conference_id, Registration.status.not_in(ENDED_STATUSES)
        )
    )
    contacts, display_names = set(), set()
    for display_name, contact in rows:
        if contact:
            contacts.add(households.contact_key(secrets.decrypt(contact)))
        if display_name:
            display_names.add(plain(display_name))
    return contacts, display_names


def _tell_worker() -> None:
    if on_left is not None:
        on_left()
