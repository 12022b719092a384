"""What has become of the households of a confirmed table: how many are registered, and the codes to print for them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from app.database import db, now
from app.domain import registrations, secrets
from app.models import (
    ENDED_STATUSES,
    Conference,
    ContactChannel,
    Registration,
    RegistrationImport,
    RegistrationStatus,
)

# Codes of a table can be printed as long; later each household gets a new one on its page.
LETTERS_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Taken:
    """How far a confirmed table is, in households: how many it has, are registered, and of these wait."""

    households: int
    done: int
    waitlisted: int
    # Those without an e-mail address, who have not cancelled since.
    letters: int
    # Rows that were not taken.
    left: int
    is_over: bool

    def parts(self, size: int) -> int:
        """Into how many files so many letters go."""
        return math.ceil(self.letters / size)


def taken(stored: RegistrationImport) -> Taken:
    """How far a confirmed table is, counted from the registrations: one statement."""
    digests = _digests(stored)
    rows = db.session.execute(
        select(Registration.status, Registration.contact_channel, func.count())
        .where(Registration.submission_digest.in_(list(digests)))
        .group_by(Registration.status, Registration.contact_channel)
    ).all()
    return Taken(
        households=len(digests),
        done=sum(count for _status, _channel, count in rows),
        waitlisted=sum(count for status, _, count in rows if status is RegistrationStatus.WAITLISTED),
        letters=sum(
            count
            for status, channel, count in rows
            if channel is not ContactChannel.EMAIL and status not in ENDED_STATUSES
        ),
        left=stored.counts.get("left", 0),
        is_over=stored.confirmed_at is not None,
    )


def registered(stored: RegistrationImport) -> set[int]:
    """The first rows of the households that are registered already."""
    digests = _digests(stored)
    found = db.session.scalars(
        select(Registration.submission_digest).where(Registration.submission_digest.in_(list(digests)))
    )
    return {digests[digest] for digest in found if digest}


def has_letters(stored: RegistrationImport) -> bool:
    """Whether codes of this table can be printed now."""
    return stored.confirmed_at is not None and now() < stored.confirmed_at + LETTERS_FOR


def letters(
    conference: Conference, stored: RegistrationImport, part: int, size: int
) -> list[tuple[Registration, str]]:
    """The registrations of a table that hear by no mail, with their codes: `size` of them, part 1 first.

    A code that was made anew since is empty. Nothing once LETTERS_FOR has passed since the table was confirmed.
    """
    if not has_letters(stored) or part < 1:
        return []
    digests = _digests(stored)
    found = set(
        db.session.scalars(
            select(Registration.submission_digest).where(
                Registration.submission_digest.in_(list(digests)),
                Registration.contact_channel != ContactChannel.EMAIL,
                Registration.status.not_in(ENDED_STATUSES),
            )
        )
    )
    rows = [row for digest, row in digests.items() if digest in found][(part - 1) * size : part * size]
    pile = [registrations.of_submission(conference, submission(stored.id, row)) for row in rows]
    return [pair for pair in pile if pair is not None]


def submission(stored_id: int, row: int) -> str:
    """Names the household of a table: the same each time, and nobody outside can make it up."""
    return secrets.digest("registration-import", f"{stored_id}:{row}")


def _digests(stored: RegistrationImport) -> dict[str, int]:
    """What stands with the registrations of a confirmed table, and their first rows, in the order of the table."""
    return {
        registrations.submission_digest(stored.conference_id, submission(stored.id, row)): row
        for row in stored.counts.get("chosen", ())
    }
