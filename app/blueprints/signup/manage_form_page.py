"""What the pages of the registration form's editor share: their frame, their addresses, their words."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain import form_texts
from app.models import Conference, ConsentPurpose, NeedKind, Question
from app.web import languages, navigation
from app.web.labels import label


def page(template: str, conference: Conference, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A page of the editor with the side navigation of the conference."""
    body = render_template(
        f"signup/manage/form/{template}.html",
        sections=navigation.of_conference(conference),
        sections_title=str(conference.title),
        **values,
    )
    return body, status


def address(endpoint: str, conference: Conference, **parts: Any) -> str:
    """The address of a page of the editor."""
    return url_for(f"signup.{endpoint}", host=g.host.key, conference=conference.key, **parts)


def further(conference: Conference) -> list[languages.Language]:
    """The languages of the conference beside German."""
    return [
        language
        for language in languages.INSTALLED.values()
        if language is not languages.GERMAN and language.code in conference.languages
    ]


def by_subject(found: list[form_texts.FormText]) -> list[tuple[str, list[form_texts.FormText]]]:
    """The texts under a heading for each thing they belong to."""
    result: list[tuple[str, list[form_texts.FormText]]] = []
    subject = None
    for text in found:
        if text.subject is not subject:
            subject = text.subject
            result.append((_heading(subject), []))
        result[-1][1].append(text)
    return result


def _heading(subject: form_texts.Subject) -> str:
    match subject:
        case Question():
            return _("Frage: %(label)s", label=str(subject.label))
        case ConsentPurpose():
            return _("Einwilligung: %(purpose)s", purpose=label(subject))
        case NeedKind():
            return _("Unterstützung: %(kind)s", kind=label(subject))
