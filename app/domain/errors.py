"""What the domain refuses, as facts; each carries a sentence people can act on."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l


class DomainError(Exception):
    """A use case was refused. `str(error)` says what happened and what to do, in the page's language.

    `field` names the form field the sentence belongs to, where there is one.
    """

    sentence: Any = ""
    field: str | None = None

    def __init__(self, *, field: str | None = None, **values: Any) -> None:
        super().__init__()
        if field is not None:
            self.field = field
        self.values = values

    def __str__(self) -> str:
        return str(self.sentence) % self.values if self.values else str(self.sentence)


class NotFound(DomainError):
    sentence = _l("Das gibt es nicht oder nicht mehr.")


class SignupClosed(DomainError):
    sentence = _l("Die Anmeldung ist geschlossen. Rufen Sie uns an, wenn Sie noch teilnehmen möchten.")


class ConferenceFull(DomainError):
    sentence = _l(
        "Die Konferenz ist gerade voll geworden. Rufen Sie uns an: Manchmal wird noch ein Platz frei."
    )


class GroupFull(DomainError):
    sentence = _l(
        "„%(group)s“ ist voll. Ihren bisherigen Platz haben Sie noch. "
        "Sie können eine andere Gruppe wählen oder sich auf die Warteliste setzen lassen."
    )


class CapacityBelowSeated(DomainError):
    sentence = _l(
        "%(seated)s Plätze sind schon vergeben. Die Zahl der Plätze kann nicht kleiner sein. "
        "Sagen Sie erst jemandem ab oder wählen Sie mindestens %(seated)s."
    )
    field = "capacity"


class UnknownCode(DomainError):
    # Says nothing about whether such a code was ever given.
    sentence = _l(
        "Mit diesem Code finden wir keine Anmeldung. Bitte prüfen Sie die drei Wörter und die Zahl."
    )
    field = "code"


class AlreadyCancelled(DomainError):
    sentence = _l("Diese Anmeldung ist schon abgesagt. Sie können sich neu anmelden.")


class Changed(DomainError):
    sentence = _l(
        "Inzwischen hat sich etwas geändert. Bitte prüfen Sie Ihre Angaben und senden Sie sie noch einmal."
    )


class HostKeyUnfit(DomainError):
    sentence = _l(
        "„%(key)s“ geht nicht als Adresse. Erlaubt sind kleine Buchstaben a–z, Ziffern und Bindestriche; "
        "einige Wörter sind vergeben."
    )
    field = "key"


class HostKeyTaken(DomainError):
    sentence = _l("Die Adresse „%(key)s“ gibt es schon. Bitte wählen Sie eine andere.")
    field = "key"


class LowContrast(DomainError):
    sentence = _l(
        "Weiße Schrift ist auf dieser Farbe schlecht zu lesen. Bitte wählen Sie eine dunklere Farbe."
    )
    field = "accent_colour"


class ColourUnfit(DomainError):
    sentence = _l("Das ist keine Farbe, die wir lesen können. Bitte wählen Sie eine, zum Beispiel: #00615a")
    field = "accent_colour"


class NotAPicture(DomainError):
    sentence = _l("Diese Datei ist kein Bild, das wir lesen können. Bitte nehmen Sie PNG, JPEG oder WebP.")
    field = "logo"


class EmailUnfit(DomainError):
    sentence = _l(
        "Diese E-Mail-Adresse stimmt so nicht. Bitte prüfen Sie sie, zum Beispiel: name@beispiel.de"
    )
    field = "email"


class PasswordTooShort(DomainError):
    sentence = _l("Das Passwort ist zu kurz. Bitte nehmen Sie mindestens %(minimum)s Zeichen.")
    field = "password"


class InvitationExpired(DomainError):
    sentence = _l("Diese Einladung gilt nicht mehr. Bitte lassen Sie sich eine neue schicken.")


class WrongLogin(DomainError):
    sentence = _l("E-Mail-Adresse oder Passwort stimmt nicht. Bitte prüfen Sie beides.")
    field = "password"


class WrongPassword(DomainError):
    sentence = _l("Ihr jetziges Passwort stimmt nicht. Bitte geben Sie es noch einmal ein.")
    field = "current"


class OwnRole(DomainError):
    sentence = _l("Ihre eigene Rolle können Sie nicht entfernen. Bitten Sie jemand anderen aus der Leitung.")


class NoSignupHere(DomainError):
    sentence = _l(
        "Für diese Konferenz kann sich gerade niemand anmelden: Sie ist ein Entwurf, archiviert oder abgesagt."
    )


class ContactMissing(DomainError):
    sentence = _l("Bitte geben Sie an, wie wir die Person erreichen, oder wählen Sie „gar nicht“.")
    field = "contact"


class ChangedMeanwhile(DomainError):
    sentence = _l(
        "Während Sie geschrieben haben, hat jemand anderes dieselben Angaben geändert. "
        "Unten steht, was jetzt gespeichert ist, neben dem, was Sie eingegeben haben. Prüfen Sie beides und "
        "speichern Sie noch einmal: Dann gilt Ihre Eingabe."
    )


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


class TitleMissing(DomainError):
    sentence = _l("Bitte geben Sie einen Titel ein.")
    field = "title"


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


class PlacesBelowTaken(DomainError):
    sentence = _l(
        "%(taken)s Personen sind schon angemeldet. Bitte wählen Sie mindestens %(taken)s oder lassen Sie das Feld leer."
    )
    field = "capacity"


class WalkInsAboveCapacity(DomainError):
    sentence = _l("Es können nicht mehr Plätze freigehalten werden, als es gibt.")
    field = "walk_in_quota"


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


class OrderUnfit(DomainError):
    sentence = _l(
        "Die Liste hat sich inzwischen geändert. Es ist nichts umgestellt worden. Bitte ordnen Sie noch einmal."
    )


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


class ContributionsClosed(DomainError):
    sentence = _l(
        "Im Moment können Sie hier keinen Beitrag abgeben. Rufen Sie uns an, wenn Sie uns etwas sagen möchten."
    )


class TextMissing(DomainError):
    sentence = _l("Bitte schreiben Sie uns etwas.")
    field = "text"


class UnknownContributionCode(DomainError):
    # Says nothing about whether such a code was ever given.
    sentence = _l(
        "Mit diesem Code finden wir keinen Beitrag. Bitte prüfen Sie die drei Wörter und die Zahl. "
        "Der Code einer Anmeldung ist ein anderer."
    )
    field = "code"


class AlreadyModerated(DomainError):
    sentence = _l(
        "Über Ihren Beitrag ist schon entschieden. Ändern geht nicht mehr. Zurückziehen können Sie ihn weiter."
    )


class AlreadyWithdrawn(DomainError):
    sentence = _l(
        "Dieser Beitrag ist zurückgezogen. Der Text ist gelöscht, daran lässt sich nichts mehr ändern."
    )


class ReasonMissing(DomainError):
    sentence = _l("Bitte wählen Sie einen Grund.")
    field = "reason"


class ReplyMissing(DomainError):
    sentence = _l("Bitte schreiben Sie einen Satz für die Person, die den Beitrag abgegeben hat.")
    field = "reply"


class OfficeMissing(DomainError):
    sentence = _l("Bitte nennen Sie die Stelle, die sich darum kümmern soll.")
    field = "office"


class OriginalUnfit(DomainError):
    sentence = _l(
        "Nr. %(number)s geht nicht als Original. Bitte nennen Sie die Nummer eines anderen, veröffentlichten Beitrags."
    )
    field = "original"


class TopicInUse(DomainError):
    sentence = _l(
        "Eine Empfehlung stützt sich auf „%(topic)s“. Darum kann das Thema nicht wegfallen. "
        "Ändern Sie zuerst die Empfehlung."
    )


class MinutesInUse(DomainError):
    sentence = _l(
        "Eine Empfehlung stützt sich auf dieses Protokoll. Darum kann es nicht wegfallen. "
        "Ändern Sie zuerst die Empfehlung."
    )
