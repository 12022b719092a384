"""Forms for a consent that comes after the registration: one box for each, none of them ticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from app.models import ConsentMethod, ConsentText
from app.web.filters import passage
from app.web.forms import BaseForm, PickOne, Required, SelectChoice


class ConsentsForm(BaseForm):
    """What somebody agrees to; see `consents_form`."""

    texts: tuple[ConsentText, ...] = ()

    @property
    def entries(self) -> list[tuple[ConsentText, BooleanField]]:
        return [(text, self._fields[_name(text)]) for text in self.texts]

    @property
    def ticked(self) -> list[int]:
        """Ids of the words that were agreed to."""
        return [text.id for text, field in self.entries if field.data]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check all fields; at least one box is ticked."""
        valid = super().validate(extra_validators)
        if not self.ticked:
            self.form_errors.append(_("Es ist nichts angekreuzt. Es hat sich nichts geändert."))
            return False
        return valid


class DeskConsentsForm(ConsentsForm):
    """The same, noted by staff: how the person has said so."""

    method = PickOne(
        _l("Wie hat die Person eingewilligt?"),
        choices=[
            SelectChoice(ConsentMethod.PAPER.value, _l("auf Papier, mit Unterschrift")),
            SelectChoice(ConsentMethod.ORAL.value, _l("mündlich, und ich habe es gehört")),
        ],
        validators=[Required(_l("Bitte wählen Sie, wie die Person eingewilligt hat."))],
    )

    @property
    def chosen_method(self) -> ConsentMethod:
        return ConsentMethod(self.method.data)


def consents_form(texts: Sequence[ConsentText]) -> ConsentsForm:
    """What a resident is asked for, in the language of the page."""
    made: ConsentsForm = _made(ConsentsForm, texts)
    return made


def desk_consents_form(texts: Sequence[ConsentText]) -> DeskConsentsForm:
    """What staff can note."""
    made: DeskConsentsForm = _made(DeskConsentsForm, texts)
    return made


def _made(base: type[ConsentsForm], texts: Sequence[ConsentText]) -> Any:
    boxes = {_name(text): BooleanField(cast(str, passage(text.words))) for text in texts}
    return type(base.__name__, (base,), {**boxes, "texts": tuple(texts)})()


def _name(text: ConsentText) -> str:
    return f"consent_{text.id}"
