"""What everybody reads: the results of a conference, and each recommendation with the voices behind it."""

from datetime import date, timedelta

import pytest

from app.database import db, now, transaction
from app.domain import evidence, local_time, minutes, moderation, recommendations, taking_back
from app.models import FileState, Minutes, RecommendationStatus, TranslatedBy
from tests import make
from tests.browse import visit, words
from tests.counting import statements
from tests.domain.queries.test_results import edition
from tests.domain.queries.test_trace import many, recommended

S = RecommendationStatus
RESULTS = "/stadt/konferenz/ergebnisse"


@pytest.fixture
def read(client):
    """Open a page of the results: `read()` or `read(1)`."""

    def open_page(number=None, *, status=200, language="de", query=""):
        address = RESULTS if number is None else f"{RESULTS}/{number}"
        return visit(client, address + query, status=status, language=language)

    return open_page


def headings(page, level="h3"):
    return [words(heading) for heading in page.one("main").iter(level)]


def test_nothing_yet(read, conference):
    page = read()

    assert page.h1 == "Ergebnisse"
    assert "Noch keine Empfehlung" in page.text


def test_results_under_their_fields(read, conference):
    voice = make.published(conference)
    recommended(conference, voice, title="Bänke aufstellen", field_of_action="Wohnen")
    recommended(conference, title="Treff öffnen", field_of_action="Jugend", priority=2)
    recommended(conference, title="Geheimes planen", public=False)
    group = make.group(conference, title="Wohnen im Viertel", rounds=2)
    for number, signed in ((1, True), (2, False)):
        minutes.save(
            group, number, {"participants": 8, "main_points": f"Punkt {number}", "signed_off": signed}
        )

    page = read()

    assert headings(page, "h4") == ["Bänke aufstellen", "Treff öffnen"]
    assert "Geheimes" not in page.text
    for text in ("Zuständig: Tiefbauamt", "1 Stimme", "Wir stellen Bänke auf.", "Entwurf"):
        assert text in page.text
    assert page.links()["Bänke aufstellen"] == f"{RESULTS}/1"
    assert "8 Personen haben mitgeredet. Punkt 1" in page.text
    assert "Punkt 2" not in page.text
    assert "Beiträge 1" in page.text
    assert page.links()["1"] == "/stadt/konferenz/beitraege"


def test_results_filtered_by_status_and_field(read, conference):
    first = recommended(conference, title="Bänke aufstellen", field_of_action="Wohnen & mehr")
    recommended(conference, title="Treff öffnen", field_of_action="Jugend")
    recommendations.advance(first, S.IN_CONSULTATION, happened_on=local_time.day_of(now()))

    links = read().links()
    for words_of_link, shown in (
        ("wird besprochen (1)", ["Bänke aufstellen"]),
        ("Jugend (1)", ["Treff öffnen"]),
        ("Wohnen & mehr (1)", ["Bänke aufstellen"]),
    ):
        page = read(query=links[words_of_link].partition("#")[0].removeprefix(RESULTS))
        assert headings(page, "h4") == shown
        assert "1 Empfehlung passt dazu." in page.text

    page = read(query="?stand=in_consultation&feld=Jugend")
    assert "Keine Empfehlung gefunden" in page.text
    assert len(headings(read(query="?stand=unsinn"), "h4")) == 2
    assert "script" not in read(query="?feld=%3Cscript%3E%00").text


def test_results_link_to_the_document(read, conference):
    edition(conference, 1, FileState.RENDERING)
    raise_version(conference)
    assert "PDF herunterladen" not in read().links()
    assert read().links()["Alle Ausgaben"] == "/stadt/konferenz/dokumentation"

    edition(conference, 2, FileState.READY)
    raise_version(conference)
    assert read().links()["PDF herunterladen"] == "/stadt/konferenz/dokumentation/2/ergebnisse.pdf"


def raise_version(conference):
    with transaction():
        conference.version += 1


def test_a_recommendation_with_all_there_is_to_know(read, conference):
    topic = make.topic(conference, "Sitzen")
    german, arabic, twin, arranged = (
        make.published(conference, "Mehr Bänke."),
        make.published(conference, "نريد مقاعد.", language="ar"),
        make.published(conference, "Ich will auch Bänke."),
        make.published(conference, "Meine Mutter muss oft sitzen."),
    )
    moderation.translate(arabic, "Wir wollen Bänke.", TranslatedBy.HUMAN)
    moderation.mark_duplicate(twin, german.number)
    moderation.arrange(arranged, topic_id=topic.id, working_group_id=None)
    group = make.group(conference, title="Wohnen im Viertel")
    minutes.save(group, 1, {"participants": 8, "main_points": "Bänke fehlen.", "signed_off": True})
    recommendation = recommended(conference, german, arabic, topics=[topic])
    evidence.add(recommendation, minutes_ids=[db.session.query(Minutes).one().id])
    today = local_time.day_of(now())
    recommendations.advance(recommendation, S.SUBMITTED, happened_on=today, text="Für Mai angemeldet.")
    recommendations.advance(
        recommendation, S.ADOPTED, happened_on=today, text="Einstimmig.", decided_by="Sozialausschuss"
    )

    page = read(1)

    assert page.h1 == "20 Bänke am Weg aufstellen"
    assert page.text.index("Wir stellen Bänke auf.") < page.text.index("Es fehlen Bänke.")
    for text in (
        "beschlossen",
        "Bis 2030 gibt es 20 Bänke.",
        "Orte suchen",
        "Tiefbauamt",
        "Seniorenbeirat",
        "Bauhof",
        "unter einem Jahr",
        "31. Dezember 2030",
        "4 Stimmen tragen diese Empfehlung.",
        "Mehr Bänke.",
        "Wir wollen Bänke.",
        "Ich will auch Bänke.",
        "Thema: Sitzen",
        "Meine Mutter muss oft sitzen.",
        "8 Personen haben mitgeredet. Bänke fehlen.",
        "Für Mai angemeldet.",
        "Entschieden hat: Sozialausschuss",
        "Den nächsten Schritt macht: Tiefbauamt",
    ):
        assert text in page.text, text
    assert page.links()["Beitrag 2"] == "/stadt/konferenz/beitraege/2"
    (quote,) = (each for each in page.all("blockquote") if each.get("lang") == "ar")
    assert (quote.get("dir"), words(quote)) == ("rtl", "نريد مقاعد.")


