"""Refusals around editions and their files."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


class NotPublicYet(DomainError):
    sentence = _l(
        "Diese Konferenz ist nicht öffentlich. Veröffentlichen Sie sie zuerst, dann können Sie Ergebnisse herausgeben."
    )


class CorrectionPassed(DomainError):
    sentence = _l("Dieser Tag ist vorbei. Bitte nennen Sie einen Tag, bis zu dem man noch etwas melden kann.")
    field = "correction_until"


class EditionRedacted(DomainError):
    sentence = _l(
        "Aus Ausgabe %(number)s ist etwas zurückgezogen worden. Ihre Dateien gibt es darum nicht mehr. "
        "Veröffentlichen Sie die nächste Ausgabe."
    )
