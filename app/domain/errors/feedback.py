"""Refusals around contributions, topics and minutes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


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
