"""What WTForms says by itself comes in our words, in the language of the page."""

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.web.forms import BaseForm


class Sample(BaseForm):
    name = StringField("Name", validators=[InputRequired()])
    kind = SelectField("Art", choices=[SelectChoice("a", "A")])


@pytest.mark.parametrize(
    ("locale", "required", "choice"),
    [
        ("de", "Bitte füllen Sie dieses Feld aus.", "Bitte wählen Sie eine der Möglichkeiten."),
        ("ar", "يرجى ملء هذا الحقل.", "يرجى اختيار أحد الخيارات."),
    ],
)
def test_sentences_of_wtforms_are_ours(app: Flask, locale: str, required: str, choice: str) -> None:
    with app.test_request_context(), force_locale(locale):
        form = Sample(formdata=MultiDict({"kind": "b"}), meta={"csrf": False})

        assert not form.validate()
        assert list(form.name.errors) == [required]
        assert list(form.kind.errors) == [choice]


@pytest.mark.parametrize(
    "body",
    ['{"name": 5, "kind": "a"}', '{"name": "\\ud800", "kind": "a"}', "[1]", "5", "{", '{"a":' * 50_000],
)
def test_a_body_that_no_form_sends_is_not_read(app: Flask, body: str) -> None:
    with app.test_request_context(method="POST", data=body, content_type="application/json"):
        form = Sample(meta={"csrf": False})

        assert not form.validate_on_submit()
        assert form.name.data is None
