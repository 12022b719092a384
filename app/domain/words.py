"""Words that refusals and documents need as well as pages; all others stand in app/web/labels.py."""

from __future__ import annotations

import enum
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models import RecommendationStatus

_S = RecommendationStatus
RECOMMENDATION_STATUS: dict[enum.Enum, Any] = {
    _S.COLLECTED: _l("gesammelt"),
    _S.DRAFTED: _l("Entwurf"),
    _S.IN_CONSULTATION: _l("wird besprochen"),
    _S.PRIORITISED: _l("nach Wichtigkeit geordnet"),
    _S.SUBMITTED: _l("der Politik vorgelegt"),
    _S.ADOPTED: _l("beschlossen"),
    _S.ADOPTED_AMENDED: _l("mit Änderungen beschlossen"),
    _S.NOTED: _l("zur Kenntnis genommen"),
    _S.REJECTED: _l("abgelehnt"),
    _S.PLANNED: _l("geplant"),
    _S.IN_PROGRESS: _l("in Arbeit"),
    _S.DONE: _l("erledigt"),
    _S.STOPPED: _l("beendet ohne Ergebnis"),
    _S.DEFERRED: _l("zurückgestellt"),
}
