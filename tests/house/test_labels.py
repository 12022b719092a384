"""Every enum member has a word in every language."""

import enum

import pytest
from flask_babel import force_locale

from app import models
from app.web import labels, languages

ENUMS = [
    kind
    for name in models.__all__
    if isinstance(kind := getattr(models, name), type) and issubclass(kind, enum.Enum)
]


def test_the_enums_are_found():
    assert {kind.__name__ for kind in ENUMS} >= {"ConferenceStatus", "SignupState", "SeatState"}


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_every_member_has_a_label(kind):
    assert [member for member in kind if member not in labels.LABELS] == []


def test_every_closed_state_says_why():
    assert set(labels.WHY_NO_SIGNUP) == set(models.SignupState) - {models.SignupState.OPEN}
    assert set(labels.WHY_NO_CONTRIBUTIONS) == set(models.ContributionPhase) - {models.ContributionPhase.OPEN}


SHOWN_TO_RESIDENTS = (
    models.SignupState,
    models.AgendaKind,
    models.ConferenceKind,
    models.RegistrationStatus,
    models.NeedKind,
    models.ConsentPurpose,
    models.RoleGroup,
    models.ContactChannel,
    models.SeatState,
    models.ContributionPhase,
    models.ContributionKind,
    models.ContributionChannel,
    models.ContributionStatus,
    models.RejectionReason,
    models.TranslatedBy,
    models.ReportReason,
    models.RecommendationStatus,
    models.Horizon,
    models.FileFormat,
    models.FileState,
)


@pytest.mark.parametrize("code", [code for code in languages.INSTALLED if code != "de"])
@pytest.mark.parametrize("kind", SHOWN_TO_RESIDENTS, ids=lambda kind: kind.__name__)
def test_labels_residents_see_are_translated(app, code, kind):
    german = {member: labels.label(member) for member in kind}
    with app.test_request_context(), force_locale(languages.get(code).locale):
        translated = {member: labels.label(member) for member in kind}

    same = [member for member in kind if translated[member] == german[member]]
    assert same == []
