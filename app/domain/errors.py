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
