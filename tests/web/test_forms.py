"""Forms: what is typed is tidied, and what WTForms says by itself comes in our words, in the language of the page."""

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.web.forms import BaseForm, Required


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


class LineForm(BaseForm):
    """One line, and a text of several."""

    title = StringField(validators=[Required()])
    text = TextAreaField()


@pytest.mark.parametrize("typed", ["a\r\nBcc: b", "a\n\n Bcc:\tb ", "a\u2028Bcc: b"])
def test_one_line_stays_one_line(app, typed):
    with app.test_request_context(method="POST", data={"title": typed, "text": "eins\r\n\r\nzwei "}):
        form = LineForm()

        assert form.validate_on_submit()
        assert form.title.data in ("a Bcc: b",)
        assert form.text.data == "eins\n\nzwei"


@pytest.mark.parametrize("typed", ["\u202e", "\u200b\u200f", " \u00a0 ", "\ufeff"])
def test_what_nobody_can_see_is_nothing(app, typed):
    with app.test_request_context(method="POST", data={"title": typed}):
        form = LineForm()

        assert not form.validate_on_submit()
        assert [str(error) for error in form.title.errors] == ["Bitte füllen Sie dieses Feld aus."]
