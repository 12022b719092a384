"""Texts of a conference for its messages."""

import pytest

from app.domain import editing, message_texts
from app.domain.errors import (
    BodyMissing,
    ChangedMeanwhile,
    MessageTextTooLong,
    NotFound,
    PlaceholderUnknown,
    SubjectMissing,
)
from app.models import MessageKind
from tests import make

KIND = MessageKind.REMINDER


def text_of(conference, language="de"):
    return message_texts.values(message_texts.find(conference.id, KIND, language))


def save(conference, subject="Bald ist {titel}", body="Am {tag}.", **more):
    message_texts.save(conference, KIND, "de", subject=subject, body=body, **more)


def test_saving_a_text_keeps_it_for_this_kind_and_language_only(app):
    conference, other = make.conference(), make.conference()

    save(conference)
    save(conference, body="Am {tag}, {uhrzeit}.")

    assert text_of(conference) == {"subject": "Bald ist {titel}", "body": "Am {tag}, {uhrzeit}."}
    assert text_of(conference, "ar") == {"subject": "", "body": ""}
    assert text_of(other) == {"subject": "", "body": ""}
    assert list(message_texts.of_conference(conference)) == [(KIND, "de")]


@pytest.mark.parametrize(
    ("texts", "error", "field"),
    [
        ({"subject": " "}, SubjectMissing, "subject"),
        ({"body": ""}, BodyMissing, "body"),
        ({"subject": "x" * 201}, MessageTextTooLong, "subject"),
        ({"body": "x" * 5001}, MessageTextTooLong, "body"),
        ({"body": "{rollstuhl}"}, PlaceholderUnknown, "body"),
    ],
)
def test_saving_an_unfit_text_changes_nothing(app, texts, error, field):
    conference = make.conference()
    save(conference)

    with pytest.raises(error) as refused:
        save(conference, **texts)

    assert refused.value.field == field
    assert text_of(conference) == {"subject": "Bald ist {titel}", "body": "Am {tag}."}


def test_saving_over_what_somebody_else_saved_meanwhile_is_refused(app):
    conference = make.conference()
    shown = editing.seen(text_of(conference))
    save(conference, body="Von jemand anderem.")

    with pytest.raises(ChangedMeanwhile):
        save(conference, shown=shown)
    save(conference, body="Von jemand anderem.", shown=shown)

    assert text_of(conference)["body"] == "Von jemand anderem."


def test_resetting_uses_the_usual_words_again(app):
    conference = make.conference()
    save(conference)

    message_texts.reset(conference, KIND, "de")
    message_texts.reset(conference, KIND, "de")

    assert text_of(conference) == {"subject": "", "body": ""}


def test_a_kind_that_is_never_worded_has_no_text(app):
    with pytest.raises(NotFound):
        message_texts.save(
            make.conference(), MessageKind.STAFF_INVITATION, "de", subject="Hallo", body="Hallo."
        )
