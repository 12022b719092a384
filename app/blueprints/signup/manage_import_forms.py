"""Forms with which staff upload a table of registrations and confirm it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from app.web.forms import BaseForm


class TableForm(BaseForm):
    """A file."""

    table = FileField(
        _l("Tabelle"),
        description=_l("CSV oder Excel (XLSX), höchstens 8 MB. Gelesen wird das erste Blatt."),
        render_kw={"accept": ".csv,.xlsx,text/csv"},
    )

    def validate_table(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError(_l("Bitte wählen Sie eine Datei."))


class TakeForm(BaseForm):
    """Whether to take what was shown."""

    only_good = BooleanField(_l("Nur die Anmeldungen übernehmen, bei denen alles stimmt"))
    sends = BooleanField(_l("Bestätigung an alle mit E-Mail-Adresse senden"), default=True)
    # What the page showed.
    seen = HiddenField()
