"""What everybody reads: the list, each contribution with its trace, "Melden", and where the pages are linked."""

import pytest
from sqlalchemy import select

from app.database import db, now
from app.domain import local_time, moderation, recommendations, taking_back
from app.models import (
    Contribution,
    ContributionKind,
    ContributionReport,
    RecommendationStatus,
    RejectionReason,
    ReportReason,
    TranslatedBy,
)
from app.web.cache import pages
from tests import make
from tests.browse import Form, values, visit, words
from tests.counting import statements
from tests.domain.queries.test_contributions import many
from tests.visitor import Visitor


def listed(page):
    """Numbers of the contributions of the list, from top to bottom."""
    return [int(words(row.find("h3")).split()[-1]) for row in page.all("li", class_="voice")]


def the_list(client, where, language="de", **asked):
    return visit(client, "feedback.contributions", language=language, **where, **asked)


def search_form(page):
    (element,) = [form for form in page.one("main").iter("form") if form.get("method") == "get"]
    return Form(page, element, dict(values(element)))


def options(page, name):
    return {option.get("value"): option.text for option in page.one("select", name=name).iter("option")}


@pytest.fixture
def talk(conference):
    """Six published contributions in three languages, two groups and two topics; number 2 says the same as 1."""
    groups = [make.group(conference, title=title) for title in ("Wohnen", "Bewegen")]
    topics = [make.topic(conference, title) for title in ("Spielen", "Bus")]
    made = []
    for text, group, topic, kind, language in (
        ("Der Spielplatz braucht Schatten.", 0, 0, "idea", "de"),
        ("نريد ظلا في الملعب", 0, 0, "need", "ar"),
        ("Am Abend fährt kein Bus.", 1, 1, "problem", "de"),
        ("Akşam otobüs yok", 1, 1, "problem", "tr"),
        ("Das Café ist schön.", None, None, "praise", "de"),
    ):
        made.append(
            make.published(
                conference,
                text,
                group=groups[group] if group is not None else None,
                topic=topics[topic] if topic is not None else None,
                kind=ContributionKind(kind),
                language=language,
            )
        )
    moderation.mark_duplicate(made[1], 1)
    return made


def test_an_empty_list_says_why_and_what_to_do(client, where):
    page = the_list(client, where)

    assert "Noch ist kein Beitrag veröffentlicht" in page.text
    assert "Beitrag abgeben" in page.links()
    assert list(page.one("main").iter("form")) == []


def test_the_list_shows_words_in_their_language_and_who_says_the_same(client, where, talk):
    page = the_list(client, where)

    assert listed(page) == [5, 4, 3, 1]
    assert "4 Beiträge" in page.text
    quotes = {quote.get("lang"): quote.get("dir") for quote in page.all("blockquote")}
    assert quotes == {"de": "ltr", "tr": "ltr"}
    first = page.all("li", class_="voice")[-1]
    assert "1 weiterer Beitrag sagt dasselbe: Beitrag 2" in words(first)
    links = [link.get("href") for link in first.iter("a")]
    assert f"/{where['host']}/{where['conference']}/beitraege/2" in links


def test_filters_work_by_address_and_by_form(client, where, talk):
    assert options(the_list(client, where), "sprache") == {
        "": "alle Sprachen",
        "ar": "Arabisch (1)",
        "de": "Deutsch (3)",
        "tr": "Türkisch (1)",
    }
    assert options(the_list(client, where, gruppe=2), "thema") == {"": "alle Themen", "2": "Bus (2)"}
    assert listed(the_list(client, where, thema=2)) == [4, 3]
    assert listed(the_list(client, where, gruppe=1)) == [2, 1]
    assert listed(the_list(client, where, art="problem", sprache="de")) == [3]
    assert listed(the_list(client, where, q="spielplätze")) == [1]

    form = search_form(the_list(client, where, art="problem"))
    assert form.values == {"q": "", "thema": "", "gruppe": "", "art": "problem", "sprache": ""}
    page = visit(
        client, f"{form.element.get('action').partition('#')[0]}?q=bus&thema=&gruppe=&art=problem&sprache="
    )
    assert listed(page) == [3]


