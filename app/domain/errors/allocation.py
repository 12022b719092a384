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
