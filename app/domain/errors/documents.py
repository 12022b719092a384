"""Refusals when a document is made of results."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


class GlyphsMissing(DomainError):
    """`signs` names the signs and where they stand."""

    sentence = _l(
        "Das PDF ist nicht entstanden: Für diese Zeichen gibt es keine Schrift. %(signs)s. "
        "Ändern Sie die Stellen, oder lassen Sie das PDF mit dem Hinweis „[Zeichen fehlt]“ an diesen Stellen erstellen."
    )