def test_what_is_set_is_shown_and_can_be_taken_away_one_by_one(client, where, talk):
    page = the_list(client, where, art="problem", sprache="tr", q="oto")

    chips = page.one("div", class_="chips")
    assert [words(item).replace("entfernen", "|").split("|")[0].strip() for item in chips.iter("li")] == [
        "Suchwort: oto",
        "Art: Problem",
        "Sprache: Türkisch",
        "Alle Beiträge zeigen",
    ]
    removed = [link.get("href").partition("#")[0].partition("?")[2] for link in chips.iter("a")]
    assert [set(each.split("&")) for each in removed] == [
        {"art=problem", "sprache=tr"},
        {"q=oto", "sprache=tr"},
        {"q=oto", "art=problem"},
        {""},
    ]


def test_nothing_found_says_so_and_offers_all(client, where, talk):
    page = the_list(client, where, q="Schwimmbad", thema=1)

    assert listed(page) == []
    assert "Zu Ihrer Suche passt kein veröffentlichter Beitrag." in page.text
    assert page.links()["Alle Beiträge zeigen"].partition("#")[0].endswith("/beitraege")
    assert search_form(page).values["q"] == "Schwimmbad"


@pytest.mark.parametrize(
    "asked",
    [
        {"thema": "abc", "gruppe": "-1", "art": "unfug", "sprache": "<b>", "seite": "x"},
        {"thema": "9" * 5000, "gruppe": "9" * 19, "seite": "9" * 5000},
        {"thema": "٣", "art": "received", "sprache": "x" * 300, "seite": "-3"},
        {"thema": "7.5", "gruppe": "\x00", "art": "\x00", "seite": "1e9"},
        {"thema": "99", "gruppe": "99", "gibtesnicht": "1", "seite": "99999999999999999999"},
    ],
)
def test_garbage_in_the_address_is_no_filter(client, where, talk, asked):
    page = the_list(client, where, **asked)

    assert listed(page) == [5, 4, 3, 1]
    assert page.all("div", class_="chips") == []


@pytest.mark.parametrize(
    "query",
    [
        "<script>alert(1)</script>",
        "=1+1",
        "\u202everkehrt\u202c",
        "👩‍👩‍👧‍👦",
        "qq\x00q",
        "%_%",
        "' OR 1=1 --",
        "x" * 5000,
        "{{ 7*7 }} %(words)s",
        "\\",
    ],
    ids=[
        "script",
        "formula",
        "marks",
        "emoji",
        "NUL",
        "wildcards",
        "quotes",
        "long",
        "placeholders",
        "backslash",
    ],
)
def test_any_search_is_a_search(client, where, talk, query):
    page = the_list(client, where, q=query)

    assert listed(page) == []
    assert page.one("input", name="q").get("value") is not None


def test_a_list_of_many_has_pages_that_keep_the_filters(client, conference, where):
    many(conference, 60)

    page = the_list(client, where, q="bank", seite=2)

    assert listed(page) == list(range(35, 10, -1))
    assert "60 Beiträge, Seite 2 von 3" in page.text
    (links,) = page.all("nav", class_="pages")
    assert {frozenset(link.get("href").partition("?")[2].split("&")) for link in links.iter("a")} == {
        frozenset({"seite=1", "q=bank"}),
        frozenset({"seite=3", "q=bank"}),
    }


@pytest.mark.parametrize("asked", [{}, {"gruppe": 1, "q": "bank"}])
def test_the_page_needs_the_same_statements_for_1_3_and_1000(client, conference, where, asked):
    group = make.group(conference)
    counted = {}
    for count in (1, 2, 997):
        many(conference, count, working_group_id=group.id)
        pages.clear()
        with statements() as sent:
            the_list(client, where, **asked)
        counted[conference.last_contribution_number] = len(sent)

    assert list(counted) == [1, 3, 1000]
    assert len(set(counted.values())) == 1
    assert max(counted.values()) <= 9


