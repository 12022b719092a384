"""Refusals around recommendations, their evidence and their steps."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


class RecommendationTitleTooLong(DomainError):
    sentence = _l(
        "Der Titel hat %(length)s Zeichen. Möglich sind höchstens %(most)s. Bitte kürzen Sie ihn: Was soll geschehen?"
    )
    field = "title"


class StepNotPossible(DomainError):
    sentence = _l(
        "Der Stand ist „%(now)s“. Von dort führt kein Schritt zu „%(wanted)s“. Möglich ist: %(possible)s."
    )


class NoStepLeft(DomainError):
    sentence = _l("Der Stand ist „%(now)s“. Damit ist die Empfehlung abgeschlossen, es folgt kein Schritt.")


class StepTaken(DomainError):
    sentence = _l(
        "Den Stand „%(now)s“ hat inzwischen jemand anderes eingetragen. "
        "Möchten Sie etwas ergänzen? Dann schreiben Sie eine Neuigkeit."
    )


class StepLacks(DomainError):
    """Something is missing for a step; `missing` holds all of it, each with its field and its own sentence."""

    sentence = _l("Für diesen Stand fehlt noch etwas. Bitte ergänzen Sie es.")

    def __init__(self, missing: list[Any]) -> None:
        super().__init__()
        self.missing = missing

    def __str__(self) -> str:
        return " ".join(str(gap.sentence) for gap in self.missing)


class StepInFuture(DomainError):
    sentence = _l("Dieser Tag liegt in der Zukunft. Bitte tragen Sie ein, was schon geschehen ist.")
    field = "happened_on"


class StepBeforeLast(DomainError):
    sentence = _l(
        "Der letzte Schritt war am %(day)s. Bitte geben Sie diesen Tag an oder einen, der danach kommt."
    )
    field = "happened_on"


class NewsMissing(DomainError):
    sentence = _l("Bitte schreiben Sie, was es Neues gibt.")
    field = "text"


class ContributionNotPublic(DomainError):
    sentence = _l(
        "Beitrag Nr. %(number)s ist nicht mehr öffentlich und kann kein Beleg sein. Bitte nehmen Sie einen anderen."
    )
    field = "contributions"


class ContributionUndecided(DomainError):
    sentence = _l("Über diesen Beitrag ist noch nicht entschieden. Ein Beleg muss öffentlich sein.")
    field = "contributions"


class ContributionTakenBack(DomainError):
    sentence = _l("Ein Beitrag wurde zurückgezogen und kann kein Beleg sein. Bitte nehmen Sie einen anderen.")
    field = "contributions"


class MinutesNotSignedOff(DomainError):
    sentence = _l(
        "Dieses Protokoll ist noch nicht freigegeben. Ein Beleg muss öffentlich sein: Geben Sie es zuerst frei."
    )
    field = "minutes"


class EvidenceNeeded(DomainError):
    sentence = _l(
        "Das ist der letzte Beleg. Eine Empfehlung, die vorgelegt ist, braucht mindestens einen. "
        "Nehmen Sie zuerst einen anderen dazu."
    )


class ShownForGood(DomainError):
    sentence = _l("Diese Empfehlung wurde schon öffentlich besprochen. Sie kann nicht mehr verborgen werden.")
    field = "is_public"


class RecommendationStays(DomainError):
    sentence = _l(
        "Löschen geht nur bei einem Entwurf, der nicht öffentlich ist und in keiner Ausgabe steht. "
        "Eine öffentliche Empfehlung können Sie mit einem Stand beenden."
    )
