"""What every refusal is, and refusals any part may meet."""

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


class Changed(DomainError):
    sentence = _l(
        "Inzwischen hat sich etwas geändert. Bitte prüfen Sie Ihre Angaben und senden Sie sie noch einmal."
    )


class ChangedMeanwhile(DomainError):
    sentence = _l(
        "Während Sie geschrieben haben, hat jemand anderes dieselben Angaben geändert. "
        "Unten steht, was jetzt gespeichert ist, neben dem, was Sie eingegeben haben. Prüfen Sie beides und "
        "speichern Sie noch einmal: Dann gilt Ihre Eingabe."
    )


class TitleMissing(DomainError):
    sentence = _l("Bitte geben Sie einen Titel ein.")
    field = "title"


class OrderUnfit(DomainError):
    sentence = _l(
        "Die Liste hat sich inzwischen geändert. Es ist nichts umgestellt worden. Bitte ordnen Sie noch einmal."
    )