def test_the_arabic_page_filters_in_its_words(client, where, talk):
    page = the_list(client, where, "ar", sprache="ar")

    assert listed_numbers(page) == ["2"]
    quote = page.one("blockquote")
    assert (quote.get("lang"), quote.get("dir")) == ("ar", "rtl")


def listed_numbers(page):
    return [
        link.get("href").rpartition("/")[2]
        for row in page.all("li", class_="voice")
        for link in row.find("h3")
    ]


def test_a_contribution_has_its_words_its_translation_and_its_path(client, conference, where, talk, clock):
    turkish = talk[3]
    moderation.translate(turkish, "Abends kein Bus", TranslatedBy.MACHINE, reviewed=False)
    page = visit(client, "feedback.contribution", **where, voice=4)

    quote = page.one("blockquote")
    assert (words(quote), quote.get("lang"), quote.get("dir")) == ("Akşam otobüs yok", "tr", "ltr")
    assert "von einer Maschine übersetzt, ungeprüft Abends kein Bus" in page.text
    for said in ("Problem", "Sprache: Türkisch", "Thema: Bus", "Arbeitsgruppe: Bewegen", "Weg: Internet"):
        assert said in page.text, said

    moderation.translate(turkish, "Abends fährt kein Bus", TranslatedBy.HUMAN)
    page = visit(client, "feedback.contribution", **where, voice=4)
    assert "von einem Menschen übersetzt Abends fährt kein Bus" in page.text
    assert "ungeprüft" not in page.text


def test_words_from_right_to_left_stand_so_beside_their_translation(client, where, talk):
    moderation.translate(talk[1], "Wir wollen Schatten")

    page = visit(client, "feedback.contribution", **where, voice=2)

    quote = page.one("blockquote")
    assert (quote.get("lang"), quote.get("dir")) == ("ar", "rtl")
    (german,) = [each for each in page.all("div", lang="de") if each.get("dir") == "ltr"]
    assert words(german) == "Wir wollen Schatten"
    assert "Das sagt dasselbe wie: Beitrag 1" in page.text
    original = visit(client, "feedback.contribution", **where, voice=1)
    assert "1 weiterer Beitrag sagt dasselbe: Beitrag 2" in original.text


def test_the_trace_goes_from_the_words_to_the_answer(client, conference, where, talk):
    def path(voice=1):
        return [
            words(item)
            for item in visit(client, "feedback.contribution", **where, voice=voice).one("ol", class_="trail")
        ]

    today = f"{local_time.day_of(now()):%-d}. "
    assert len(path()) == 3
    assert path()[0].startswith(f"Eingegangen {today}")
    assert path()[1].startswith(f"Veröffentlicht {today}")
    assert path()[2].startswith(
        "Noch keine Antwort Antworten muss: Fachbereich Soziales Das ist offen seit: "
    )

    recommendation = recommendations.draft(
        conference,
        {"title": "Segel spannen", "lead": "Grünflächenamt", "need": "Schatten", "goal": "Sonnensegel"},
        contribution_ids=[talk[0].id],
        topic_ids=[talk[2].topic_id],
    )
    assert len(path()) == 3, "a draft is nobody's business"
    day = local_time.day_of(now())
    for step in (RecommendationStatus.IN_CONSULTATION, RecommendationStatus.PRIORITISED):
        recommendations.advance(recommendation, step, happened_on=day)
    step = path()[2]
    assert "Empfehlung 1: Segel spannen Sie stützt sich auf diesen Beitrag." in step
    assert "Zuständig: Grünflächenamt" in step
    assert "Stand: nach Wichtigkeit geordnet" in step
    assert path()[3].startswith("Noch keine Antwort Antworten muss: Grünflächenamt")
    # Who says the same and who belongs to the topic go the same way.
    assert "Segel spannen" in path(2)[2]
    assert "Sie stützt sich auf das Thema" in path(3)[2]

    recommendations.edit(recommendation, {"answer": "Die Segel kommen im Mai.", "field_of_action": "Spielen"})
    recommendations.advance(recommendation, RecommendationStatus.SUBMITTED, happened_on=day)
    recommendations.advance(
        recommendation,
        RecommendationStatus.ADOPTED,
        happened_on=day,
        decided_by="Rat der Stadt",
        text="Einstimmig.",
    )
    assert "Entscheidung: beschlossen" in path()[2]
    assert "Rat der Stadt" in path()[2]
    assert "Antwort: Die Segel kommen im Mai." in path()[2]
    assert len(path()) == 3


