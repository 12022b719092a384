"""The kept form is the form itself: true at each moment, and nobody's token but one's own."""

import pytest

from app.database import db, transaction
from app.domain import questionnaire, registrations, versions
from app.models import ConferenceStatus, GroupChoice, Registration, RoleGroup
from tests import make
from tests.browse import visit
from tests.counting import statements
from tests.domain.test_questionnaire import wanted
from tests.visitor import Visitor


@pytest.fixture
def guarded(app):
    """Forms need their token, as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def opened(app, conference, **more):
    """The form as somebody sees it who has never been here."""
    place = {"host": conference.host.key, "conference": conference.key}
    return visit(Visitor(app), "signup.register", **place, **more)


def own(page):
    """What is one visitor's own."""
    values = page.form().values
    return {name: values[name] for name in ("csrf_token", "submission") if name in values}


def without_own(page):
    text = page.response.text
    for value in own(page).values():
        text = text.replace(value, "")
    return text


def take_a_seat(conference, group):
    registrations.register(
        conference,
        registrations.Details(role_group=RoleGroup.RESIDENT),
        [registrations.Person(groups={1: group.rounds[0].id})],
        submission="x" * 20,
    )


@pytest.mark.parametrize("makes", ["one group", "two rounds", "wishes", "nothing"])
def test_a_kept_form_is_the_form_itself(guarded, makes):
    conference = make.conference(
        **({"group_choice": GroupChoice.WISHES} if makes == "wishes" else {}), capacity=2
    )
    for _ in range({"nothing": 0, "one group": 1}.get(makes, 3)):
        make.group(conference, capacity=2, rounds=1 if makes == "one group" else 2)
    path = path_of(conference)
    made = visit(Visitor(guarded), path)

    with statements() as sent:
        kept = visit(Visitor(guarded), path)

    assert len(sent) == 1
    assert without_own(kept) == without_own(made)
    assert {*own(made).values()}.isdisjoint(own(kept).values())
    assert kept.response.headers["Cache-Control"] == made.response.headers["Cache-Control"] == "no-store"
    assert kept.response.headers["Vary"] == made.response.headers["Vary"] == "Cookie"


def test_a_kept_form_can_be_sent(guarded):
    conference = make.conference()
    group = make.group(conference, capacity=2)
    opened(guarded, conference)
    form = opened(guarded, conference).form()

    form.send(role_group="resident", round_1=str(group.number), status=302).follow()

    assert db.session.scalars(db.select(Registration)).one().participants[0].seats[0].group_round_id == (
        group.rounds[0].id
    )


def test_a_kept_form_is_sent_with_nobody_elses_token(guarded):
    conference = make.conference()
    theirs = opened(guarded, conference)
    mine = opened(guarded, conference)

    answer = mine.form().send(role_group="resident", csrf_token=own(theirs)["csrf_token"], status=422)

    assert "Bitte senden Sie das Formular noch einmal ab." in answer.errors()[""]


def test_a_kept_form_says_which_seats_are_free_now(app):
    conference = make.conference()
    group = make.group(conference, capacity=2)
    before = opened(app, conference)
    take_a_seat(conference, group)
    path = path_of(conference)

    with statements() as sent:
        after = visit(Visitor(app), path)

    assert len(sent) == 1
    assert "Noch 2 Plätze frei" in before.text
    assert "Noch 1 Platz frei" in after.text


def test_a_kept_form_ends_when_something_else_is_asked(app):
    conference = make.conference()
    before = opened(app, conference)
    questionnaire.add(conference, wanted("Was essen Sie?"))

    after = opened(app, conference)

    assert "Was essen Sie?" not in before.text
    assert "Was essen Sie?" in after.text


def test_a_kept_form_ends_when_the_last_place_is_given(app):
    conference = make.conference(capacity=1)
    group = make.group(conference, capacity=2)
    before = opened(app, conference)
    take_a_seat(conference, group)

    after = opened(app, conference)

    assert "Alle Plätze sind vergeben" not in before.text
    assert "Alle Plätze sind vergeben" in after.text


@pytest.mark.parametrize("status", [ConferenceStatus.REGISTRATION_CLOSED, ConferenceStatus.DRAFT])
def test_a_kept_form_ends_with_the_registration(app, status):
    conference = make.conference()
    opened(app, conference)
    with transaction():
        versions.raise_conference(conference.id)
        conference.status = status

    if status is ConferenceStatus.DRAFT:
        opened(app, conference, status=404)
    else:
        assert not opened(app, conference).all("form", method="post")


def test_each_language_has_its_own_kept_form(app):
    conference = make.conference(languages=["ar"])
    for _ in range(2):
        german, arabic = (opened(app, conference, language=language) for language in ("de", "ar"))

        assert [page.one("html").get("lang") for page in (german, arabic)] == ["de", "ar"]


def test_somebody_who_has_registered_does_not_get_the_empty_form(app):
    conference = make.conference()
    opened(app, conference)
    client = Visitor(app)
    place = {"host": conference.host.key, "conference": conference.key}
    visit(client, "signup.register", **place).form().send(role_group="resident", status=302)

    again = visit(client, "signup.register", **place)

    assert not again.all(id="role_group")


def test_what_somebody_typed_is_never_kept(app):
    conference = make.conference()
    visit(Visitor(app), path_of(conference)).form().send(display_name="Geheimer Name", status=422)

    assert "Geheimer Name" not in opened(app, conference).response.text


def test_a_link_to_a_group_gets_a_form_of_its_own(app):
    conference = make.conference()
    group = make.group(conference, capacity=2)
    opened(app, conference)

    chosen = opened(app, conference, gruppe=group.number)

    assert chosen.form().values["round_1"] == str(group.number)


def test_only_what_shows_on_the_form_ends_it(app):
    conference = make.conference()
    group = make.group(conference, capacity=2)
    numbers = conference.version, conference.form_version
    take_a_seat(conference, group)
    after_a_registration = conference.version, conference.form_version
    with transaction():
        versions.raise_conference(conference.id, seats_only=True)
        versions.raise_conference(conference.id)
        versions.raise_conference(conference.id, seats_only=True)

    assert after_a_registration == (numbers[0] + 1, numbers[1])
    assert (conference.version, conference.form_version) == (numbers[0] + 2, numbers[1] + 1)


def path_of(conference):
    return f"/{conference.host.key}/{conference.key}/anmeldung"
