"""With the code: what became of the contribution, changing, withdrawing, and leaving a shared device clean."""

from datetime import timedelta

import pytest

from app.database import db, now
from app.domain import contributions, local_time, moderation, recommendations, taking_back
from app.models import Contribution, ContributionStatus, RecommendationStatus, RejectionReason
from tests import make
from tests.browse import visit, words
from tests.visitor import Visitor


def enter(client, host, code, status=302):
    return visit(client, "feedback.enter_code", host=host.key).form().send(code=code, status=status)


def state_of(page):
    return words(page.one(class_="kern-badge"))


@pytest.fixture
def own(conference, client):
    """A contribution whose code was shown in this browser."""
    contribution, code = make.said(conference, "Mehr Bänke", name="eine Nachbarin")
    enter(client, conference.host, code)
    return contribution


@pytest.mark.parametrize(
    "spelling",
    [
        lambda code: code,
        lambda code: code.upper(),
        lambda code: f"  {code.replace('-', '  ')} ",
        lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    ],
    ids=["printed", "capitals", "blanks", "Arabic digits"],
)
def test_a_code_opens_the_contribution_however_it_is_typed(client, conference, spelling):
    _contribution, code = make.said(conference, "Mehr Bänke")

    page = enter(client, conference.host, spelling(code)).follow()

    assert page.h1 == "Mein Beitrag"
    assert "Mehr Bänke" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("kind", ["wrong", "foreign", "of a registration", "malformed"])
def test_an_unknown_code_gets_one_sentence_and_no_hint(client, conference, kind):
    _contribution, code = make.said(conference)
    typed = {
        "wrong": code[:-2] + ("11" if code[-2:] != "11" else "12"),
        "foreign": make.said(make.conference())[1],
        "of a registration": make.registered(conference)[1],
        "malformed": "<b>'; --",
    }[kind]

    page = enter(client, conference.host, typed, status=422)

    assert page.errors() == {
        "code": "Mit diesem Code finden wir keinen Beitrag. Bitte prüfen Sie die drei Wörter und die Zahl. "
        "Der Code einer Anmeldung ist ein anderer."
    }
    assert page.form().values["code"] == typed
    assert "Darum können wir keinen neuen Code geben." in page.text


def test_the_code_of_a_contribution_opens_no_registration(client, conference):
    _contribution, code = make.said(conference)

    page = visit(client, "signup.enter_code", host=conference.host.key).form().send(code=code, status=422)

    assert "finden wir keine Anmeldung" in page.errors()["code"]


def test_each_wrong_code_makes_the_next_try_wait_longer(guarded, client, clock, conference):
    _contribution, code = make.said(conference)
    waits = []
    for _try in range(3):
        page = enter(client, conference.host, "falsch", status=422)
        again = page.form().send(code=code, status=429)
        waits.append(int(again.response.headers["Retry-After"]))
        assert f"Bitte warten Sie noch {waits[-1]} Sekunde" in again.errors()["code"]
        clock.shift(timedelta(seconds=waits[-1]))

    assert waits == [1, 2, 4]
    assert enter(client, conference.host, code).follow().h1 == "Mein Beitrag"


def test_guesses_of_the_one_kind_do_not_slow_down_the_other(guarded, client, clock, conference):
    registration = visit(client, "signup.enter_code", host=conference.host.key)

    enter(client, conference.host, "falsch", status=422)

    registration.form().send(code="falsch", status=422)
    enter(client, conference.host, "falsch", status=429)
    registration.form().send(code="falsch", status=429)


def test_without_the_code_the_pages_lead_to_where_it_is_typed(client, conference, where):
    make.said(conference)

    for endpoint in ("feedback.mine", "feedback.change", "feedback.withdraw", "feedback.handed_in"):
        page = visit(client, endpoint, **where, status=302)
        assert page.location == f"/{where['host']}/mein-beitrag"


