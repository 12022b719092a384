"""What a letter to a household is about, and whether that is still so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.database import db, now
from app.domain import admission, mailings, moving_up, registrations
from app.letters.blocks import Link
from app.letters.parts import address
from app.models import (
    Conference,
    GroupRound,
    Mailing,
    MessageKind,
    MessageWay,
    Participant,
    Registration,
    RegistrationStatus,
    Seat,
    SeatState,
)
from app.web import languages


class OutOfDate(Exception):
    """What the message tells is no longer so; it must not be sent. `reason` says why, for staff."""

    def __init__(self, reason: Any) -> None:
        super().__init__()
        self.reason = reason


@dataclass(frozen=True)
class Occasion:
    """One message to one household. A trial shows what it would read, and opens nothing."""

    kind: MessageKind
    registration: Registration
    language: languages.Language
    way: MessageWay = MessageWay.EMAIL
    payload: Mapping[str, Any] = field(default_factory=dict)
    mailing: Mailing | None = None
    is_trial: bool = False

    @property
    def conference(self) -> Conference:
        return self.registration.conference

    @property
    def group_round(self) -> GroupRound | None:
        """The round of a group it is about, where it is about one."""
        number = self.payload.get("group_round")
        return db.session.get(GroupRound, number) if number else None

    def link(self, words: str) -> Link:
        """The personal link; on paper and in a trial the page that asks for the code."""
        place = (self.conference.host.key, self.conference.key, "meine-anmeldung")
        if self.is_trial or self.way is not MessageWay.EMAIL:
            return Link(words, address(self.language, *place))
        token = registrations.link_token(self.registration)
        return Link(words, address(self.language, *place, "link", token))

    def seats(self, state: SeatState) -> list[Seat]:
        """The seats of the household in the group it is about."""
        return list(
            db.session.scalars(
                select(Seat)
                .join(Participant, Seat.participant_id == Participant.id)
                .where(
                    Participant.registration_id == self.registration.id,
                    Seat.group_round_id == self.payload.get("group_round"),
                    Seat.state == state,
                )
                .order_by(Participant.position)
            )
        )

    def deadline(self) -> datetime:
        """Until when an offer is kept at least; the clock of a letter does not run before somebody has read it."""
        if self.payload.get("group_round"):
            kept = [seat.offer_expires_at for seat in self.seats(SeatState.OFFERED)]
            until = kept[0] if kept else None
        else:
            until = self.registration.offer_expires_at
        if until is not None:
            return until
        return moving_up.answer_by(self.conference, self.registration.contact_channel, now())

    def position(self) -> int:
        """Place in the queue of the conference, from 1."""
        return admission.queue_positions([self.registration]).get(self.registration.id, 1)

    def refuse_out_of_date(self) -> None:
        """Raise OutOfDate when what it says is no longer so."""
        reason = self._why_out_of_date()
        if reason is not None:
            raise OutOfDate(reason)

    def _why_out_of_date(self) -> Any | None:
        kind, registration = self.kind, self.registration
        if kind in mailings.KINDS and (why := mailings.why_out_of_date(kind, self.conference)):
            return _l("Nicht mehr nötig: %(reason)s", reason=why)
        if (
            kind not in (MessageKind.REGISTRATION_CANCELLED, MessageKind.OFFER_LAPSED)
            and not registration.is_live
        ):
            return _l("Nicht mehr nötig: Die Anmeldung wurde inzwischen abgesagt.")
        if kind is MessageKind.OFFER_LAPSED and registration.status is RegistrationStatus.CANCELLED:
            return _l("Nicht mehr nötig: Die Anmeldung wurde inzwischen abgesagt.")
        if kind is MessageKind.WAITLISTED and registration.status is not RegistrationStatus.WAITLISTED:
            return _l("Nicht mehr nötig: Die Anmeldung steht nicht mehr auf der Warteliste.")
        if kind is MessageKind.OFFER and not self._is_offered():
            return _l("Nicht mehr nötig: Das Angebot ist schon beantwortet oder abgelaufen.")
        if kind is MessageKind.MOVED_UP and not self._has_moved_up():
            return _l("Nicht mehr nötig: Der Platz wurde inzwischen wieder abgegeben.")
        return None

    def _is_offered(self) -> bool:
        if self.payload.get("group_round"):
            return bool(self.seats(SeatState.OFFERED)) and self.deadline() > now()
        return self.registration.status is RegistrationStatus.OFFERED and self.deadline() > now()

    def _has_moved_up(self) -> bool:
        if self.payload.get("group_round"):
            return bool(self.seats(SeatState.SEATED))
        return self.registration.has_place
