"""Refusals about invitations of institutions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


class InstitutionNameMissing(DomainError):
    sentence = _l("Bitte geben Sie den Namen der Einrichtung ein.")
    field = "organisation"


class InstitutionListed(DomainError):
    sentence = _l("„%(organisation)s“ steht schon in der Liste. Es ist nichts doppelt.")
    field = "organisation"


class TooManyInvited(DomainError):
    sentence = _l("Eine Einladung gilt für mindestens eine und höchstens %(most)s Personen.")
    field = "most"


class TooManyFromInstitution(DomainError):
    sentence = _l(
        "Ihre Einladung gilt für höchstens %(most)s Personen. Bitte entfernen Sie jemanden, oder rufen Sie uns an."
    )


class InvitationAnswered(DomainError):
    sentence = _l("Auf diese Einladung ist schon geantwortet worden. Es hat sich nichts geändert.")