def test_a_contribution_of_another_conference_is_found_with_its_own_code(client, conference, own):
    other = make.conference(conference.host)

    page = visit(client, "feedback.mine", host=conference.host.key, conference=other.key, status=302)

    assert page.location == f"/{conference.host.key}/mein-beitrag"
    assert "Auf diesem Gerät ist ein Beitrag offen" in page.follow().text


def test_what_happened_is_told_in_plain_words(client, conference, where, own):
    page = visit(client, "feedback.mine", **where)
    assert state_of(page) == "eingegangen"
    assert "Noch hat ihn niemand von uns gelesen." in page.text
    assert "Meinen Beitrag ändern" in page.links()

    moderation.review(own)
    page = visit(client, "feedback.mine", **where)
    assert state_of(page) == "wird gelesen"
    assert "Meinen Beitrag ändern" not in page.links()

    moderation.reject(own, RejectionReason.PERSONAL_DATA, "Bitte schicken Sie ihn noch einmal ohne Namen.")
    page = visit(client, "feedback.mine", **where)
    assert state_of(page) == "nicht veröffentlicht"
    assert "Der Grund: Der Beitrag nennt Namen oder Adresse einer Person." in page.text
    assert "Bitte schicken Sie ihn noch einmal ohne Namen." in page.text

    moderation.forward(own, "Tiefbauamt", "Danke für den Hinweis!")
    page = visit(client, "feedback.mine", **where)
    assert state_of(page) == "weitergeleitet"
    assert "Tiefbauamt" in page.text
    assert "Danke für den Hinweis!" in page.text
    assert "ohne Namen" not in page.text

    original = make.published(conference, "Auch Bänke")
    moderation.mark_duplicate(own, original.number)
    page = visit(client, "feedback.mine", **where)
    assert state_of(page) == "zählt bei einem gleichen Beitrag mit"
    assert page.links()["Beitrag 1"] == f"/{where['host']}/{where['conference']}/beitraege/1"
    assert page.links()["Beitrag 2"] == f"/{where['host']}/{where['conference']}/beitraege/2"


def test_a_published_one_shows_its_trace(client, conference, where, own):
    moderation.publish(own)
    page = visit(client, "feedback.mine", **where)
    assert state_of(page) == "veröffentlicht"
    assert "Noch keine Antwort Antworten muss: Fachbereich Soziales" in page.text

    recommendation = recommendations.draft(
        conference,
        {
            "title": "20 Bänke aufstellen",
            "lead": "Tiefbauamt",
            "need": "Bänke",
            "goal": "20",
            "answer": "Ja, gern.",
        },
        contribution_ids=[own.id],
    )
    recommendations.advance(
        recommendation, RecommendationStatus.IN_CONSULTATION, happened_on=local_time.day_of(now())
    )
    page = visit(client, "feedback.mine", **where)
    assert page.links()["Empfehlung 1: 20 Bänke aufstellen"].endswith("/ergebnisse/1")
    assert "Ja, gern." in page.text
    assert "Noch keine Antwort" not in page.text


def test_change_until_it_is_read(client, conference, where, own):
    group = make.group(conference)
    page = visit(client, "feedback.change", **where)
    form = page.form()
    assert (form.values["text"], form.values["kind"], form.values["display_name"]) == (
        *("Mehr Bänke", "idea"),
        "eine Nachbarin",
    )

    done = form.send(text="Mehr Bänke und Bäume", kind="need", group="1", status=302).follow()

    assert "Gespeichert. So steht Ihr Beitrag jetzt da." in done.text
    assert "Mehr Bänke und Bäume" in done.text
    assert db.session.get_one(Contribution, own.id).working_group_id == group.id

    assert "Das ist zu lang" in form.send(text="x" * 3001, status=422).errors()["text"]
    moderation.review(own)
    late = form.send(text="Zu spät", status=422)
    assert "Ändern geht nicht mehr." in late.text
    assert late.form().values["text"] == "Zu spät"
    assert "wird schon gelesen" in visit(client, "feedback.change", **where, status=302).follow().text
    assert db.session.get_one(Contribution, own.id).text == "Mehr Bänke und Bäume"


