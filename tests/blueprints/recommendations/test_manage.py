"""The desk: the list, all fields, two who edit, steps, news, preview, and the end of a draft."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from app.database import db, now, transaction
from app.domain import editing, local_time, recommendations
from app.models import Evidence, Recommendation, RecommendationStatus, StatusUpdate
from tests import make
from tests.blueprints.recommendations.conftest import BASE
from tests.browse import visit, words
from tests.counting import statements
from tests.domain.queries.test_trace import many
from tests.domain.test_recommendations import WHOLE

S = RecommendationStatus


def drafted(conference, *voices, **given):
    return recommendations.draft(
        conference, {**WHOLE, **given}, contribution_ids=[voice.id for voice in voices]
    )


def take(recommendation, *steps):
    for status in steps:
        recommendations.advance(
            recommendation,
            status,
            happened_on=local_time.day_of(now()),
            decided_by="Sozialausschuss",
            result="Es stehen 20 Bänke.",
        )


def stored():
    db.session.expire_all()
    return db.session.scalars(select(Recommendation).order_by(Recommendation.number)).one()


def test_list_without_recommendations_offers_the_first(opened):
    page = opened("manage_all")

    assert page.links()["Erste Empfehlung entwerfen"] == f"{BASE}/neu"
    assert page.links()["Neue Empfehlung"] == f"{BASE}/neu"


def cells(page):
    return [[words(cell) for cell in row if cell.tag in ("th", "td")] for row in page.one("tbody").iter("tr")]


def test_list_tells_status_office_date_rank_evidence_and_what_is_missing(opened, conference):
    drafted(conference, make.published(conference))
    recommendations.draft(conference, {"title": "Wege bauen"}, status=S.COLLECTED)

    assert cells(opened("manage_all")) == [
        [
            "1. 20 Bänke am Weg aufstellen Wohnen",
            "Entwurf nicht öffentlich",
            "Tiefbauamt 31.12.2030",
            "1",
            "1",
            "–",
        ],
        [
            "2. Wege bauen",
            "gesammelt nicht öffentlich",
            "–",
            "–",
            "0",
            "Handlungsfeld, Bedarf, Ziel, zuständige Stelle, Antwort, Beleg",
        ],
    ]


def test_list_can_be_filtered(opened, conference):
    drafted(conference, title="Bänke aufstellen", field_of_action="Wohnen", lead="Bauamt")
    drafted(conference, title="Treff öffnen", field_of_action="Jugend", lead="Jugendamt")
    recommendations.draft(conference, {"title": "Wege bauen"}, status=S.COLLECTED)

    for filters, shown in (
        ({"feld": "Jugend"}, ["2."]),
        ({"stelle": "Bauamt"}, ["1."]),
        ({"stand": "collected"}, ["3."]),
        ({"stand": "unsinn"}, ["1.", "2.", "3."]),
    ):
        page = opened("manage_all", **filters)
        assert [row[0][:2] for row in cells(page)] == shown
    page = opened("manage_all", feld="Wohnen", stelle="Jugendamt")
    assert "Keine Empfehlung gefunden" in page.text
    assert page.links()["Alle zeigen"] == BASE


@pytest.mark.parametrize("count", [1, 3, 1000])
def test_list_needs_the_same_statements_for_any_number(organizer, conference, count):
    voices = many(conference, count)
    by = {
        "host_id": conference.host_id,
        "conference_id": conference.id,
    }
    with transaction():
        db.session.execute(
            insert(Recommendation),
            [
                {**WHOLE, **by, "key": f"E{number}", "number": number, "status": S.DRAFTED, "is_public": True}
                for number in range(1, count + 1)
            ],
        )
        ids = list(db.session.scalars(select(Recommendation.id)))
        db.session.execute(
            insert(Evidence),
            [
                {**by, "recommendation_id": row_id, "position": 1, "contribution_id": voice.id}
                for row_id, voice in zip(ids, voices, strict=True)
            ],
        )
    db.session.rollback()
    with statements() as sent:
        answer = organizer.get(BASE)

    assert answer.text.count('<th scope="row">') == count
    assert len(sent) == 6, sent


def test_edit_shows_and_saves_all_fields(opened, conference):
    drafted(conference, make.published(conference))
    form = opened("edit", recommendation=1).form()
    assert form.values["measures"] == "Orte suchen\nBänke kaufen"
    assert form.values["horizon"] == "short"

    page = form.send(
        title="30 Bänke aufstellen",
        measures="Orte suchen\n\n  Bänke bauen  \n",
        target_groups="",
        horizon="",
        target_date="",
        priority="",
        is_public="y",
    ).follow()

    assert "Die Empfehlung ist gespeichert." in page.text
    recommendation = stored()
    assert (recommendation.title, recommendation.measures, recommendation.target_groups) == (
        "30 Bänke aufstellen",
        ["Orte suchen", "Bänke bauen"],
        [],
    )
    assert (recommendation.horizon, recommendation.target_date, recommendation.priority) == (None, None, None)
    assert recommendation.is_public
    # What the form did not show is still there.
    assert (recommendation.result, recommendation.caretaker) == ("", "Bauhof")


def test_edit_names_what_is_missing_and_what_could_be_clearer(opened, conference):
    recommendations.draft(conference, {"title": "Bänke"})

    page = opened("edit", recommendation=1)

    links = page.links()
    assert links["Ohne zuständige Stelle kann die Empfehlung nicht vorgelegt werden."] == "#lead"
    assert (
        links["Ohne Beleg kann die Empfehlung nicht vorgelegt werden: Auf welche Stimmen stützt sie sich?"]
        == f"{BASE}/1/belege"
    )
    assert any(words.startswith("Sagt der Titel, was getan werden soll?") for words in links)


def test_edit_with_mistakes_keeps_what_was_typed(opened, conference):
    drafted(conference)

    page = (
        opened("edit", recommendation=1)
        .form()
        .send(title="x" * 300, priority="0", target_date="31.02.2030", goal="Neues Ziel", status=422)
    )

    errors = page.errors()
    assert set(errors) == {"title", "priority", "target_date"}
    assert "300 Zeichen" in errors["title"]
    values = page.form().values
    assert (values["title"], values["goal"], values["target_date"]) == ("x" * 300, "Neues Ziel", "31.02.2030")
    assert stored().title == WHOLE["title"]


def test_the_second_of_two_who_edit_sees_both(opened, conference):
    drafted(conference)
    first, second = opened("edit", recommendation=1).form(), opened("edit", recommendation=1).form()
    first.send(goal="Bis 2031 gibt es 30 Bänke.", is_public="y", status=303)

    page = second.send(goal="Bis 2032 gibt es 40 Bänke.", need="Es fehlt viel.", status=422)

    assert "hat jemand anderes dieselben Angaben geändert" in page.text
    assert cells(page) == [
        ["Bedarf", "Es fehlt viel.", "Es fehlen Bänke."],
        ["Ziel", "Bis 2032 gibt es 40 Bänke.", "Bis 2031 gibt es 30 Bänke."],
        ["Auf der Ergebnisseite zeigen", "nein", "ja"],
    ]
    # Sending it again saves what was typed.
    page.form().send(status=303)
    assert stored().goal == "Bis 2032 gibt es 40 Bänke."


def test_what_a_status_needs_is_refused_at_each_field(opened, conference):
    take(drafted(conference, make.published(conference)), S.SUBMITTED)

    page = opened("edit", recommendation=1).form().send(lead="", answer="", status=422)

    assert set(page.errors()) == {"lead", "answer"}
    assert stored().lead == "Tiefbauamt"


def test_only_legal_steps_are_offered(opened, conference):
    recommendation = drafted(conference, make.published(conference))

    def offered():
        return {
            words: url.removeprefix(f"{BASE}/1/stand/")
            for words, url in opened("edit", recommendation=1).links().items()
            if url.startswith(f"{BASE}/1/stand/")
        }

    assert offered() == {"wird besprochen": "besprechung", "der Politik vorgelegt": "vorlage"}
    take(recommendation, S.SUBMITTED)
    assert offered() == {
        "beschlossen": "beschluss",
        "mit Änderungen beschlossen": "beschluss-mit-aenderungen",
        "zur Kenntnis genommen": "kenntnisnahme",
        "abgelehnt": "ablehnung",
        "Entwurf": "entwurf",
    }
    take(recommendation, S.REJECTED)
    assert offered() == {}
    assert "Damit ist die Empfehlung abgeschlossen." in opened("edit", recommendation=1).text


def test_a_step_that_lacks_something_says_all_of_it(opened, conference):
    recommendations.draft(conference, {"title": "Bänke aufstellen"})
    page = opened("take_step", recommendation=1, step="vorlage")
    assert page.links()["Ohne zuständige Stelle kann die Empfehlung nicht vorgelegt werden."] == (
        f"{BASE}/1#lead"
    )

    refused = page.form().send(text="Für den Ausschuss im Mai.", status=422)

    for word in ("Handlungsfeld", "Bedarf", "Ziel", "zuständige Stelle", "Antwort", "Beleg"):
        assert f"Ohne {word}" in words(refused.one(id="fehler"))
    assert refused.form().values["text"] == "Für den Ausschuss im Mai."
    assert stored().status is S.DRAFTED


def test_a_decision_asks_who_decided(opened, conference):
    take(drafted(conference, make.published(conference)), S.SUBMITTED)
    page = opened("take_step", recommendation=1, step="beschluss-mit-aenderungen")
    assert page.form().send(decided_by="", status=422).errors() == {
        "decided_by": "Bitte nennen Sie, wer entschieden hat."
    }

    page = page.form().send(decided_by="Sozialausschuss", text="10 statt 20 Bänke.").follow()

    assert "Der Stand ist jetzt: mit Änderungen beschlossen." in page.text
    assert "Entschieden hat: Sozialausschuss" in page.text
    assert stored().status is S.ADOPTED_AMENDED


def test_the_end_asks_for_the_result(opened, conference):
    take(drafted(conference, make.published(conference)), S.SUBMITTED, S.ADOPTED, S.IN_PROGRESS)
    with transaction():
        stored().result = ""
    page = opened("take_step", recommendation=1, step="erledigt")

    assert set(page.form().send(result="", happened_on="", status=422).errors()) == {"result", "happened_on"}
    page = page.form().send(result="Es stehen 20 Bänke.").follow()

    assert page.form().values["result"] == "Es stehen 20 Bänke."
    assert stored().status is S.DONE


def test_a_jump_by_its_address_is_refused_with_a_sentence(opened, conference):
    drafted(conference, make.published(conference))

    page = opened("take_step", recommendation=1, step="beschluss")
    assert "Von diesem Stand aus ist der Schritt nicht möglich." in page.text
    refused = page.form().send(decided_by="Rat", status=422)

    assert "Möglich ist: „wird besprochen“, „der Politik vorgelegt“." in refused.text
    opened("take_step", recommendation=1, step="unsinn", status=404)
    assert stored().status is S.DRAFTED


def test_days_that_do_not_fit_are_refused_at_the_field(opened, conference):
    drafted(conference)
    form = opened("take_step", recommendation=1, step="besprechung").form()
    tomorrow = local_time.day_of(now()) + timedelta(days=1)

    for day in (f"{tomorrow:%Y-%m-%d}", "2001-01-01", "gestern"):
        assert set(form.send(happened_on=day, status=422).errors()) == {"happened_on"}
    assert stored().status is S.DRAFTED


def test_a_step_pressed_twice_is_taken_once(opened, conference):
    drafted(conference)
    form = opened("take_step", recommendation=1, step="besprechung").form()

    for _ in range(2):
        form.send(text="Im Stadtteil.", status=303)

    assert db.session.query(StatusUpdate).count() == 2


def test_news(opened, conference):
    drafted(conference)
    form = opened("tell_news", recommendation=1).form()
    assert set(form.send(text=" ", status=422).errors()) == {"text"}

    page = form.send(text="Der Beirat fragt nach.").follow()

    assert "Der Beirat fragt nach." in page.text
    assert stored().status is S.DRAFTED


def test_a_draft_is_deleted_after_a_question(opened, conference):
    drafted(conference)
    page = opened("edit", recommendation=1)

    asked = visit(page.client, page.links()["Entwurf löschen"])
    assert "„20 Bänke am Weg aufstellen“ wird gelöscht." in asked.text
    after = asked.form().send().follow()

    assert "„20 Bänke am Weg aufstellen“ ist gelöscht." in after.text
    opened("edit", recommendation=1, status=404)


def test_what_is_public_is_not_deleted(opened, conference):
    take(drafted(conference), S.IN_CONSULTATION)

    assert "Entwurf löschen" not in opened("edit", recommendation=1).links()
    refused = opened("remove", recommendation=1).form().send(status=422)

    assert "Löschen geht nur bei einem Entwurf" in refused.text
    assert stored().number == 1


def test_a_discussed_one_has_no_switch_any_more(opened, conference):
    recommendation = drafted(conference)
    assert "is_public" in {element.get("name") for element in opened("edit", recommendation=1).all("input")}
    take(recommendation, S.IN_CONSULTATION)

    page = opened("edit", recommendation=1)
    assert "is_public" not in {element.get("name") for element in page.all("input")}
    page.form().send(goal="Bis 2031 gibt es 30 Bänke.", status=303)
    assert stored().is_public


def test_preview_shows_a_draft_as_residents_will_see_it(opened, conference, app):
    from tests.visitor import Visitor

    drafted(conference, make.published(conference, "Mehr Bänke, bitte."))

    page = opened("preview", recommendation=1)

    assert "Vorschau: noch nicht öffentlich" in page.text
    for text in ("Mehr Bänke, bitte.", "Wir stellen Bänke auf.", "Tiefbauamt"):
        assert text in page.text
    visit(
        Visitor(app),
        "recommendations.recommendation",
        host="stadt",
        conference="konferenz",
        recommendation=1,
        status=404,
    )


def test_hostile_words_are_words(opened, conference):
    nasty = "<script>alert(1)</script> \u202everkehrt\u202c 😀👩‍👩‍👧 =1+1"
    drafted(conference, title=nasty, lead=nasty, measures=[nasty], field_of_action=nasty)

    for endpoint, parts in (
        ("manage_all", {}),
        ("edit", {"recommendation": 1}),
        ("preview", {"recommendation": 1}),
    ):
        assert "<script>alert" not in opened(endpoint, **parts).response.text
    assert editing.values(stored(), ["title", "lead"]) == {"title": nasty, "lead": nasty}
