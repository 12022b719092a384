"""Boxes for consents, none of them ticked: each stands for the words that are beside it, and for no others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from app.domain import consents
from app.domain.errors import ConsentWordsChanged, DomainError
from app.models import ConsentMethod, ConsentText
from app.web import languages
from app.web.filters import passage
from app.web.forms import BaseForm, PickOne, Required, SelectChoice


class ConsentBox(BooleanField):
    """A box that sends a mark of its words: once they are others, its tick counts no more, and the person is told."""

    data: Any

    def __init__(self, label: Any = None, *, text: ConsentText, **options: Any) -> None:
        super().__init__(label, **options)
        self.text = text
        # What the page that was sent has shown.
        self.shown = ""

    def _value(self) -> str:
        return consents.mark(self.text, languages.current().code)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.shown = valuelist[0] if valuelist else ""
        self.data = bool(self.shown) and consents.is_of(self.text, self.shown)
        if self.shown and not self.data:
            # Also a page that checks nothing, because a person was added to it, takes the tick away and says why.
            self.errors = [str(ConsentWordsChanged())]
            raise ValueError(self.errors[0])

    def put(self, text: ConsentText) -> bool:
        """Show the words of `text` from now on; False when they are not those of the tick, which then is gone."""
        self.text, self.label.text = text, cast(str, passage(text.words))
        if not self.data or consents.is_of(text, self.shown):
            return True
        self.data, self.errors = False, [str(ConsentWordsChanged())]
        return False


class WithConsents(BaseForm):
    """The part of a form that asks for consents; see `boxes`."""

    consent_texts: tuple[ConsentText, ...] = ()

    @property
    def consents(self) -> list[tuple[ConsentText, ConsentBox]]:
        """What can be agreed to, each with its box."""
        return [(text, self._fields[consents.field_of(text.purpose)]) for text in self.consent_texts]

    @property
    def agreed(self) -> dict[int, str]:
        """Ids of the words that were agreed to, with the mark of what was read."""
        return {text.id: box.shown for text, box in self.consents if box.data}

    def reject(self, error: DomainError) -> None:
        """The same; words that changed in this very moment are read again."""
        if not isinstance(error, ConsentWordsChanged):
            super().reject(error)
            return
        now_asked = {consents.field_of(text.purpose): text for text in consents.asked(g.conference)}
        known = [box for _text, box in self.consents]
        for box in known:
            if box.name not in now_asked:
                del self._fields[box.name]
        left = [box for box in known if box.name in now_asked]
        self.consent_texts = tuple(now_asked[box.name] for box in left)
        unread = [box for box in left if not box.put(now_asked[box.name])]
        if not unread:
            super().reject(error)


class ConsentsForm(WithConsents):
    """What somebody agrees to later; see `consents_form`."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check all fields; at least one box is ticked."""
        valid = super().validate(extra_validators)
        if not self.agreed and not any(box.errors for _text, box in self.consents):
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
    return type(base.__name__, (base,), boxes(texts))()


def boxes(texts: Sequence[ConsentText]) -> dict[str, Any]:
    """What a form of consents has more: a box for each of `texts`."""
    made: dict[str, Any] = {
        consents.field_of(text.purpose): ConsentBox(cast(str, passage(text.words)), text=text)
        for text in texts
    }
    return {**made, "consent_texts": tuple(texts)}