def test_the_way_from_a_voice_to_its_recommendation_and_back(client, read, conference):
    voice = make.published(conference)
    recommended(conference, voice)

    page = visit(client, f"/stadt/konferenz/beitraege/{voice.number}")
    there = [url for url in page.links().values() if url.startswith(RESULTS + "/")]

    assert there == [f"{RESULTS}/1"]
    assert read(1).links()["Beitrag 1"] == page.address


def test_voices_that_went_are_counted(read, conference):
    voices = [make.published(conference, f"Stimme {number}.") for number in range(3)]
    recommended(conference, *voices)
    assert "Stimme 1." in read(1).text

    taking_back.withdraw(voices[1])
    page = read(1)

    assert "1 Stimme wurde zurückgezogen." in page.text
    assert "Stimme 1." not in page.text
    moderation.forward(voices[2], "Tiefbauamt")
    page = read(1)
    assert "1 Stimme ist nicht mehr öffentlich." in page.text
    assert "1 Stimme trägt diese Empfehlung." in page.text


def test_a_draft_is_not_there(read, conference):
    recommendation = recommended(conference, public=False)
    read(1, status=404)

    recommendations.edit(recommendation, {"is_public": True})
    assert read(1).h1 == recommendation.title
    recommendations.edit(recommendation, {"is_public": False})
    read(1, status=404)
    read(99, status=404)


def test_whose_turn_it_is_and_since_when(read, conference, clock):
    recommendation = recommended(conference, make.published(conference))
    recommendations.advance(recommendation, S.SUBMITTED, happened_on=date(2026, 3, 2))

    assert "Jetzt entscheidet die Politik: der Rat oder ein Ausschuss." in read(1).text
    assert "Letzte Nachricht: 2. März 2026" in read(1).text
    # A kept page does not hide that time goes by.
    clock.shift(timedelta(days=89))
    assert "keine Nachricht" not in read(1).text
    clock.shift(timedelta(days=1))
    assert "Seit dem 2. März 2026 gibt es keine Nachricht." in read(1).text


def test_nobody_owes_anything_at_an_end(read, conference):
    recommendation = recommended(conference, make.published(conference))
    for status in (S.SUBMITTED, S.REJECTED):
        recommendations.advance(recommendation, status, happened_on=local_time.day_of(now()))

    assert "nächsten Schritt" not in read(1).text
    assert "Nachricht" not in read(1).text


def test_search_engines_find_the_results_and_keep_no_voices(read, conference):
    recommended(conference, make.published(conference))

    assert [read(number).all("meta", name="robots") != [] for number in (None, 1)] == [False, True]


def test_in_arabic_german_words_are_marked(read, conference):
    recommended(conference, make.published(conference, "Mehr Bänke."))

    for number in (None, 1):
        page = read(number, language="ar")
        marked = [words(element) for element in page.one("main").iter() if element.get("lang") == "de"]
        assert "Tiefbauamt" in marked
        assert "20 Bänke am Weg aufstellen" in marked
        assert page.one("html").get("dir") == "rtl"


def test_hostile_words_are_words(read, conference):
    nasty = "<script>alert(1)</script> \u202everkehrt\u202c 😀👩‍👩‍👧 =1+1"
    fields = ("title", "field_of_action", "need", "goal", "lead", "caretaker", "answer")
    recommended(
        conference,
        make.published(conference, nasty),
        **dict.fromkeys(fields, nasty),
        measures=[nasty],
        partners=[nasty],
        target_groups=[nasty],
    )

    for number in (None, 1):
        for language in ("de", "ar"):
            assert "<script>alert" not in read(number, language=language).response.text


@pytest.mark.parametrize("count", [1, 3, 1000])
def test_the_number_of_statements_is_fixed(client, conference, count):
    topic = make.topic(conference)
    recommended(conference, *many(conference, count, topic), topics=[topic])
    recommended(conference, topics=[topic])
    db.session.rollback()

    sent = {}
    for address in (RESULTS, f"{RESULTS}/1", f"{RESULTS}/2"):
        with statements() as found:
            assert client.get(address).status_code == 200
        sent[address] = len(found)

    assert list(sent.values()) == [7, 6, 6], sent
