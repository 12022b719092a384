"""Refusals of texts and mailings."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


class PlaceholderUnknown(DomainError):
    sentence = _l("Den Platzhalter {%(name)s} gibt es nicht. Möglich sind hier: %(known)s.")


class PlaceholderMissing(DomainError):
    sentence = _l("In diesem Text fehlt der Platzhalter {%(name)s}: %(meaning)s. Bitte fügen Sie ihn ein.")


class PlaceholderMisplaced(DomainError):
    sentence = _l("Der Platzhalter {%(name)s} ist für den Betreff zu lang. Bitte setzen Sie ihn in den Text.")
    field = "subject"


class PlaceholderInNote(DomainError):
    sentence = _l(
        "Bei „%(near)s“ steht eine geschweifte Klammer. Platzhalter gibt es in den Texten der Nachrichten, nicht in "
        "diesem Hinweis. Bitte schreiben Sie hier alles aus."
    )


class BraceAlone(DomainError):
    sentence = _l(
        "Bei „%(near)s“ steht eine geschweifte Klammer allein. Ein Platzhalter sieht so aus: {titel}. "
        "Sonst lassen Sie die Klammer bitte weg."
    )


class SubjectMissing(DomainError):
    sentence = _l("Bitte geben Sie einen Betreff ein.")
    field = "subject"


class BodyMissing(DomainError):
    sentence = _l("Bitte geben Sie einen Text ein. Mit „Übliche Worte“ gilt wieder der Text des Programms.")
    field = "body"


class MessageTextTooLong(DomainError):
    sentence = _l("Das sind %(length)s Zeichen. Möglich sind höchstens %(most)s. Bitte kürzen Sie den Text.")


class MailingClosed(DomainError):
    sentence = _l(
        "Diese Nachricht ist schon freigegeben oder verworfen. Sie lässt sich nicht mehr ändern. "
        "Legen Sie eine neue an, wenn Sie noch etwas mitteilen möchten."
    )


class MailingOutOfDate(DomainError):
    sentence = _l("Es ist nichts verschickt worden. %(reason)s")


class NobodyReached(DomainError):
    sentence = _l(
        "Niemand bekommt diese Nachricht: Zu dieser Auswahl gehört keine Anmeldung, die wir erreichen. "
        "Bitte ändern Sie, wer sie bekommt."
    )


class AudienceGroupGone(DomainError):
    sentence = _l(
        "Eine Arbeitsgruppe, die Sie ausgewählt haben, gibt es nicht mehr. Bitte prüfen Sie, wer die Nachricht bekommt."
    )
    field = "groups"


class CannotSendAgain(DomainError):
    sentence = _l(
        "Diese Nachricht lässt sich nicht noch einmal schicken: Die Adresse ist nicht mehr gespeichert. "
        "Rufen Sie die Person an oder laden Sie sie neu ein."
    )
