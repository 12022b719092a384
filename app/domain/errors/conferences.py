"""Refusals around a conference, its programme, groups and places."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


class NoSuchTime(DomainError):
    sentence = _l(
        "Die Uhrzeit %(time)s gibt es am %(day)s nicht: Die Uhr wird von 2 auf 3 Uhr vorgestellt. "
        "Bitte wählen Sie eine andere Uhrzeit."
    )


class TimeTwice(DomainError):
    sentence = _l(
        "Die Uhrzeit %(time)s gibt es am %(day)s zweimal: Die Uhr wird von 3 auf 2 Uhr zurückgestellt. "
        "Bitte wählen Sie eine Uhrzeit vor 2 oder ab 3 Uhr."
    )


class ConferenceKeyUnfit(DomainError):
    sentence = _l(
        "„%(key)s“ geht nicht als Adresse. Erlaubt sind kleine Buchstaben a–z, Ziffern und Bindestriche; "
        "einige Wörter sind vergeben."
    )
    field = "key"


class ConferenceKeyTaken(DomainError):
    sentence = _l("Die Adresse „%(key)s“ gibt es bei Ihnen schon. Bitte wählen Sie eine andere.")
    field = "key"


class EndBeforeStart(DomainError):
    sentence = _l("Das Ende liegt vor dem Anfang. Bitte prüfen Sie beide Zeiten.")
    field = "ends"


class TooLong(DomainError):
    sentence = _l("Eine Konferenz kann höchstens %(days)s Tage dauern. Bitte prüfen Sie das Datum am Ende.")
    field = "end_day"


class ProgrammeOutside(DomainError):
    sentence = _l(
        "Das Programm geht bis %(until)s Uhr und passt nicht mehr in die Konferenz. "
        "Wählen Sie ein späteres Ende oder kürzen Sie zuerst das Programm."
    )
    field = "ends"


class SignupWindowUnfit(DomainError):
    sentence = _l("Die Anmeldung endet, bevor sie beginnt. Bitte prüfen Sie beide Zeiten.")
    field = "closes_day"


class StatusForbids(DomainError):
    sentence = _l(
        "Das geht nicht: Die Konferenz hat inzwischen einen anderen Stand. Bitte sehen Sie nach, was jetzt möglich ist."
    )


class NotReady(DomainError):
    """Something is missing; `missing` holds it, each with its own sentence."""

    sentence = _l("Die Konferenz ist noch nicht fertig. Bitte ergänzen Sie, was fehlt.")

    def __init__(self, missing: list[Any]) -> None:
        super().__init__()
        self.missing = missing


class DatePassed(DomainError):
    sentence = _l("Der Termin ist vorbei. Bitte tragen Sie zuerst den neuen Termin ein.")


class DeadlinePassed(DomainError):
    sentence = _l("Die Anmeldefrist ist vorbei. Bitte tragen Sie zuerst einen späteren Anmeldeschluss ein.")


class NotOverYet(DomainError):
    sentence = _l(
        "Die Konferenz hat noch nicht stattgefunden. Ins Archiv kommt sie danach oder nach einer Absage."
    )


class HasRegistrations(DomainError):
    sentence = _l(
        "Es gibt schon Anmeldungen. Sagen Sie die Konferenz ab, statt sie zurückzuziehen oder zu löschen."
    )


class HasContributions(DomainError):
    sentence = _l("Es gibt schon Beiträge. Sagen Sie die Konferenz ab, statt sie zurückzuziehen.")


class ItemOutside(DomainError):
    sentence = _l(
        "Die Konferenz dauert von %(start)s bis %(end)s Uhr. Der Programmpunkt muss in dieser Zeit liegen."
    )
    field = "starts"


class ItemsOverlap(DomainError):
    sentence = _l(
        "Zu dieser Zeit läuft schon „%(other)s“ (%(start)s bis %(end)s Uhr). Bitte wählen Sie eine andere Zeit."
    )
    field = "starts"


class RoundTaken(DomainError):
    sentence = _l(
        "In Runde %(number)s haben schon Menschen Plätze oder stehen auf der Warteliste. "
        "Darum kann sie nicht wegfallen. Ändern Sie zuerst diese Anmeldungen."
    )


class RoundBeforeTaken(DomainError):
    sentence = _l(
        "In Runde %(number)s haben schon Menschen Plätze. Eine neue Runde kann nur danach liegen: "
        "Sonst säßen sie plötzlich zu einer anderen Zeit in ihrer Gruppe."
    )
    field = "starts"


class GroupTaken(DomainError):
    sentence = _l(
        "In „%(group)s“ haben schon Menschen Plätze oder stehen auf der Warteliste. "
        "Darum kann die Gruppe nicht wegfallen. Ändern Sie zuerst diese Anmeldungen."
    )


class GroupInUse(DomainError):
    sentence = _l(
        "Zu „%(group)s“ gehören schon Themen, Beiträge oder ein Protokoll. Darum kann die Gruppe nicht wegfallen. "
        "Ordnen Sie Themen und Beiträge zuerst anders zu, und entfernen Sie das Protokoll."
    )


class GroupNeedsRound(DomainError):
    sentence = _l("„%(group)s“ braucht mindestens eine Runde mit einer Zahl von Plätzen.")


class VenueNameTaken(DomainError):
    sentence = _l(
        "Den Ort „%(name)s“ gibt es schon. Wählen Sie ihn aus der Liste oder nehmen Sie einen anderen Namen."
    )
    field = "name"


class VenueInUse(DomainError):
    sentence = _l("An diesem Ort findet noch eine Konferenz statt. Darum kann er nicht wegfallen.")


class RoomNameTaken(DomainError):
    sentence = _l("Den Raum „%(name)s“ gibt es hier zweimal. Bitte nehmen Sie verschiedene Namen.")
    field = "new_rooms"


class RoomInUse(DomainError):
    sentence = _l("Der Raum „%(name)s“ wird noch gebraucht: im Programm oder von einer Arbeitsgruppe.")


class NotBegunYet(DomainError):
    sentence = _l("Die Konferenz hat noch nicht begonnen. In die Dokumentation kommt sie danach.")


class ContributionWindowUnfit(DomainError):
    sentence = _l("Die Zeit für Beiträge endet, bevor sie beginnt. Bitte prüfen Sie beide Zeiten.")
    field = "closes_day"


class ContributionWindowUnopened(DomainError):
    sentence = _l("Bitte geben Sie auch an, ab wann man Beiträge abgeben kann.")
    field = "opens_day"
