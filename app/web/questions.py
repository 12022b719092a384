"""The conference's own questions as fields of a form: for residents, at the desk, in the reply of an institution.

    form = questions.add_fields(RegistrationForm, questions_domain.asked(conference), languages.current().code)()
    if form.validate_on_submit(): register(…, answers=questions.answers(form))

The page imports `signup/_questions.html`, prints `fields(form)`, and `script(form)` in its block for scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.utils import unset_value
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain import questions as questions_domain
from app.models import Passage, Question, QuestionKind, Translated
from app.web.forms import PICK_ONE, AtMost, BaseForm, PickOne, SelectChoice, clean

NOTHING: tuple[Any, ...] = (None, "", [])
_LARGEST_RANK = 100
# 3 · 3,0 · 1.000 · 12 000, in the digits of any script.
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:[. ]\d{3})+|\d{1,9})(?:[.,]0+)?")
_SIGNS = str.maketrans({"٫": ",", "٬": ".", "\u2212": "-", "\u00a0": " ", "\u202f": " "})


@dataclass(frozen=True)
class Condition:
    """On which answer a question depends: field and option keys of the other question, and both in words."""

    question_id: int
    field: str
    keys: tuple[str, ...]
    question: Passage
    options: tuple[Passage, ...]


@dataclass(frozen=True)
class Asked:
    """One question as a form asks it."""

    id: int
    field: str
    kind: QuestionKind
    is_required: bool
    condition: Condition | None


class WithQuestions(BaseForm):
    """A form that also asks the conference's own questions; see `add_fields`."""

    asked: tuple[Asked, ...] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for question, field in self.asked_questions:
            # Not by a validator: that would demand each box of several.
            field.flags.required = question.is_required or None

    @property
    def asked_questions(self) -> list[tuple[Asked, Field]]:
        """Each question with its field, in order."""
        return [(question, self._fields[question.field]) for question in self.asked]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check all fields; what an answer before has ruled out is neither demanded nor refused."""
        super().validate(extra_validators)
        kept: dict[int, Any] = {}
        for question, field in self.asked_questions:
            if not _applies(question, kept):
                field.errors = []
            elif not field.errors and field.data in NOTHING:
                if question.is_required:
                    field.errors = [gettext("Bitte beantworten Sie diese Frage.")]
            elif not field.errors:
                kept[question.id] = field.data
        return not self.errors


class Boxes(SelectMultipleField):
    """Any number of several, as boxes to tick."""

    data: Any
    choices: Any
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        known = {choice.value for choice in self.choices}
        if set(self.data or ()) - known:
            raise ValidationError(gettext("Bitte wählen Sie etwas aus der Liste."))


class FromList(SelectField):
    """One of many, in a list that opens."""

    data: Any
    choices: Any

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {choice.value for choice in self.choices}:
            raise ValidationError(str(PICK_ONE))


class Number(StringField):
    """A whole number as people write it: 3, 3,0 or 1.000."""

    data: Any

    def __init__(self, label: Any, least: int | None, most: int | None, **options: Any) -> None:
        super().__init__(label, **options)
        self.least, self.most = least, most

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.raw_data = [clean(valuelist[0])]
        typed = self.raw_data[0].translate(_SIGNS)
        if not typed:
            self.data = None
            return
        found = _NUMBER.fullmatch(typed)
        if found is None:
            self.data = None
            raise ValueError(gettext("Bitte geben Sie eine ganze Zahl ein. Zum Beispiel: 3"))
        self.data = int(found[1] + re.sub(r"\D", "", found[2]))

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            return
        if (self.least is not None and self.data < self.least) or (
            self.most is not None and self.data > self.most
        ):
            raise ValidationError(_bounds(self.least, self.most))


class Ranking(Field):
    """Several in an order: a list of places beside each of them. The data are the keys, the first place first."""

    data: Any
    # Read by the summary of errors: its link leads to the first of several controls.
    widget = ListWidget()

    def __init__(self, label: Any, options: list[tuple[str, Passage]], **more: Any) -> None:
        super().__init__(label, **more)
        self.options = options
        self.typed: dict[str, str] = {}

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        if formdata is None:
            self.typed = {key: str(place) for place, key in enumerate(self.data or (), start=1)}
            return
        self.typed = {key: formdata.get(self.name_of(key)) or "" for key, _words in self.options}
        self.raw_data = list(self.typed.values())
        ranked = sorted((int(place), key) for key, place in self.typed.items() if self._is_place(place))
        self.data = [key for _place, key in ranked]

    def pre_validate(self, form: Any) -> None:
        places = [place for place in self.typed.values() if place]
        if not all(map(self._is_place, places)):
            raise ValidationError(str(PICK_ONE))
        for place in places:
            if places.count(place) > 1:
                raise ValidationError(
                    gettext(
                        "Platz %(place)s haben Sie mehrmals vergeben. Bitte geben Sie jeden Platz nur einmal.",
                        place=place,
                    )
                )

    def name_of(self, key: str) -> str:
        """The name of the list beside this option."""
        return f"{self.name}-{key}"

    @property
    def lists(self) -> list[tuple[str, str, Passage, str]]:
        """Of each option: the id and name of its list, its words, and the place that is chosen."""
        return [
            (f"{self.id}-{number}", self.name_of(key), words, self.typed.get(key, ""))
            for number, (key, words) in enumerate(self.options)
        ]

    def _is_place(self, place: str) -> bool:
        return place in {str(number) for number in range(1, min(len(self.options), _LARGEST_RANK) + 1)}


def add_fields(base: type[BaseForm], questions: Iterable[Question], language: str) -> type[Any]:
    """A child of `base` with a field for each of these questions, in the words of `language` or the German ones.

    A question that depends on one that is not among them is left out: nobody can be asked it.
    """
    asked: list[Asked] = []
    fields: dict[str, Any] = {}
    known: dict[int, Question] = {}
    for question in questions:
        condition = None
        if question.shown_if_id is not None:
            other = known.get(question.shown_if_id)
            if other is None:
                continue
            condition = _condition(other, question.shown_if_options, language)
        known[question.id] = question
        name = questions_domain.field_of(question)
        fields[name] = _field(question, language)
        asked.append(Asked(question.id, name, question.kind, question.is_required, condition))
    return type(base.__name__, (WithQuestions, base), {**fields, "asked": tuple(asked)})


def answers(form: BaseForm) -> dict[int, Any]:
    """What was answered, by question id: only what was asked, and nothing that an answer before has ruled out."""
    kept: dict[int, Any] = {}
    for question, field in cast(WithQuestions, form).asked_questions:
        if field.data not in NOTHING and _applies(question, kept):
            kept[question.id] = field.data
    return kept


def put(answers: Mapping[int, Any]) -> dict[str, Any]:
    """Answers given before as they stand in the fields: `form(data=put(answers_of(registration)))`."""
    return {f"question-{question_id}": value for question_id, value in answers.items()}


def in_words(question: Question, value: Any, language: str) -> list[Passage]:
    """An answer as one would read it: options by their words, of a ranking the first place first."""
    words = dict(_options(question, language))
    given = value if isinstance(value, list) else [value]
    return [words.get(part) or Passage(str(part), language, False) for part in given]


def _applies(question: Asked, answered: Mapping[int, Any]) -> bool:
    condition = question.condition
    return condition is None or questions_domain.applies(condition.question_id, condition.keys, answered)


def _field(question: Question, language: str) -> Any:
    # A passage, which pages print with its language.
    label: Any = question.label.passage(language)
    more: dict[str, Any] = {"description": question.help.passage(language)}
    options = _options(question, language)
    match question.kind:
        case QuestionKind.SINGLE:
            choices = [SelectChoice(key, cast(str, words)) for key, words in options]
            if question.is_required:
                return PickOne(label, choices=choices, **more)
            choices.append(SelectChoice("", cast(str, _l("keine Angabe"))))
            return PickOne(label, choices=choices, default="", **more)
        case QuestionKind.MULTI:
            return Boxes(
                label, choices=[SelectChoice(key, cast(str, words)) for key, words in options], **more
            )
        case QuestionKind.SOCIAL_SPACE:
            choices = [SelectChoice("", cast(str, _l("bitte wählen")))]
            choices += [SelectChoice(key, str(words), _spoken(words)) for key, words in options]
            return FromList(label, choices=choices, default="", **more)
        case QuestionKind.RANKING:
            return Ranking(label, options, **more)
        case QuestionKind.NUMBER:
            return Number(label, question.least, question.most, **more)
        case QuestionKind.LONG_TEXT:
            return TextAreaField(label, validators=[AtMost(questions_domain.LONGEST[question.kind])], **more)
        case QuestionKind.TEXT:
            return StringField(label, validators=[AtMost(questions_domain.LONGEST[question.kind])], **more)


def _options(question: Question, language: str) -> list[tuple[str, Passage]]:
    return [
        (option["key"], Translated(option["label"]).passage(language)) for option in question.options or ()
    ]


def _condition(other: Question, keys: Iterable[str], language: str) -> Condition:
    words = dict(_options(other, language))
    wanted = tuple(key for key in keys if key in words)
    return Condition(
        question_id=other.id,
        field=questions_domain.field_of(other),
        keys=wanted,
        question=other.label.passage(language),
        options=tuple(words[key] for key in wanted),
    )


def _spoken(words: Passage) -> dict[str, str]:
    """The language of an option that is not in the one of the page."""
    return {"lang": words.lang, "dir": words.dir} if words.is_fallback else {}


def _bounds(least: int | None, most: int | None) -> str:
    if least is None:
        return gettext("Bitte geben Sie höchstens %(most)s ein.", most=most)
    if most is None:
        return gettext("Bitte geben Sie mindestens %(least)s ein.", least=least)
    return gettext("Bitte geben Sie eine Zahl von %(least)s bis %(most)s ein.", least=least, most=most)
