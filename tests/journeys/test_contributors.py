"""Residents who say something: from the words to what became of them, and back out again. No JavaScript anywhere."""

from datetime import timedelta

import pytest

from app.database import db, now
from app.domain import local_time, moderation, recommendations, search
from app.models import Contribution, ContributionStatus, RecommendationStatus, TranslatedBy
from tests import make
from tests.browse import Form, values, visit, words


@pytest.fixture
def conference(host):
    conference = make.conference(
        host, languages=["de", "ar"], contributions_open_at=now() - timedelta(days=1)
    )
    make.group(conference, title="Spielen")
    make.topic(conference, "Schatten")
    return conference


def where(conference):
    return {"host": conference.host.key, "conference": conference.key}


def code_on(page):
    return "-".join(part.text for part in page.all(class_="code-card__part"))


def listed(page):
    """Addresses of the contributions of the list."""
    return [row.find("h3/a").get("href") for row in page.all("li", class_="voice")]


def look_for(page, **typed):
    """Fill in the search of the list, as a browser does."""
    (element,) = [form for form in page.one("main").iter("form") if form.get("method") == "get"]
    form = Form(page, element, dict(values(element)))
    query = {**form.values, **typed}
    address = element.get("action").partition("#")[0]
    return visit(page.client, address + "?" + "&".join(f"{name}={value}" for name, value in query.items()))


def with_words(page, *possible):
    """The link with one of these words."""
    links = page.links()
    return next(links[each] for each in possible if each in links)


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_resident(somebody, conference, language):
    text = {"de": "Der Spielplatz braucht Schatten.", "ar": "نريد ظلا في الملعب"}[language]
    word = {"de": "Spielplätze", "ar": "الملعب"}[language]
    prefix = {"de": "", "ar": "/ar"}[language]
    at = f"{prefix}/{conference.host.key}/{conference.key}"
    resident, stranger = somebody(), somebody()

    # From the page of the conference to the form, in the language of the page.
    start = visit(resident, "conferences.show", language=language, **where(conference))
    assert f"{at}/beitraege/neu" in start.links().values()
    page = visit(resident, f"{at}/beitraege/neu")
    assert page.one("html").get("lang") == language
    form = page.form()
    assert form.values["language"] == language

    # Somebody presses too early; nothing is lost.
    page = form.send(text="", display_name="جارة", status=422)
    assert page.form().values["display_name"] == "جارة"
    done = page.form().send(text=text, group="1", topic="1", status=302).follow()
    code = code_on(done)
    assert len(code.split("-")) == 4

    # Days later, on another device: the code leads to the words.
    elsewhere = somebody()
    mine = (
        visit(elsewhere, "feedback.enter_code", language=language, host=conference.host.key)
        .form()
        .send(code=code.upper(), status=302)
        .follow()
    )
    assert text in mine.text
    assert listed(visit(stranger, f"{at}/beitraege")) == []

    # A second thought, before anybody has read it.
    page = visit(elsewhere, f"{at}/mein-beitrag/aendern")
    page.form().send(kind="need", status=302)

    # The town reads and publishes.
    (contribution,) = db.session.query(Contribution)
    moderation.review(contribution)
    moderation.publish(contribution)
    if language != "de":
        moderation.translate(contribution, "Wir wollen Schatten", TranslatedBy.MACHINE, reviewed=False)

    # List, filters and search find it, in this language and in German.
    address = f"{at}/beitraege/1"
    everything = visit(stranger, f"{at}/beitraege")
    assert listed(everything) == [address]
    assert listed(look_for(everything, q=word)) == [address]
    assert listed(look_for(everything, thema="1", gruppe="1", art="need", sprache=language)) == [address]
    assert listed(look_for(everything, q="schatten")) == [address]
    assert listed(look_for(everything, q="Schwimmbad")) == []

    # Its page has the words in their language, and goes on once there is something to say.
    page = visit(stranger, address)
    quote = page.one("blockquote")
    assert (words(quote), quote.get("lang")) == (text, language)
    recommendation = recommendations.draft(
        conference,
        {"title": "Segel spannen", "lead": "Grünflächenamt", "need": "Schatten", "goal": "Segel"},
        contribution_ids=[contribution.id],
    )
    recommendations.advance(
        recommendation, RecommendationStatus.IN_CONSULTATION, happened_on=local_time.day_of(now())
    )
    page = visit(stranger, address)
    assert "Segel spannen" in page.text
    assert "Grünflächenamt" in page.text
    assert f"{at}/ergebnisse/1" in page.links().values()
    assert "Segel spannen" in visit(elsewhere, f"{at}/mein-beitrag").text

    # And back out again: at once, everywhere.
    page = visit(elsewhere, f"{at}/mein-beitrag/zurueckziehen")
    gone = page.form().send(status=302).follow()
    assert text not in gone.text
    visit(stranger, address, status=404)
    after = visit(stranger, f"{at}/beitraege")
    assert listed(after) == []
    assert text not in after.everything
    assert listed(visit(stranger, f"{at}/beitraege?q={word}")) == []
    kept = db.session.get_one(Contribution, contribution.id)
    assert (kept.status, kept.text, kept.search_words) == (ContributionStatus.WITHDRAWN, None, "")
    # The recommendation stands, and says that a voice is gone; not which.
    result = visit(stranger, f"{at}/ergebnisse/1")
    assert text not in result.everything
    assert search.index((text, language)).split()[0] not in repr(kept.__dict__)


def test_an_author_whose_words_cannot_be_shown(somebody, conference):
    resident = somebody()
    page = visit(resident, "feedback.hand_in", **where(conference))
    code = code_on(page.form().send(text="Frau Sowieso grüßt nie.", status=302).follow())
    (contribution,) = db.session.query(Contribution)
    from app.models import RejectionReason

    moderation.reject(
        contribution, RejectionReason.PERSONAL_DATA, "Schicken Sie uns den Beitrag gern ohne den Namen."
    )

    mine = visit(resident, "feedback.mine", **where(conference))
    assert "nennt Namen oder Adresse einer Person" in mine.text
    assert "gern ohne den Namen" in mine.text
    # The next one is a new contribution with a code of its own, and the old code still works.
    page = visit(resident, mine.links()["Noch einen Beitrag abgeben"])
    second = code_on(page.form().send(text="Manche grüßen nie.", status=302).follow())
    assert second != code
    form = visit(resident, "feedback.enter_code", host=conference.host.key).form("/neustadt/mein-beitrag")
    assert "Frau Sowieso" in form.send(code=code, status=302).follow().text


def test_a_form_left_open_while_the_time_runs_out(somebody, host, clock):
    conference = make.conference(
        host,
        contributions_open_at=make.at("2026-03-01 08:00"),
        contributions_close_at=make.at("2026-03-03 12:00"),
    )
    resident = somebody()
    form = visit(resident, "feedback.hand_in", **where(conference)).form()

    clock.shift(timedelta(hours=12))
    code = code_on(form.send(text="Mehr Bänke", status=302).follow())
    assert code

    late = somebody()
    form = visit(late, "feedback.hand_in", **where(conference)).form()
    clock.shift(timedelta(hours=12))
    page = form.send(text="Mehr Bäume", status=422)
    assert "Die Zeit für Beiträge ist vorbei." in page.text
    assert page.form().values["text"] == "Mehr Bäume"
    # Whoever has handed in keeps the code: the same form, sent again after the end.
    again = visit(resident, "feedback.mine", **where(conference))
    assert "Mehr Bänke" in again.text
    visit(resident, "feedback.withdraw", **where(conference)).form().send(status=302)
    assert [each.text for each in db.session.query(Contribution)] == [None]
