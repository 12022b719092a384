"""Refusals of registration and seats."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


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


class NoSignupHere(DomainError):
    sentence = _l(
        "Für diese Konferenz kann sich gerade niemand anmelden: Sie ist ein Entwurf, archiviert oder abgesagt."
    )


class ContactMissing(DomainError):
    sentence = _l("Bitte geben Sie an, wie wir die Person erreichen, oder wählen Sie „gar nicht“.")
    field = "contact"
