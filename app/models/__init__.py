"""What is: facts and constraints, one file per aggregate."""

from app.models.conference import (
    AgendaItem,
    AgendaKind,
    Conference,
    ConferenceKind,
    ConferenceStatus,
    GroupRound,
    Room,
    SignupState,
    Venue,
    WorkingGroup,
)
from app.models.host import AccessibilityFeedback, Host, HostKind, StoredFile
from app.models.import_record import ImportRecord
from app.models.message import Message, MessageKind, MessageState
from app.models.registration import (
    ContactChannel,
    Participant,
    Registration,
    RegistrationChannel,
    RegistrationStatus,
    RoleGroup,
    Seat,
    SeatState,
)
from app.models.staff import RoleAssignment, StaffMember, StaffRole
from app.models.translated import Passage, Translated, TranslatedText

__all__ = [
    "AccessibilityFeedback",
    "AgendaItem",
    "AgendaKind",
    "Conference",
    "ConferenceKind",
    "ConferenceStatus",
    "ContactChannel",
    "GroupRound",
    "Host",
    "HostKind",
    "ImportRecord",
    "Message",
    "MessageKind",
    "MessageState",
    "Participant",
    "Passage",
    "Registration",
    "RegistrationChannel",
    "RegistrationStatus",
    "RoleAssignment",
    "RoleGroup",
    "Room",
    "Seat",
    "SeatState",
    "SignupState",
    "StaffMember",
    "StaffRole",
    "StoredFile",
    "Translated",
    "TranslatedText",
    "Venue",
    "WorkingGroup",
]
