"""The forms of the desk for recommendations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SearchField, SelectField
from wtforms.validators import NumberRange, Optional

from app.domain.recommendations import MAX_TITLE
from app.models import Horizon
from app.web.fields import Day, EditForm, OneOfMany, Whole, line, text
from app.web.forms import AtMost, BaseForm, Required, SelectChoice, SubmissionForm
from app.web.labels import label

_LISTS = ("target_groups", "measures", "partners")
_TITLE = _l("Bitte geben Sie einen Titel ein: Was soll geschehen?")


class Edit(EditForm):
    """A recommendation with all its fields."""

    title = line(
        _l("Titel"),
        Required(_TITLE),
        most=MAX_TITLE,
        description=_l("Was soll getan werden? Zum Beispiel: „Beratung in drei Stadtteilen anbieten“."),
    )
    field_of_action = line(
        _l("Handlungsfeld"), most=120, description=_l("Zum Beispiel: Wohnen, Beratung, Jugend.")
    )
    target_groups = text(_l("Für wen?"), most=2000, description=_l("Eine Gruppe in jeder Zeile."))
    need = text(_l("Bedarf"), description=_l("Was fehlt heute?"))
    goal = text(
        _l("Ziel"), description=_l("Was soll bis wann erreicht sein? Mit einer Zahl kann man es prüfen.")
    )
    measures = text(_l("Maßnahmen"), description=_l("Ein Schritt in jeder Zeile."))
    lead = line(_l("Zuständige Stelle"), description=_l("Genau eine Stelle, keine Namen von Personen."))
    partners = text(_l("Wer macht mit?"), most=2000, description=_l("Eine Stelle in jeder Zeile."))
    caretaker = line(
        _l("Wer kümmert sich?"), description=_l("Die Stelle oder Aufgabe, bei der man nachfragen kann.")
    )
    horizon = OneOfMany(_l("Wie lange dauert es?"), choices=[])
    target_date = Day(_l("Bis wann?"), validators=[Optional()])
    priority = Whole(
        _l("Rang"),
        most=999,
        validators=[Optional(), NumberRange(min=1, message=_l("Der Rang beginnt bei 1."))],
        description=_l("1 kommt zuerst."),
    )
    answer = text(
        _l("Antwort an die Menschen"),
        description=_l("In einfachen, kurzen Sätzen: Was geschieht mit dem, was sie gesagt haben?"),
    )
    result = text(_l("Was ist herausgekommen?"))
    is_public = BooleanField(_l("Auf der Ergebnisseite zeigen"))

    def offer(self, *, with_result: bool, with_switch: bool) -> None:
        """Offer the horizons; the result only where there is one, the switch only while it can be turned."""
        self.horizon.choices = [
            SelectChoice("", _l("noch offen")),
            *(SelectChoice(horizon.value, label(horizon)) for horizon in Horizon),
        ]
        if not with_result:
            del self.result
        if not with_switch:
            del self.is_public

    def take(self) -> dict[str, Any]:
        """The attributes of the recommendation."""
        fields = {name: field.data for name, field in self._fields.items() if name in self.put_names()}
        for name in _LISTS:
            fields[name] = [each.strip() for each in fields[name].splitlines() if each.strip()]
        fields["horizon"] = Horizon(fields["horizon"]) if fields["horizon"] else None
        return fields

    def put_names(self) -> set[str]:
        """The names of the fields that hold attributes."""
        return {name for name in self._fields if name not in ("csrf_token", "shown")}

    @staticmethod
    def put(values: Mapping[str, Any]) -> dict[str, Any]:
        """The stored values as they stand in the fields."""
        fields = dict(values)
        for name in _LISTS:
            fields[name] = "\n".join(values[name])
        fields["horizon"] = values["horizon"].value if values["horizon"] else ""
        return fields


class _Picking(BaseForm):
    """Looking for evidence in the list of contributions; what is ticked is no field, it comes in any number."""

    q = SearchField(_l("Suchen"), validators=[AtMost(200)])
    thema = SelectField(_l("Thema"), choices=[], validate_choice=False)
    gruppe = SelectField(_l("Arbeitsgruppe"), choices=[], validate_choice=False)


class Pick(_Picking):
    """Further evidence for a recommendation."""


class Draft(_Picking, SubmissionForm):
    """A new recommendation: its title and what it rests on."""

    title = line(
        _l("Titel"),
        Required(_TITLE),
        most=MAX_TITLE,
        description=_l("Was soll getan werden? Zum Beispiel: „Beratung in drei Stadtteilen anbieten“."),
    )
    field_of_action = line(_l("Handlungsfeld"), most=120)


class Filter(BaseForm):
    """Which recommendations to list; read from the address."""

    class Meta(BaseForm.Meta):
        csrf = False

    stand = SelectField(_l("Stand"), choices=[], validate_choice=False)
    feld = SelectField(_l("Handlungsfeld"), choices=[], validate_choice=False)
    stelle = SelectField(_l("Zuständige Stelle"), choices=[], validate_choice=False)


class TakeStep(BaseForm):
    """A step of a recommendation."""

    happened_on = Day(_l("Wann war das?"), validators=[Required(_l("Bitte geben Sie den Tag an."))])
    decided_by = line(
        _l("Wer hat entschieden?"),
        Required(_l("Bitte nennen Sie, wer entschieden hat.")),
        description=_l("Zum Beispiel: Rat, Sozialausschuss. Keine Namen von Personen."),
    )
    result = text(_l("Was ist herausgekommen?"), Required(_l("Bitte schreiben Sie, was herausgekommen ist.")))
    text = text(_l("Was ist geschehen?"), most=2000, description=_l("Das lesen alle."))

    def offer(self, *, with_decision: bool, with_result: bool) -> None:
        """Ask only for what this step needs."""
        if not with_decision:
            del self.decided_by
        if not with_result:
            del self.result


class News(BaseForm):
    """Something new without a step."""

    happened_on = Day(_l("Wann war das?"), validators=[Required(_l("Bitte geben Sie den Tag an."))])
    text = text(_l("Was gibt es Neues?"), Required(_l("Bitte schreiben Sie, was es Neues gibt.")), most=2000)


class Confirm(BaseForm):
    """A question that is answered by a button."""
