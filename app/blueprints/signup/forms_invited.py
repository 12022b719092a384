"""The reply of an institution: the form of a household, without what the invitation says already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField

from app.blueprints.signup.forms_groups import rounds_of
from app.blueprints.signup.forms_household import HouseholdForm, Who, household_form
from app.domain import consents, questions
from app.domain.queries import places
from app.models import Conference, WorkingGroup
from app.web.forms import AtMost


def reply_form(conference: Conference, groups: list[WorkingGroup], people: Sequence[Who]) -> HouseholdForm:
    """Who comes and what they need; as whom is known."""
    base: type[Any] = household_form(
        people=people,
        choice=conference.group_choice,
        rounds=rounds_of(groups),
        offers=places.offers_of(conference),
        texts=consents.asked(conference),
        asked=questions.asked(conference),
    )
    known = {
        "role_group": None,
        "organisation": None,
        "display_name": StringField(_("Person 1: Name"), validators=[AtMost(120)]),
    }
    form: HouseholdForm = type(base.__name__, (base,), known)()
    form.people.data = " ".join(map(str, people))
    return form