def test_an_answer_of_its_own_ends_the_waiting(client, where, talk):
    moderation.answer(talk[4], "Das freut uns.")

    page = visit(client, "feedback.contribution", **where, voice=5)

    assert "Das freut uns." in page.text
    assert "Noch keine Antwort" not in page.text


def test_the_page_of_a_contribution_needs_a_fixed_number_of_statements(client, conference, where):
    original = make.published(conference, "Bänke")
    counted = []
    for _round in range(3):
        for _twin in range(4):
            moderation.mark_duplicate(make.published(conference, "auch Bänke"), original.number)
        pages.clear()
        with statements() as sent:
            visit(client, "feedback.contribution", **where, voice=1)
        counted.append(len(sent))

    assert len(set(counted)) == 1


def test_what_is_not_public_is_not_there(client, conference, where, talk):
    never = visit(client, "feedback.contribution", **where, voice=4711, status=404)
    assert never.h1 == "Diese Seite gibt es nicht"
    taking_back.withdraw(talk[4])
    taking_back.reject(talk[3], RejectionReason.INSULT, "Doch nicht.")
    make.published(make.conference(conference.host), "anderswo")

    for number in (5, 4):
        for endpoint in ("feedback.contribution", "feedback.report"):
            page = visit(client, endpoint, **where, voice=number, status=404)
            missing = visit(client, endpoint, **where, voice=4711, status=404)
            assert (
                page.response.text.replace(f"/beitraege/{number}", "/beitraege/4711") == missing.response.text
            )
    assert listed(the_list(client, where)) == [3, 1]
    assert listed(the_list(client, where, q="otobüs")) == []


def test_search_engines_do_not_keep_what_somebody_may_take_back(client, where, talk):
    for page in (the_list(client, where), visit(client, "feedback.contribution", **where, voice=1)):
        assert [meta.get("content") for meta in page.all("meta", name="robots")] == ["noindex"]


def test_a_change_shows_at_once_on_kept_pages(client, where, talk):
    addresses = [f"/{where['host']}/{where['conference']}/beitraege{end}" for end in ("", "/5")]
    before = [client.get(address) for address in addresses]
    for address, answer in zip(addresses, before, strict=True):
        same = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert same.status_code == 304

    taking_back.withdraw(talk[4])

    after = [
        client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        for address, answer in zip(addresses, before, strict=True)
    ]
    assert [answer.status_code for answer in after] == [200, 404]
    assert "Café" not in after[0].text