def test_a_language_that_is_not_offered_stays_when_something_else_is_changed(client, conference, where):
    _contribution, code = make.said(conference, "mkpa", language="ig")
    enter(client, conference.host, code)

    visit(client, "feedback.change", **where).form().send(kind="need", status=302)

    assert db.session.query(Contribution).one().language == "ig"


@pytest.mark.parametrize("state", ["received", "published", "duplicate", "rejected", "forwarded"])
def test_withdraw_is_asked_once_and_takes_effect_at_once(client, conference, where, own, state):
    original = make.published(conference, "Das Original")
    {
        "received": lambda: None,
        "published": lambda: moderation.publish(own),
        "duplicate": lambda: moderation.mark_duplicate(own, original.number),
        "rejected": lambda: moderation.reject(own, RejectionReason.INSULT, "Bitte freundlicher."),
        "forwarded": lambda: moderation.forward(own, "Tiefbauamt"),
    }[state]()
    number = own.number

    page = visit(client, "feedback.withdraw", **where)
    assert "Zurückholen lässt sich das nicht." in page.text
    assert db.session.get_one(Contribution, own.id).text == "Mehr Bänke"
    done = page.form().send(status=302).follow()

    assert "Ihr Beitrag ist zurückgezogen und Ihr Text ist gelöscht." in done.text
    assert state_of(done) == "zurückgezogen"
    assert "Mehr Bänke" not in done.text
    assert db.session.get_one(Contribution, own.id).status is ContributionStatus.WITHDRAWN
    stranger = Visitor(client.application)
    if number:
        missing = visit(stranger, "feedback.contribution", **where, voice=number, status=404)
        never = visit(stranger, "feedback.contribution", **where, voice=4711, status=404)
        # Nobody learns that there was one.
        assert missing.response.text.replace(f'/{number}"', '/4711"') == never.response.text
    assert "Mehr Bänke" not in visit(stranger, "feedback.contributions", **where).text
    # Doing it twice changes nothing.
    assert (
        page.form().send(status=302).location
        == visit(client, "feedback.withdraw", **where, status=302).location
    )


def test_what_staff_withdraw_for_somebody_is_told_to_the_author(client, where, own):
    taking_back.withdraw(own)

    assert "Dieser Beitrag ist zurückgezogen" in visit(client, "feedback.mine", **where).text


def test_forget_on_this_device(client, conference, where, own):
    page = visit(client, "feedback.mine", **where)

    gone = page.form(f"/{where['host']}/mein-beitrag/vergessen").send(status=302).follow()

    assert "Auf diesem Gerät ist Ihr Beitrag jetzt nicht mehr zu sehen." in gone.text
    visit(client, "feedback.mine", **where, status=302)
    assert contributions.mark_fits(own, contributions.holding_mark(own))
    assert db.session.get_one(Contribution, own.id).text == "Mehr Bänke"


def test_a_code_is_held_for_a_day(client, conference, where, clock):
    _contribution, code = make.said(conference)
    enter(client, conference.host, code)

    clock.shift(timedelta(hours=23, minutes=59))
    assert visit(client, "feedback.mine", **where).status == 200
    clock.shift(timedelta(minutes=2))
    assert visit(client, "feedback.mine", **where, status=302).location.endswith("/mein-beitrag")


def test_a_mark_that_was_made_up_opens_nothing(client, where, own):
    with client.session_transaction() as session:
        session["contribution_mark"] = "0" * 40

    assert visit(client, "feedback.mine", **where, status=302).location.endswith("/mein-beitrag")


def test_the_pages_are_read_after_the_conference_is_archived(client, conference, where, own):
    from app.database import transaction
    from app.models import Conference, ConferenceStatus

    with transaction():
        db.session.get_one(Conference, conference.id).status = ConferenceStatus.ARCHIVED

    page = visit(client, "feedback.mine", **where)

    assert "Mehr Bänke" in page.text
    assert "Mehr über die Konferenz lesen" not in page.links()
    page = visit(client, "feedback.withdraw", **where)
    assert "zurückgezogen" in page.form().send(status=302).follow().text
