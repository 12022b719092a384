"""Handing in a contribution: what is asked, what is said about it, what is refused, and the code at the end."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import contributions, moderation, taking_back
from app.models import Conference, ConferenceStatus, Contribution, ContributionKind, HostKind, Message
from tests import make
from tests.browse import visit
from tests.visitor import Visitor


def stored():
    db.session.rollback()
    return list(db.session.scalars(select(Contribution)))


def code_on(page):
    return "-".join(part.text for part in page.all(class_="code-card__part"))


def form_for(client, where, language="de", **asked):
    return visit(client, "feedback.hand_in", language=language, **where, **asked).form()


def test_hand_in_keeps_the_words_and_shows_the_code(client, conference, where):
    group, topic = make.group(conference, title="Wohnen"), make.topic(conference, "Miete")

    done = (
        form_for(client, where)
        .send(
            text="Zeile eins\r\nZeile zwei ",
            kind="need",
            language="tr",
            group=str(group.number),
            topic=str(topic.number),
            display_name="eine Nachbarin",
            status=302,
        )
        .follow()
    )

    (kept,) = stored()
    assert (kept.text, kept.kind, kept.language) == ("Zeile eins\nZeile zwei", ContributionKind.NEED, "tr")
    assert (kept.working_group_id, kept.topic_id, kept.display_name) == (group.id, topic.id, "eine Nachbarin")
    assert done.h1 == "Danke, Ihr Beitrag ist da"
    assert contributions.by_code(conference.host_id, code_on(done)).id == kept.id
    assert done.response.headers["Cache-Control"] == "no-store"
    assert done.response.headers["Referrer-Policy"] == "no-referrer"
    # Nobody reads it before somebody has decided, and nobody is told.
    assert "Zeile" not in visit(Visitor(client.application), "feedback.contributions", **where).everything
    assert db.session.scalars(select(Message)).all() == []


def test_only_the_words_are_asked_of_everybody(client, where):
    form = form_for(client, where)

    assert set(form.values) - {"csrf_token"} == {"submission", "text", "kind", "language", "display_name"}
    form.send(text="Mehr Bänke", status=302)
    (kept,) = stored()
    assert (kept.kind, kept.language, kept.display_name, kept.working_group_id) == (
        *(ContributionKind.IDEA, "de", ""),
        None,
    )


def test_the_page_says_what_becomes_of_the_words(client, where):
    page = visit(client, "feedback.hand_in", **where)

    for sentence in (
        "Sie brauchen kein Konto und keinen Namen.",
        "Jemand von uns liest Ihren Beitrag.",
        "Wir speichern nicht, wer Sie sind, woher Sie schreiben und um wie viel Uhr.",
        "Das ist kein Antrag an den Rat",
        "Das ist Ihr Recht nach § 24 der Gemeindeordnung.",
        "Marktplatz 1",
        "02000 54321",
        "Wie geht es ohne Internet?",
        "Er wird veröffentlicht.",
    ):
        assert sentence in page.text, sentence
    assert page.links()["Der ganze Datenschutzhinweis"] == f"/{where['host']}/datenschutz"


def test_a_district_names_its_own_law(client):
    host = make.host(kind=HostKind.DISTRICT)
    conference = make.conference(host, contributions_open_at=now() - timedelta(days=1))

    page = visit(client, "feedback.hand_in", host=host.key, conference=conference.key)

    assert "§ 21 der Kreisordnung" in page.text
    assert "Gemeindeordnung" not in page.text


def test_the_language_of_the_page_is_chosen_already(client, where):
    assert form_for(client, where).values["language"] == "de"
    assert form_for(client, where, "ar").values["language"] == "ar"
    page = visit(client, "feedback.hand_in", **where)
    labels = [option.text for option in page.one("select", id="language").iter("option")]
    assert "Türkçe – Türkisch" in labels
    assert "Deutsch" in labels
    assert labels[-1] == "eine andere Sprache"


def test_links_choose_group_and_topic(client, conference, where):
    make.group(conference)
    make.topic(conference)

    form = form_for(client, where, gruppe=1, thema=1)
    assert (form.values["group"], form.values["topic"]) == ("1", "1")
    form = form_for(client, where, gruppe="99", thema="<b>")
    assert (form.values["group"], form.values["topic"]) == ("", "")


@pytest.mark.parametrize(
    ("typed", "wrong", "sentence"),
    [
        ({"text": ""}, "text", "Bitte schreiben Sie uns etwas."),
        ({"text": " \n\u200b\u202e "}, "text", "Bitte schreiben Sie uns etwas."),
        ({"text": "ä" * 3001}, "text", "Das ist zu lang: 3001 Zeichen."),
        ({"kind": "strength"}, "kind-0", "Bitte wählen Sie eine der Möglichkeiten."),
        ({"kind": "<script>"}, "kind-0", "Bitte wählen Sie eine der Möglichkeiten."),
        ({"kind": None}, "kind-0", "Bitte wählen Sie eine der Möglichkeiten."),
        ({"language": "kauderwelsch"}, "language", "Bitte wählen Sie eine der Möglichkeiten."),
        ({"group": "2"}, "group", "Bitte wählen Sie eine der Möglichkeiten."),
        ({"topic": "9" * 40}, "topic", "Bitte wählen Sie eine der Möglichkeiten."),
        ({"display_name": "x" * 81}, "display_name", "Das ist zu lang: 81 Zeichen."),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_kept(client, conference, where, typed, wrong, sentence):
    make.group(conference)
    make.topic(conference)
    # A group of this number stands at another conference.
    other = make.conference(conference.host)
    for _ in range(2):
        make.group(other)

    page = form_for(client, where).send({"text": "Mehr Bänke", "display_name": "ich", **typed}, status=422)

    assert list(page.errors()) == [wrong]
    assert page.errors()[wrong].startswith(sentence)
    kept = page.form().values
    assert kept["text"] == {"text": "Mehr Bänke", **typed}["text"].strip()
    assert kept["display_name"] == typed.get("display_name", "ich")
    assert stored() == []


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        '=HYPERLINK("https://boese.example")',
        "\u202everkehrt\u202c und \u200fweiter",
        "👩‍👩‍👧‍👦 🏳️‍🌈",
        "ab\x00c\x07d",
        "%(name)s {{ 7*7 }} %s",
        "ä" * 3000,
        "\ud83d lone",
    ],
    ids=["script", "formula", "marks", "emoji", "NUL", "placeholders", "3000", "surrogate"],
)
def test_any_words_are_kept_as_words(client, where, words):
    words = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    form_for(client, where).send(text=words, display_name=words[:60], status=302)

    (kept,) = stored()
    assert kept.text == words.replace("\x00", "").replace("\x07", "")
    moderation.publish(kept)
    page = visit(client, "feedback.contribution", **where, voice=1)
    assert page.one("blockquote").find("p").text.strip() == kept.text
    assert visit(client, "feedback.contributions", **where).status == 200


def test_the_same_form_twice_is_one_contribution(client, where):
    form = form_for(client, where)

    first = form.send(text="Mehr Bänke", status=302).follow()
    again = form.send(text="Mehr Bänke", status=302).follow()

    assert code_on(again) == code_on(first)
    assert len(stored()) == 1


def test_the_same_form_with_other_words_says_what_was_written_last(client, where):
    form = form_for(client, where)
    first = form.send(text="Mehr Bänke", status=302).follow()

    again = form.send(text="Mehr Bänke und Bäume", status=302).follow()

    assert code_on(again) == code_on(first)
    assert "Jetzt steht er so da, wie Sie ihn zuletzt geschrieben haben." in again.text
    assert [kept.text for kept in stored()] == ["Mehr Bänke und Bäume"]


@pytest.mark.parametrize("became", ["read", "withdrawn"])
def test_the_same_form_after_a_decision_can_become_a_new_contribution(client, where, became):
    form = form_for(client, where)
    form.send(text="Mehr Bänke", status=302)
    (kept,) = stored()
    (moderation.review if became == "read" else taking_back.withdraw)(kept)

    page = form.send(text="Mehr Bäume", status=422)

    assert "Dann ist das hier ein neuer Beitrag." in page.text
    page.form().send(status=302)
    assert sorted(each.text or "" for each in stored()) == sorted(
        ["Mehr Bänke" if became == "read" else "", "Mehr Bäume"]
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"contributions_open_at": None}, "Hier kann man keine Beiträge abgeben."),
        ({"contributions_open_at": now() + timedelta(days=2)}, "Beiträge können Sie abgeben ab:"),
        ({"contributions_close_at": now() - timedelta(hours=1)}, "Die Zeit für Beiträge ist vorbei."),
        ({"status": ConferenceStatus.CANCELLED}, "Die Zeit für Beiträge ist vorbei."),
    ],
    ids=["never", "not yet", "over", "cancelled"],
)
def test_outside_of_the_time_the_page_says_why_and_keeps_what_was_typed(
    client, conference, where, change, sentence
):
    form = form_for(client, where)
    with transaction():
        for name, value in change.items():
            setattr(db.session.get_one(Conference, conference.id), name, value)

    closed = visit(client, "feedback.hand_in", **where)
    assert sentence in closed.text
    assert "02000 54321" in closed.text
    assert closed.all("textarea") == []

    page = form.send(text="Mehr Bänke", display_name="ich", status=422)
    assert sentence in page.text
    assert "02000 54321" in page.text
    assert page.form().values["text"] == "Mehr Bänke"
    assert page.form().values["display_name"] == "ich"
    assert stored() == []


def test_a_form_left_open_beyond_the_session_is_not_lost(guarded, where):
    client = Visitor(guarded)
    form = form_for(client, where)
    client.delete_cookie(guarded.config["SESSION_COOKIE_NAME"])

    page = form.send(text="Mehr Bänke", status=422)

    assert page.form().values["text"] == "Mehr Bänke"
    page.form().send(status=302)
    assert [kept.text for kept in stored()] == ["Mehr Bänke"]


def test_the_code_is_shown_for_half_an_hour_and_to_this_browser_alone(client, where, clock, conference):
    with transaction():
        db.session.get_one(Conference, conference.id).contributions_open_at = make.at("2026-03-01 08:00")
    code = code_on(form_for(client, where).send(text="Mehr Bänke", status=302).follow())

    clock.shift(timedelta(minutes=29))
    assert code_on(visit(client, "feedback.handed_in", **where)) == code
    clock.shift(timedelta(minutes=2))
    late = visit(client, "feedback.handed_in", **where)
    assert code_on(late) == ""
    assert "Ihren Code haben wir schon gezeigt" in late.text
    stranger = visit(Visitor(client.application), "feedback.handed_in", **where, status=302)
    assert stranger.location == f"/{where['host']}/mein-beitrag"


def test_one_browser_never_holds_a_registration_and_a_contribution(client, conference, where):
    visit(client, "signup.register", **where).form().send(
        role_group="resident", display_name="Amira", status=302
    ).follow()

    form_for(client, where).send(text="Mehr Bänke", status=302).follow()

    with client.session_transaction() as session:
        assert "registration" not in session
        assert "fresh_code" not in session
        assert "contribution" in session
    assert visit(client, "signup.mine", **where, status=302).location == f"/{where['host']}/meine-anmeldung"

    visit(client, "signup.register", **where).form().send(role_group="resident", status=302).follow()

    with client.session_transaction() as session:
        assert "contribution" not in session
        assert "fresh_contribution_code" not in session
        assert "registration" in session
    assert visit(client, "feedback.mine", **where, status=302).location == f"/{where['host']}/mein-beitrag"


def test_the_notice_is_that_of_contributions_in_every_language(client, where):
    visit(client, "signup.register", **where).form().send(role_group="resident", status=302)
    for language in ("de", "ar"):
        form_for(Visitor(client.application), where, language).send(text="Mehr Bänke", status=302)

    first, second = stored()
    from app.models import Registration

    registration = db.session.scalars(select(Registration)).one()
    assert len(first.notice_digest) == 64
    # Which page somebody read is not kept, and nothing is the same as in a registration.
    assert first.notice_digest == second.notice_digest != registration.notice_digest
