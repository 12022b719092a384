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
    sentence = _l("Mit diesem Code finden wir keine Anmeldung. Bitte prüfen Sie die drei Wörter und die Zahl.")
    field = "code"


class AlreadyCancelled(DomainError):
    sentence = _l("Diese Anmeldung ist schon abgesagt. Sie können sich neu anmelden.")


class Changed(DomainError):
    sentence = _l("Inzwischen hat sich etwas geändert. Bitte prüfen Sie Ihre Angaben und senden Sie sie noch einmal.")
