"""German words for every enum member, and the sentences that say why something is closed."""

from __future__ import annotations

import enum
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.domain import words
from app.models import (
    AgendaKind,
    ConferenceKind,
    ConferenceStatus,
    ContactChannel,
    ContributionChannel,
    ContributionKind,
    ContributionPhase,
    ContributionStatus,
    FileFormat,
    FileState,
    Horizon,
    HostKind,
    MessageKind,
    MessageState,
    RegistrationChannel,
    RegistrationStatus,
    RejectionReason,
    ReportReason,
    RoleGroup,
    SeatState,
    SignupState,
    StaffRole,
    TranslatedBy,
)
from app.models.translated import SOURCE_LANGUAGE

LABELS: dict[enum.Enum, Any] = {
    HostKind.MUNICIPALITY: _l("Stadt oder Gemeinde"),
    HostKind.DISTRICT: _l("Kreis"),
    HostKind.STATE_BODY: _l("Einrichtung des Landes"),
    ConferenceKind.SOCIAL_SPACE_CONFERENCE: _l("Sozialraumkonferenz"),
    ConferenceKind.CITY_CONFERENCE: _l("Sozialkonferenz"),
    ConferenceKind.DISTRICT_CONFERENCE: _l("Stadtteilkonferenz"),
    ConferenceKind.EXPERT_DIALOGUE: _l("Fachgespräch"),
    ConferenceKind.NETWORK_MEETING: _l("Netzwerktreffen"),
    ConferenceStatus.DRAFT: _l("Entwurf"),
    ConferenceStatus.ANNOUNCED: _l("angekündigt"),
    ConferenceStatus.REGISTRATION_OPEN: _l("Anmeldung freigegeben"),
    ConferenceStatus.REGISTRATION_CLOSED: _l("Anmeldung geschlossen"),
    ConferenceStatus.RUNNING: _l("läuft"),
    ConferenceStatus.IN_DOCUMENTATION: _l("in Dokumentation"),
    ConferenceStatus.IN_CORRECTION: _l("in Korrektur"),
    ConferenceStatus.PUBLISHED: _l("Ergebnisse veröffentlicht"),
    ConferenceStatus.ARCHIVED: _l("archiviert"),
    ConferenceStatus.POSTPONED: _l("verschoben"),
    ConferenceStatus.CANCELLED: _l("abgesagt"),
    SignupState.HIDDEN: _l("nicht öffentlich"),
    SignupState.NOT_YET: _l("Anmeldung noch nicht offen"),
    SignupState.OPEN: _l("Anmeldung offen"),
    SignupState.FULL: _l("ausgebucht"),
    SignupState.CLOSED_BY_DATE: _l("Anmeldung beendet"),
    SignupState.CLOSED_BY_HAND: _l("Anmeldung geschlossen"),
    SignupState.PAST: _l("vorbei"),
    SignupState.POSTPONED: _l("verschoben"),
    SignupState.CANCELLED: _l("abgesagt"),
    AgendaKind.ARRIVAL: _l("Ankommen"),
    AgendaKind.WELCOME: _l("Begrüßung"),
    AgendaKind.INPUT: _l("Vortrag"),
    AgendaKind.REVIEW: _l("Rückblick"),
    AgendaKind.PLENARY: _l("Gespräch mit allen"),
    AgendaKind.GROUP_ROUND: _l("Arbeitsgruppen"),
    AgendaKind.BREAK: _l("Pause"),
    AgendaKind.DOT_VOTE: _l("Punkte kleben"),
    AgendaKind.GALLERY_WALK: _l("Rundgang"),
    AgendaKind.FISHBOWL: _l("Fishbowl"),
    AgendaKind.PODIUM: _l("Podium"),
    AgendaKind.MARKET: _l("Markt der Möglichkeiten"),
    AgendaKind.CLOSING: _l("Abschluss"),
    AgendaKind.OTHER: _l("Programmpunkt"),
    RegistrationStatus.CONFIRMED: _l("angemeldet"),
    RegistrationStatus.CANCELLED: _l("abgesagt"),
    RegistrationStatus.ATTENDED: _l("war da"),
    RegistrationStatus.NO_SHOW: _l("war nicht da"),
    RegistrationChannel.WEB: _l("Internet"),
    RegistrationChannel.PHONE: _l("Telefon"),
    RegistrationChannel.PAPER: _l("Papier"),
    RegistrationChannel.WALK_IN: _l("ohne Anmeldung gekommen"),
    RoleGroup.RESIDENT: _l("Einwohnerin oder Einwohner"),
    RoleGroup.INSTITUTION: _l("Einrichtung oder Verein"),
    RoleGroup.POLITICS: _l("Politik"),
    RoleGroup.ADMINISTRATION: _l("Verwaltung"),
    RoleGroup.PRESS: _l("Presse"),
    ContactChannel.EMAIL: _l("E-Mail"),
    ContactChannel.PHONE: _l("Telefon"),
    ContactChannel.POST: _l("Brief"),
    ContactChannel.NONE: _l("gar nicht"),
    SeatState.SEATED: _l("Platz sicher"),
    SeatState.WAITING: _l("Warteliste"),
    SeatState.RELEASED: _l("freigegeben"),
    StaffRole.INSTANCE_ADMIN: _l("Betrieb der Installation"),
    StaffRole.HOST_ADMIN: _l("Leitung"),
    StaffRole.ORGANIZER: _l("Organisation"),
    MessageKind.REGISTRATION_CONFIRMED: _l("Bestätigung der Anmeldung"),
    MessageKind.GROUPS_CHANGED: _l("Gruppen geändert"),
    MessageKind.MOVED_UP: _l("nachgerückt"),
    MessageKind.REGISTRATION_CANCELLED: _l("Absage"),
    MessageKind.STAFF_INVITATION: _l("Einladung zur Mitarbeit"),
    MessageKind.ACCESSIBILITY_FEEDBACK: _l("Barriere gemeldet"),
    MessageState.QUEUED: _l("wartet"),
    MessageState.SENDING: _l("wird gesendet"),
    MessageState.SENT: _l("gesendet"),
    MessageState.FAILED: _l("nicht zustellbar"),
    MessageState.UNKNOWN: _l("unklar, ob gesendet"),
    ContributionPhase.HIDDEN: _l("nicht öffentlich"),
    ContributionPhase.OFF: _l("keine Beiträge im Internet"),
    ContributionPhase.NOT_YET: _l("Beiträge noch nicht offen"),
    ContributionPhase.OPEN: _l("Beiträge offen"),
    ContributionPhase.CLOSED: _l("Beiträge beendet"),
    ContributionKind.IDEA: _l("Idee"),
    ContributionKind.NEED: _l("Bedarf"),
    ContributionKind.PROBLEM: _l("Problem"),
    ContributionKind.PRAISE: _l("Lob"),
    ContributionKind.QUESTION: _l("Frage"),
    ContributionKind.STRENGTH: _l("Stärke"),
    ContributionKind.OPEN_QUESTION: _l("offene Frage"),
    ContributionChannel.WEB: _l("Internet"),
    ContributionChannel.CARD: _l("Karte"),
    ContributionChannel.PHONE: _l("Telefon"),
    ContributionChannel.LETTER: _l("Brief"),
    ContributionChannel.OUTREACH: _l("Gespräch vor Ort"),
    ContributionChannel.SURVEY: _l("Umfrage"),
    ContributionChannel.TABLE_MINUTES: _l("Mitschrift der Gruppe"),
    ContributionStatus.RECEIVED: _l("eingegangen"),
    ContributionStatus.IN_REVIEW: _l("wird gelesen"),
    ContributionStatus.PUBLISHED: _l("veröffentlicht"),
    ContributionStatus.DUPLICATE: _l("zählt bei einem gleichen Beitrag mit"),
    ContributionStatus.REJECTED: _l("nicht veröffentlicht"),
    ContributionStatus.FORWARDED: _l("weitergeleitet"),
    ContributionStatus.WITHDRAWN: _l("zurückgezogen"),
    RejectionReason.PERSONAL_DATA: _l("nennt Namen oder Adresse einer Person"),
    RejectionReason.INSULT: _l("beleidigt jemanden"),
    RejectionReason.ACCUSATION: _l("beschuldigt jemanden"),
    RejectionReason.ADVERTISING: _l("ist Werbung"),
    RejectionReason.UNLAWFUL: _l("ist verboten"),
    RejectionReason.OFF_TOPIC: _l("gehört nicht zur Konferenz"),
    RejectionReason.ILLEGIBLE: _l("ist nicht zu verstehen"),
    TranslatedBy.HUMAN: _l("von einem Menschen übersetzt"),
    TranslatedBy.MACHINE: _l("von einer Maschine übersetzt"),
    ReportReason.PERSONAL_DATA: _l("Der Beitrag nennt Namen oder Adresse einer Person."),
    ReportReason.INSULT: _l("Der Beitrag beleidigt oder bedroht jemanden."),
    ReportReason.UNTRUE: _l("Der Beitrag behauptet etwas Falsches über jemanden."),
    ReportReason.OTHER: _l("Etwas anderes stimmt nicht."),
    **words.RECOMMENDATION_STATUS,
    Horizon.SHORT: _l("unter einem Jahr"),
    Horizon.MEDIUM: _l("ein bis drei Jahre"),
    Horizon.LONG: _l("mehr als drei Jahre"),
    FileFormat.PDF: _l("PDF"),
    FileFormat.CSV: _l("CSV-Tabelle"),
    FileFormat.JSON: _l("JSON-Daten"),
    FileState.QUEUED: _l("wartet"),
    FileState.RENDERING: _l("wird erstellt"),
    FileState.READY: _l("fertig"),
    FileState.FAILED: _l("nicht gelungen"),
    FileState.REMOVED: _l("entfernt"),
}

