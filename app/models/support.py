"""Support needs: what a conference offers, and who needs what to take part well. Deleted first."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, enum_by_value
from app.models.registration import Participant
from app.models.translated import Translated, TranslatedText


class NeedKind(enum.Enum):
    INTERPRETING = "interpreting"
    SIGN_LANGUAGE = "sign_language"
    SPEECH_TO_TEXT = "speech_to_text"
    INDUCTION_LOOP = "induction_loop"
    WHEELCHAIR = "wheelchair"
    ASSISTANCE = "assistance"
    CHILDCARE = "childcare"
    DIET = "diet"
    TRANSPORT = "transport"
    LARGE_PRINT = "large_print"
    QUIET_ROOM = "quiet_room"
    OTHER = "other"


class NeedState(enum.Enum):
    OPEN = "open"
    ARRANGED = "arranged"
    NOT_POSSIBLE = "not_possible"


class SupportOffer(Model):
    """One kind of support a conference asks for; what is not here is neither shown nor accepted."""

    __tablename__ = "support_offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    kind: Mapped[NeedKind] = mapped_column(enum_by_value(NeedKind))
    # The last day to order it, for staff.
    order_by: Mapped[date | None]
    # What residents read beside it ("Bis eine Woche vorher").
    note: Mapped[Translated] = mapped_column(TranslatedText, default=Translated)

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id"], ["conference.host_id", "conference.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("conference_id", "kind"),
    )


class SupportNeed(Model):
    """One need of one participant. What it is stands encrypted: it may tell of health or belief (Art. 9 GDPR)."""

    __tablename__ = "support_need"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int]
    conference_id: Mapped[int]
    participant_id: Mapped[int]
    # Encrypted JSON (app.domain.support): kind and detail.
    content: Mapped[str] = mapped_column(Text)
    state: Mapped[NeedState] = mapped_column(enum_by_value(NeedState), default=NeedState.OPEN)
    answered_at: Mapped[datetime | None]

    participant: Mapped[Participant] = relationship()

    __table_args__ = (
        ForeignKeyConstraint(
            ["host_id", "conference_id", "participant_id"],
            ["participant.host_id", "participant.conference_id", "participant.id"],
            ondelete="CASCADE",
        ),
        Index("ix_support_need_conference_id", "conference_id"),
        Index("ix_support_need_participant_id", "participant_id"),
    )
