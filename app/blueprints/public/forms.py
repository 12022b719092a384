"""The form of the accessibility statement."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from app.web.forms import AtMost, Required, SubmissionForm


class BarrierForm(SubmissionForm):
    """Somebody tells about a barrier; who wants an answer says where to."""

    text = TextAreaField(
        _l("Was hat nicht funktioniert?"),
        validators=[Required(_l("Bitte schreiben Sie, was nicht funktioniert hat.")), AtMost(5000)],
    )
    page = StringField(
        _l("Auf welcher Seite?"),
        description=_l("Zum Beispiel die Adresse oder die Überschrift der Seite."),
        validators=[AtMost(500)],
    )
    contact = StringField(
        _l("Wohin dürfen wir antworten?"),
        description=_l(
            "E-Mail-Adresse oder Telefonnummer. Ohne diese Angabe können wir Ihnen nicht antworten."
        ),
        validators=[AtMost(254)],
    )
