"""What a conference is, in plain values between file and database: read from the one, gathered from the other."""

from __future__ import annotations

import enum
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from app.models import ContactChannel, ContributionStatus, RegistrationStatus, SeatState


@dataclass(frozen=True)
class GroupPlan:
    """A working group with its seats by round."""

    key: str
    index: int
    values: dict[str, Any]
    capacities: dict[int, int]
    # None: the next free one.
    number: int | None = None


@dataclass(frozen=True)
class RegistrationPlan:
    """A registration and where its people sit or wait: group key and state by round."""

    key: str
    index: int
    values: dict[str, Any] = field(repr=False)
    # The contact in clear, encrypted when it is written; None: there is one, and the file does not say it.
    contact: tuple[ContactChannel, str] | None = field(repr=False)
    party_size: int
    places: dict[int, tuple[str, SeatState]]
    queue_position: int
    # What its people need as (kind, detail); None: nothing is said of it.
    needs: list[tuple[str, str]] | None = field(default=None, repr=False)
    # When each consent was withdrawn, by purpose; None: it was not. None in all: nothing is said of consents.
    consents: dict[str, date | None] | None = None
    # Keys of groups by round, the dearest first; None: nothing is said of wishes.
    wishes: dict[int, list[str]] | None = None
    # Place in the queue of the conference.
    conference_queue: int | None = None

    @property
    def is_live(self) -> bool:
        return self.values["status"] is not RegistrationStatus.CANCELLED

    @property
    def waits(self) -> bool:
        """True when the file puts it into a queue."""
        return any(state is SeatState.WAITING for _, state in self.places.values())


@dataclass(frozen=True)
class Entry:
    """A topic, the minutes of one group and round, a contribution or a recommendation."""

    key: str
    index: int
    values: dict[str, Any] = field(repr=False)
    # Part of the address; None: the next free one.
    number: int | None = None


@dataclass(frozen=True)
class FormPlan:
    """A registration form: own questions by key, consents by the name of their purpose, support by kind."""

    questions: list[Entry]
    consents: list[Entry]
    support: list[Entry]
    # What became of questions that are none of these, in sentences.
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """Everything the product carries of a conference."""

    is_demo: bool
    host_key: str
    host: dict[str, Any]
    logo: tuple[str, bytes] | None = field(repr=False)
    conference_key: str
    conference: dict[str, Any]
    venue: dict[str, Any] | None
    rooms: list[str]
    agenda: list[dict[str, Any]]
    groups: list[GroupPlan]
    # Places kept for audiences.
    reserved: dict[str, int]
    form: FormPlan
    registrations: list[RegistrationPlan]
    topics: list[Entry]
    contributions: list[Entry]
    minutes: list[Entry]
    recommendations: list[Entry]
    # When something was handed in, and when it was decided about, where nothing else is said.
    received_on: date
    decided_on: date
    # The conference is over so long that support needs are erased: a file does not bring them back.
    forgets_needs: bool = False


PUBLIC = (ContributionStatus.PUBLISHED, ContributionStatus.DUPLICATE)


def digest(value: Any) -> str:
    """A short mark of a value; equal for equal values, on every machine."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no plain value: {type(value).__name__}")
