"""Planners: what people said becomes a recommendation, is decided about, done, and published as a document."""

from app.domain import moderation
from app.models import Translated
from tests import make
from tests.browse import visit


def press(client, address, /, status=303, **typed):
    """Fill in the form of a page and send it; the page it leads to, or the one that says what is wrong."""
    page = visit(client, address)
    sent = page.form(page.address).send(typed, status=status)
    return sent.follow() if status == 303 else sent


def test_a_recommendation_from_ticked_voices_to_the_end_and_a_resident_sees_each_step(
    app, host, organizer, somebody
):
    conference = make.conference(
        host, key="konferenz", title=Translated("Konferenz der Nachbarn"), contact_role="Sozialplanung"
    )
    topic = make.topic(conference, "Wege und Pausen")
    first, _shade, third = (
        make.published(conference, text)
        for text in ("Mehr Bänke am Weg.", "Mehr Schatten.", "Bitte auch Bänke.")
    )
    moderation.arrange(third, topic_id=topic.id, working_group_id=None)
    base, public = "/verwaltung/neustadt/konferenz/empfehlungen", "/neustadt/konferenz"
    resident = somebody()

    def seen():
        return visit(resident, f"{public}/beitraege/1").text

    assert "Antworten muss: Sozialplanung" in seen()

    # Tick, filter without losing a tick, draft.
    desk = visit(organizer, f"/verwaltung/neustadt/konferenz/beitraege/{first.id}")
    page = visit(organizer, desk.links()["Empfehlung daraus entwerfen"])
    page = page.form().send(title="20 Bänke am Weg aufstellen", q="auch", filtern="1", status=200)
    page = page.form().send(themen=str(topic.number), status=303).follow()
    edit = page.address
    assert edit == f"{base}/1"
    assert "Antworten muss: Sozialplanung" in seen()
    assert "20 Bänke" not in seen()

    # Not yet: all that is missing is said at once.
    refused = press(organizer, f"{edit}/stand/vorlage", status=422)
    for what in ("Handlungsfeld", "Bedarf", "Ziel", "zuständige Stelle", "Antwort"):
        assert f"Ohne {what}" in refused.text
    assert "Ohne Beleg" not in refused.text
    filled = press(
        organizer,
        edit,
        field_of_action="Wege",
        need="Ältere Menschen müssen Pausen machen.",
        goal="Bis 2030 gibt es 20 Bänke.",
        measures="Orte suchen\nBänke kaufen",
        lead="Tiefbauamt",
        target_date="31.12.2030",
        answer="Wir stellen Bänke auf.",
    )
    assert "Das fehlt noch" not in filled.text

    # Discussed in public: from now on residents see it, with the office that owes the next step.
    press(organizer, f"{edit}/stand/besprechung", text="Die Stadtteilrunde spricht darüber.")
    for text in ("20 Bänke am Weg aufstellen", "Stand: wird besprochen", "Zuständig: Tiefbauamt"):
        assert text in seen()
    through_topic = visit(resident, f"{public}/beitraege/3").text
    assert "Sie stützt sich auf das Thema, zu dem dieser Beitrag gehört." in through_topic
    press(organizer, f"{edit}/stand/vorlage")
    assert "Stand: der Politik vorgelegt" in seen()

    # A committee decides; nothing is skipped on the way.
    assert "kein Schritt zu „in Arbeit“" in press(organizer, f"{edit}/stand/arbeit", status=422).text
    press(organizer, f"{edit}/stand/beschluss", decided_by="Sozialausschuss", text="Einstimmig.")
    assert "Entscheidung: beschlossen" in seen()
    assert "Sozialausschuss" in seen()
    press(organizer, f"{edit}/stand/planung")
    assert "Stand: geplant" in seen()
    assert "sich kümmert" in press(organizer, f"{edit}/stand/arbeit", status=422).text
    press(organizer, edit, caretaker="Bauhof")
    press(organizer, f"{edit}/stand/arbeit")
    assert "Stand: in Arbeit" in seen()
    press(organizer, f"{edit}/neuigkeit", text="Die ersten 5 Bänke stehen.")
    press(organizer, f"{edit}/stand/erledigt", result="Es stehen 20 Bänke.")
    assert "Stand: erledigt" in seen()
    assert "Antworten muss" not in seen()

    # Everything on one page, from the voice and back.
    link = next(
        url for url in visit(resident, f"{public}/beitraege/1").links().values() if "/ergebnisse/" in url
    )
    page = visit(resident, link)
    for text in (
        "Es stehen 20 Bänke.",
        "2 Stimmen tragen diese Empfehlung.",
        "Mehr Bänke am Weg.",
        "Bitte auch Bänke.",
        "Die ersten 5 Bänke stehen.",
        "Entschieden hat: Sozialausschuss",
    ):
        assert text in page.text
    assert "Mehr Schatten." not in page.text
    results = visit(resident, f"{public}/ergebnisse")
    assert results.links()["20 Bänke am Weg aufstellen"] == link
    assert "erledigt" in results.text
