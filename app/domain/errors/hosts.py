"""Refusals around hosts, staff and their accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


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
