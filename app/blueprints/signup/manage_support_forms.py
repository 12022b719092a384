"""Forms with which staff answer support needs and look for households that have some."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from app.domain.queries.support import PersonNeeds
from app.models import NeedKind, NeedState
from app.web.forms import BaseForm, SelectChoice
from app.web.labels import label


class SupportFilterForm(BaseForm):
    """Looks for households; sent by GET, so that the result has an address."""

    class Meta(BaseForm.Meta):
        csrf = False

    art = SelectField(
        _l("Art der Unterstützung"),
        choices=lambda: [
            SelectChoice("", _("alle")),
            *(SelectChoice(kind.value, label(kind)) for kind in NeedKind),
        ],
    )
    stand = SelectField(
        _l("Stand"),
        choices=lambda: [
            SelectChoice("", _("alle")),
            *(SelectChoice(state.value, label(state)) for state in NeedState),
        ],
    )

    @property
    def kind(self) -> NeedKind | None:
        return next((kind for kind in NeedKind if kind.value == self.art.data), None)

    @property
    def state(self) -> NeedState | None:
        return next((state for state in NeedState if state.value == self.stand.data), None)


class _Answers:
    """One choice for each need."""

    need_ids: list[int]

    def field_of(self, need_id: int) -> Any:
        return self[f"need-{need_id}"]  # type: ignore[index]  # always mixed into a form

    @property
    def answers(self) -> dict[int, NeedState]:
        """What was chosen, by the id of the need."""
        return {need_id: NeedState(self.field_of(need_id).data) for need_id in self.need_ids}


def answer_form(people: list[PersonNeeds]) -> Any:
    """A form with a choice for each need of a household."""
    needs = [need for person in people for need in person.needs]
    fields = {
        f"need-{need.id}": RadioField(
            label(need.wanted.kind),
            validators=[InputRequired(_l("Bitte wählen Sie eine Antwort."))],
            choices=[SelectChoice(state.value, label(state)) for state in NeedState],
            default=need.state.value,
        )
        for need in needs
    }
    form = type("AnswerForm", (_Answers, BaseForm), fields)()
    form.need_ids = [need.id for need in needs]
    return form