# Why nobody can hand in a contribution over the internet, and what one can do instead.
WHY_NO_CONTRIBUTIONS: dict[ContributionPhase, Any] = {
    ContributionPhase.HIDDEN: _l("Diese Konferenz ist noch nicht veröffentlicht."),
    ContributionPhase.OFF: _l(
        "Hier kann man keine Beiträge abgeben. Rufen Sie uns an, wenn Sie uns etwas sagen möchten."
    ),
    ContributionPhase.NOT_YET: _l("Beiträge können Sie bald abgeben. Der Tag steht hier auf der Seite."),
    ContributionPhase.CLOSED: _l(
        "Die Zeit für Beiträge ist vorbei. Rufen Sie uns an, wenn Sie uns noch etwas sagen möchten."
    ),
}

# Why one cannot register, and what one can do instead. The phone number stands beside it on the page.
WHY_NO_SIGNUP: dict[SignupState, Any] = {
    SignupState.HIDDEN: _l("Diese Konferenz ist noch nicht veröffentlicht."),
    SignupState.NOT_YET: _l(
        "Die Anmeldung ist noch nicht offen. Sie können den Termin schon in Ihren Kalender eintragen."
    ),
    SignupState.FULL: _l(
        "Alle Plätze sind vergeben. Manchmal sagt jemand ab: Rufen Sie uns an oder schauen Sie später noch einmal."
    ),
    SignupState.CLOSED_BY_DATE: _l(
        "Die Anmeldefrist ist vorbei. Rufen Sie uns an: Vielleicht ist noch ein Platz frei."
    ),
    SignupState.CLOSED_BY_HAND: _l(
        "Die Anmeldung ist geschlossen. Rufen Sie uns an: Vielleicht ist noch ein Platz frei."
    ),
    SignupState.PAST: _l(
        "Diese Konferenz ist vorbei. Auf unserer Startseite finden Sie die nächsten Termine."
    ),
    SignupState.POSTPONED: _l(
        "Diese Konferenz ist verschoben. Der neue Termin steht hier, sobald er feststeht. "
        "Wer angemeldet ist, bleibt angemeldet."
    ),
    SignupState.CANCELLED: _l("Diese Konferenz ist abgesagt. Wenn Sie Fragen haben, rufen Sie uns an."),
}


def label(member: enum.Enum) -> str:
    """The word for an enum member in the page's language."""
    return str(LABELS[member])


def in_german(member: enum.Enum) -> str:
    """The German word for an enum member, for documents and files, whatever the language of the page."""
    with force_locale(SOURCE_LANGUAGE):
        return label(member)