def test_report_is_told_to_staff_once(client, where, talk):
    page = visit(client, "feedback.report", **where, voice=1)
    assert page.h1 == "Beitrag 1 melden"
    form = page.form()

    for _time in range(2):
        thanks = form.send(reason="untrue", text="Stimmt nicht", status=302).follow()

    assert thanks.h1 == "Danke für Ihren Hinweis"
    (kept,) = db.session.scalars(select(ContributionReport))
    assert (kept.contribution_id, kept.reason, kept.text) == (talk[0].id, ReportReason.UNTRUE, "Stimmt nicht")


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [({}, "reason-0"), ({"reason": "unfug"}, "reason-0"), ({"reason": "other", "text": "x" * 1001}, "text")],
)
def test_a_report_that_does_not_fit_is_kept(client, where, talk, typed, wrong):
    page = (
        visit(client, "feedback.report", **where, voice=1)
        .form()
        .send({"text": "Hinweis", **typed}, status=422)
    )

    assert list(page.errors()) == [wrong]
    assert page.form().values["text"] == {"text": "Hinweis", **typed}["text"]
    assert db.session.scalars(select(ContributionReport)).all() == []


def test_a_report_of_what_was_withdrawn_meanwhile_finds_nothing(client, where, talk):
    form = visit(client, "feedback.report", **where, voice=5).form()
    taking_back.withdraw(talk[4])

    assert form.send(reason="other", status=404).h1 == "Diese Seite gibt es nicht"


# Where the pages are linked.


def panel(page, name):
    found = page.all("section", aria_labelledby=name)
    return words(found[0]) if found else ""


def test_the_conference_invites_to_hand_in_and_to_read(client, conference, where):
    page = visit(client, "conferences.show", **where)
    assert "Beitrag abgeben" in panel(page, "idee")
    assert "Lesen, was andere sagen" not in panel(page, "idee")

    make.published(conference)
    page = visit(client, "conferences.show", **where)
    assert "Lesen, was andere sagen" in panel(page, "idee")
    assert "Ergebnisse" not in panel(page, "idee")

    recommendation = recommendations.draft(
        conference, {"title": "Bänke", "lead": "Bauhof", "need": "x", "goal": "y"}
    )
    recommendations.edit(recommendation, {"is_public": True})
    page = visit(client, "conferences.show", **where)
    assert page.links()["Was daraus geworden ist: die Ergebnisse"].endswith("/ergebnisse")


def test_the_end_of_the_time_shows_at_its_second(app, clock):
    conference = make.conference(
        contributions_open_at=make.at("2026-03-02 12:10"), contributions_close_at=make.at("2026-03-02 12:30")
    )
    address = {"host": conference.host.key, "conference": conference.key}
    client = Visitor(app)
    said = []
    for at in ("12:00", "12:09", "12:10", "12:29", "12:30"):
        clock.move_to(make.at(f"2026-03-02 {at}"))
        said.append(panel(visit(client, "conferences.show", **address), "idee"))

    assert ["ab: Montag, 2. März 2026, 13:10 Uhr" in each for each in said] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert ["Beitrag abgeben" in each for each in said] == [False, False, True, True, False]
    assert "Die Zeit für Beiträge ist vorbei." in said[-1]


def test_a_conference_without_contributions_does_not_speak_of_them(client):
    conference = make.conference()

    page = visit(client, "conferences.show", host=conference.host.key, conference=conference.key)

    assert panel(page, "idee") == ""


def test_the_page_of_a_group_leads_to_its_contributions(client, conference, where):
    group = make.group(conference)
    make.published(conference, group=group)

    links = visit(client, "conferences.group", **where, number=1).links()

    assert links["1 Beitrag lesen"].endswith("/beitraege?gruppe=1")
    assert links["Selbst etwas dazu sagen"].endswith("/beitraege/neu?gruppe=1")


def test_every_page_of_a_host_leads_to_the_code(client, where):
    page = visit(client, "public.host", host=where["host"])

    (link,) = [each for each in page.all("a") if words(each) == "Mein Beitrag"]
    assert link.get("href") == f"/{where['host']}/mein-beitrag"


def test_the_conference_page_needs_the_same_statements_with_many(client, conference, where):
    counted = []
    for count in (1, 500):
        many(conference, count)
        pages.clear()
        with statements() as sent:
            visit(client, "conferences.show", **where)
        counted.append(len(sent))

    assert counted[0] == counted[1]
    assert db.session.query(Contribution).count() == 501
