"""What WTForms says by itself comes in our words: no field of ours answers in English."""

from __future__ import annotations

import ast
import inspect

import pytest
from flask import Flask
from wtforms import DateField, DecimalField, IntegerField, SelectMultipleField, TimeField
from wtforms.fields import choices, datetime, numeric

from app.web.fields import Whole
from app.web.forms import BaseForm, _Translations

# Said to programmers, never to somebody who fills in a form.
FOR_PROGRAMMERS = {"Choices cannot be None."}


def sentences() -> set[str]:
    """All sentences the fields of WTForms have translated."""
    found = set()
    for module in (choices, datetime, numeric):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in ("gettext", "ngettext"):
                texts = [part for part in node.args if isinstance(part, ast.Constant)]
                found |= {part.value for part in texts if isinstance(part.value, str)}
    return found - FOR_PROGRAMMERS


class AllForm(BaseForm):
    whole = IntegerField()
    amount = DecimalField()
    day = DateField()
    clock = TimeField()
    several = SelectMultipleField(choices=["a"])
    seed = Whole("Startzahl", least=1, most=9)


def test_each_sentence_of_a_field_has_our_words(app: Flask) -> None:
    with app.test_request_context():
        words = _Translations()
        ours = {words.gettext(sentence) for sentence in sentences()}
        several = {words.ngettext(sentence, sentence, 1) for sentence in sentences()}

    assert len(sentences()) > 8
    assert not (ours | several) & sentences()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("whole", "abc", "Das ist keine ganze Zahl. Zum Beispiel: 12"),
        ("amount", "abc", "Das ist keine Zahl. Zum Beispiel: 12"),
        ("day", "abc", "Dieses Datum gibt es nicht. Zum Beispiel: 25.05.2027"),
        ("clock", "abc", "Diese Uhrzeit verstehen wir nicht. Zum Beispiel: 17:00"),
        ("several", "b", "Bitte wählen Sie eine der Möglichkeiten."),
        ("seed", "abc", "Das ist keine ganze Zahl. Zum Beispiel: 12"),
        ("seed", "0", "Bitte geben Sie eine Zahl von 1 bis 9 ein."),
    ],
)
def test_what_cannot_be_read_is_told_in_german(app: Flask, field: str, typed: str, said: str) -> None:
    with app.test_request_context(method="POST", data={field: typed}):
        form = AllForm()
        form.validate()

        assert form[field].errors == [said]
