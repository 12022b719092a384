"""What residents see of the day: the QR code for the door, on their page and on paper."""

from __future__ import annotations

from functools import lru_cache

import segno
from flask_babel import gettext as _
from markupsafe import Markup

from app.blueprints.day import bp
from app.domain import day
from app.models import Registration


@bp.app_template_global()
def door_qr(registration: Registration) -> Markup:
    """The QR code that lets a household in; nothing for whoever has no place.

    It holds no address and no code: read by anybody else it says a word and some letters.
    """
    if not registration.has_place:
        return Markup("")
    return _drawn(day.door_mark(registration), _("QR-Code für den Einlass"))


@lru_cache(maxsize=100)
def _drawn(mark: str, title: str) -> Markup:
    # Trying all eight masks takes five times as long, for each who registers; every reader knows them all.
    svg = segno.make(mark, error="m", micro=False, mask=3).svg_inline(
        title=title, border=2, omitsize=True, lineclass=None, svgclass=None
    )
    return Markup(svg.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 - segno escapes the title
