"""Refusals of wishes and of giving out seats by them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


class WishesTooMany(DomainError):
    sentence = _l("Für jede Runde können Sie höchstens drei Wünsche nennen. Bitte lassen Sie einen weg.")


class WishTwice(DomainError):
    sentence = _l(
        "„%(group)s“ steht in einer Runde zweimal auf Ihrer Wunschliste. Bitte nennen Sie jede Gruppe nur einmal."
    )


class WishGone(DomainError):
    sentence = _l(
        "Eine Gruppe, die Sie sich gewünscht haben, gibt es in dieser Runde nicht mehr. Bitte wählen Sie noch einmal."
    )


class WishesChanged(DomainError):
    sentence = _l(
        "Diese Wünsche hat inzwischen jemand geändert. Ihre Eingabe ist noch nicht gespeichert. "
        "Sehen Sie nach, was jetzt gespeichert ist, und senden Sie noch einmal: Dann gilt Ihre Eingabe."
    )


class NotByWishes(DomainError):
    sentence = _l(
        "Bei dieser Konferenz wählen alle ihre Gruppe selbst. Es gibt keine Wünsche, nach denen verteilt wird."
    )


class NobodyToSeat(DomainError):
    sentence = _l(
        "Es gibt niemanden zu verteilen: Alle haben einen Platz, oder es hat sich noch niemand angemeldet."
    )


class AllocationOver(DomainError):
    sentence = _l(
        "Diese Einteilung ist nicht mehr offen: Sie ist freigegeben, verworfen oder wird gerade berechnet. "
        "Was gilt, steht auf der Seite „Einteilung“."
    )


class AllocationStale(DomainError):
    sentence = _l(
        "Seit dem Berechnen hat sich etwas geändert: Anmeldungen, Wünsche oder Plätze. Es ist noch nichts vergeben. "
        "Rechnen Sie neu, oder geben Sie die Plätze für alle frei, bei denen sich nichts geändert hat."
    )


class AllocationImpossible(DomainError):
    sentence = _l(
        "In „%(group)s“ sind inzwischen nur %(free)s Plätze frei, vorgeschlagen sind %(people)s. "
        "Es ist nichts vergeben. Rechnen Sie neu, oder setzen Sie jemanden um."
    )


class ProposedGroupFull(DomainError):
    sentence = _l(
        "In „%(group)s“ ist kein Platz mehr. Setzen Sie dort zuerst jemanden um, oder wählen Sie eine andere Gruppe."
    )


class AdjustmentReasonMissing(DomainError):
    sentence = _l("Bitte schreiben Sie dazu, warum. Die Person liest den Grund bei ihrer Anmeldung.")
    field = "reason"
