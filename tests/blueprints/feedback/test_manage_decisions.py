"""One contribution on the desk: every decision by its form, two people deciding at once, and what comes next."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain import contributions, moderation, taking_back
from app.domain.queries import moderation as read
from app.models import (
    Conference,
    ContributionChannel,
    ContributionStatus,
    RejectionReason,
    ReportReason,
    TranslatedBy,
)
from tests import make
from tests.blueprints.feedback.desk import Desk, fresh, way, ways
from tests.browse import words
from tests.visitor import Visitor

S = ContributionStatus
DECISIONS = {"publish", "reject", "forward", "duplicate"}


@pytest.fixture
def desk(client: Visitor, conference: Conference) -> Desk:
    return Desk(client, conference)


def test_moderate_shows_the_words_in_their_language_and_direction(desk: Desk, conference: Conference) -> None:
    page = desk.of(make.said(conference, "نريد ظلا\n\nفي الملعب", language="ar", name="أم")[0])

    voice = page.one("blockquote")
    assert (voice.get("lang"), voice.get("dir"), words(voice)) == ("ar", "rtl", "نريد ظلا في الملعب")
    assert page.h1 == "Beitrag ohne Nummer"
    assert "Name dazu: أم" in page.text
    assert ways(page) == {*DECISIONS, "review", "arrange", "translate", "answer"}


def test_moderate_is_not_kept_anywhere(desk: Desk, conference: Conference) -> None:
    page = desk.of(make.said(conference)[0])

    assert page.response.headers["Cache-Control"] == "no-store"


def test_opening_and_leaving_decides_nothing(desk: Desk, conference: Conference) -> None:
    contribution = make.said(conference)[0]
    desk.of(contribution)

    assert fresh(contribution).status is S.RECEIVED
    contributions.change(contribution, contributions.Words("Noch einmal anders"))
    assert read.history(contribution) == []


def test_review_locks_the_author_out_and_stays_on_the_page(desk: Desk, conference: Conference) -> None:
    contribution = make.said(conference)[0]

    answer = way(desk.of(contribution), "review").send()

    assert answer.location == desk.address("moderate", contribution=contribution.id)
    page = answer.follow()
    assert "Die Person kann ihn nicht mehr ändern." in page.text
    assert "review" not in ways(page)
    assert fresh(contribution).status is S.IN_REVIEW
    with pytest.raises(contributions.AlreadyModerated):
        contributions.change(contribution, contributions.Words("Anders"))


def test_publish_shows_it_and_opens_the_next_one(desk: Desk, conference: Conference) -> None:
    first, second = make.said(conference, "Eins")[0], make.said(conference, "Zwei")[0]

    answer = way(desk.of(first), "publish").send(publish_note="passt")

    assert answer.location == desk.address("moderate", contribution=second.id)
    assert "Der Beitrag ist veröffentlicht." in answer.follow().text
    published = fresh(first)
    assert (published.status, published.number) == (S.PUBLISHED, 1)
    assert [(step.note, step.staff_member_id) for step in read.history(published)] == [
        ("passt", desk.member.id)
    ]


def test_after_the_last_decision_the_queue_says_that_all_is_decided(
    desk: Desk, conference: Conference
) -> None:
    answer = way(desk.of(make.said(conference)[0]), "publish").send()

    assert answer.location == desk.address("queue")
    assert "Alles entschieden" in answer.follow().text


@pytest.mark.parametrize("reason", RejectionReason, ids=lambda reason: reason.value)
def test_reject_proposes_a_kind_sentence_for_every_reason(
    desk: Desk, conference: Conference, reason: RejectionReason
) -> None:
    contribution = make.said(conference)[0]

    page = way(desk.of(contribution), "reject").send(reason=reason.value, status=422)

    proposed = way(page, "reject")
    assert proposed.values["reply"].startswith("Wir haben Ihr")
    assert "gelesen" in proposed.values["reply"]
    assert page.errors() == {
        "reply": "Wir haben einen Satz vorgeschlagen. Bitte lesen Sie ihn und drücken Sie noch einmal auf den Knopf."
    }
    assert fresh(contribution).status is S.RECEIVED
    proposed.send(status=303)
    assert (fresh(contribution).status, fresh(contribution).rejection_reason) == (S.REJECTED, reason)
    assert fresh(contribution).reply == proposed.values["reply"]


def test_reject_keeps_the_sentence_somebody_wrote(desk: Desk, conference: Conference) -> None:
    contribution = make.said(conference)[0]

    way(desk.of(contribution), "reject").send(
        reason="insult", reply="Bitte freundlicher.", reject_note="unter uns", status=303
    )

    assert fresh(contribution).reply == "Bitte freundlicher."
    assert (
        "nicht veröffentlicht (beleidigt jemanden), Sachbearbeitung – unter uns" in desk.of(contribution).text
    )


def test_reject_without_a_reason_says_so(desk: Desk, conference: Conference) -> None:
    contribution = make.said(conference)[0]

    page = way(desk.of(contribution), "reject").send(status=422)

    assert page.errors()["reason-0"] == "Bitte wählen Sie einen Grund."
    # What was refused lies open.
    assert [words(each[0]) for each in page.all("details") if each.get("open") is not None] == [
        "Nicht veröffentlichen"
    ]


def test_reject_refuses_a_reason_that_is_none(desk: Desk, conference: Conference) -> None:
    contribution = make.said(conference)[0]

    way(desk.of(contribution), "reject").send(reason="<b>", reply="Bitte anders.", status=422)

    assert fresh(contribution).status is S.RECEIVED


def test_forward_names_offices_used_before(desk: Desk, conference: Conference) -> None:
    moderation.forward(make.said(conference)[0], "Tiefbauamt")
    contribution = make.said(conference, "Ein Schlagloch")[0]
    page = desk.of(contribution)

    assert [option.get("value") for option in page.one("datalist").iter("option")] == ["Tiefbauamt"]
    assert way(page, "forward").send(status=422).errors() == {
        "office": "Bitte nennen Sie die Stelle, die sich darum kümmern soll."
    }
    way(page, "forward").send(office="Bauhof", forward_reply="Der Bauhof kommt.", status=303)
    stored = fresh(contribution)
    assert (stored.status, stored.forwarded_to, stored.reply) == (S.FORWARDED, "Bauhof", "Der Bauhof kommt.")


def test_duplicate_is_suggested_and_taken(desk: Desk, conference: Conference) -> None:
    make.published(conference, "Schatten am Spielplatz")
    make.published(conference, "Der Bus fährt zu selten")
    contribution = make.said(conference, "Mehr Schatten für den Spielplatz")[0]
    page = desk.of(contribution)

    assert "Diese klingen ähnlich: Nr. 1 Schatten am Spielplatz" in page.text
    assert "Der Bus fährt" not in page.text
    refused = way(page, "duplicate").send(original="99", status=422)
    assert refused.errors() == {
        "original": "Nr. 99 geht nicht als Original. "
        "Bitte nennen Sie die Nummer eines anderen, veröffentlichten Beitrags."
    }
    way(page, "duplicate").send(original="1", status=303)

    stored = fresh(contribution)
    assert (stored.status, stored.number, stored.text) == (S.DUPLICATE, 3, "Mehr Schatten für den Spielplatz")
    original = stored.duplicate_of
    assert original is not None
    assert "Das sagen auch Nr. 3: Mehr Schatten für den Spielplatz" in desk.of(original).text


@pytest.mark.parametrize("number", ["", "eins", "9" * 40, "-1"])
def test_duplicate_of_no_number_is_refused(desk: Desk, conference: Conference, number: str) -> None:
    page = way(desk.of(make.said(conference)[0]), "duplicate").send(original=number, status=422)

    assert page.errors().keys() == {"original"}


# --- Two people ------------------------------------------------------------------------------------------------------


def test_the_second_to_decide_is_told_and_sees_both(desk: Desk, conference: Conference) -> None:
    contribution = make.said(conference)[0]
    form = way(desk.of(contribution), "reject")
    colleague = make.staff_member(of=conference.host)
    moderation.publish(contribution, by=colleague)

    page = form.send(reason="insult", reply="Bitte anders.", status=422)

    assert "Während Sie geschrieben haben, hat jemand anderes" in page.errors()[""]
    assert (
        "Ihre Entscheidung nicht veröffentlichen Jetzt gespeichert veröffentlicht, Sachbearbeitung"
        in page.text
    )
    assert fresh(contribution).status is S.PUBLISHED
    again = way(page, "reject")
    assert again.values["reply"] == "Bitte anders."
    again.send(status=303)
    assert fresh(contribution).status is S.REJECTED


def test_the_same_button_pressed_twice_decides_once(desk: Desk, conference: Conference) -> None:
    contribution = make.said(conference)[0]
    form = way(desk.of(contribution), "publish")

    assert (form.send().status, form.send().status) == (303, 303)
    assert len(read.history(fresh(contribution))) == 1


def test_words_the_author_changed_meanwhile_are_read_before_they_are_public(
    desk: Desk, conference: Conference
) -> None:
    contribution = make.said(conference, "Alt")[0]
    form = way(desk.of(contribution), "publish")
    contributions.change(contribution, contributions.Words("Neu"))

    page = form.send(status=422)

    assert words(page.one("blockquote")) == "Neu"
    assert fresh(contribution).status is S.RECEIVED
    way(page, "publish").send(status=303)
    assert fresh(contribution).status is S.PUBLISHED


def test_what_was_withdrawn_meanwhile_cannot_be_decided(desk: Desk, conference: Conference) -> None:
    contribution = make.said(conference)[0]
    forms = {name: way(desk.of(contribution), name) for name in ("publish", "forward", "answer", "arrange")}
    taking_back.withdraw(contribution)

    for form in forms.values():
        page = form.send(office="Amt", answer="Ja", status=422)
        assert "Dieser Beitrag ist zurückgezogen." in page.errors()[""]

    assert ways(desk.of(contribution)) == set()


def test_translation_saved_by_somebody_else_stands_beside(desk: Desk, conference: Conference) -> None:
    contribution = make.said(conference, "Gölge", language="tr")[0]
    form = way(desk.of(contribution), "translate")
    moderation.translate(contribution, "Schatten")

    page = form.send(german="Ein Schatten", status=422)

    assert "Deutsche Übersetzung Ein Schatten Schatten" in page.text
    way(page, "translate").send(status=303)
    assert fresh(contribution).german == "Ein Schatten"


# --- The rest of the page --------------------------------------------------------------------------------------------


def test_translate_marks_a_machine_until_somebody_has_read_it(desk: Desk, conference: Conference) -> None:
    contribution = make.said(conference, "Gölge", language="tr")[0]

    page = way(desk.of(contribution), "translate").send(german="Schatten", german_by="machine").follow()

    assert "Auf Deutsch (von einer Maschine übersetzt, noch nicht geprüft): Schatten" in page.text
    way(page, "translate").send(german_reviewed="y", status=303)
    stored = fresh(contribution)
    assert (stored.text, stored.german_by, stored.german_reviewed) == ("Gölge", TranslatedBy.MACHINE, True)


def test_arrange_and_answer_are_saved(desk: Desk, conference: Conference, clock: object) -> None:
    make.sign_in(desk.client, desk.member)
    topic, group = make.topic(conference), make.group(conference)
    contribution = make.published(conference)

    way(desk.of(contribution), "arrange").send(topic=str(topic.id), group=str(group.id), status=303)
    way(desk.of(contribution), "answer").send(answer="Der Bauhof stellt Bänke auf.", status=303)

    stored = fresh(contribution)
    assert (stored.topic_id, stored.working_group_id) == (topic.id, group.id)
    assert (stored.answer, stored.answered_on) == ("Der Bauhof stellt Bänke auf.", date(2026, 3, 2))
    assert "Öffentliche Antwort (02.03.2026)" in desk.of(contribution).text


def test_arrange_offers_only_what_belongs_here(desk: Desk, conference: Conference) -> None:
    foreign = make.topic(make.conference(conference.host))
    contribution = make.said(conference)[0]

    page = way(desk.of(contribution), "arrange").send(topic=str(foreign.id), status=422)

    assert page.errors().keys() == {"topic"}


def test_reports_are_read_and_marked_as_checked(desk: Desk, conference: Conference) -> None:
    contribution = make.published(conference)
    contributions.report(contribution, ReportReason.UNTRUE, "<b>Stimmt nicht</b>", submission="meldung")
    page = desk.of(contribution)
    assert "Der Beitrag behauptet etwas Falsches über jemanden. „<b>Stimmt nicht</b>“ offen" in page.text

    after = way(page, "reports").send().follow()

    assert "„<b>Stimmt nicht</b>“ geprüft" in after.text
    assert "reports" not in ways(after)


def test_a_report_that_nobody_has_read_stays_open(desk: Desk, conference: Conference) -> None:
    contribution = make.published(conference)
    contributions.report(contribution, ReportReason.UNTRUE, "Die erste", submission="eins")
    page = desk.of(contribution)
    contributions.report(contribution, ReportReason.UNTRUE, "Die zweite", submission="zwei")

    after = way(page, "reports").send().follow()

    assert "„Die erste“ geprüft" in after.text
    assert "„Die zweite“ offen" in after.text


def test_a_flood_of_reports_is_read_in_parts(desk: Desk, conference: Conference) -> None:
    contribution = make.published(conference)
    for number in range(52):
        contributions.report(contribution, ReportReason.OTHER, "Flut", submission=f"flut-{number}")
    page = desk.of(contribution)
    assert page.text.count("„Flut“ offen") == 50
    assert "Es gibt noch mehr Meldungen." in page.text

    after = way(page, "reports").send().follow()

    assert after.text.count("„Flut“ offen") == 2
    assert way(after, "reports").send().follow().text.count("offen") == 0


def test_second_look_is_asked_for_before_publishing_only(desk: Desk, conference: Conference) -> None:
    contribution = make.said(conference, "Herr Müller, 05971 123456, ist gemein")[0]
    page = desk.of(contribution)

    assert "Vielleicht der Name einer Person: „Herr Müller“" in page.text
    assert "Vielleicht eine Telefonnummer: „05971 123456“" in page.text
    moderation.publish(contribution)
    assert "Bitte ein zweiter Blick" not in desk.of(contribution).text


def test_withdraw_for_somebody_who_calls_erases_it(desk: Desk, conference: Conference) -> None:
    contribution = make.published(conference, "Das war ich nicht")
    link = desk.of(contribution).links()["Die Person ruft an und will den Beitrag zurückziehen"]
    page = desk.open("withdraw_for", contribution=contribution.id)
    assert link == page.address
    assert "Das war ich nicht" in page.text

    after = page.form().send().follow()

    assert "Der Text ist gelöscht." in after.text
    assert "Das war ich nicht" not in after.text
    stored = fresh(contribution)
    assert (stored.status, stored.text) == (S.WITHDRAWN, None)
    assert read.history(stored)[0].staff_member_id == desk.member.id
    assert "schon zurückgezogen" in desk.open("withdraw_for", contribution=contribution.id).text


def test_a_form_that_names_no_decision_decides_nothing(desk: Desk, conference: Conference) -> None:
    contribution = make.said(conference)[0]

    way(desk.of(contribution), "publish").send(decision="erase", status=422)

    assert fresh(contribution).status is S.RECEIVED


def test_paper_can_be_corrected_and_the_internet_cannot(desk: Desk, conference: Conference) -> None:
    web, card = make.said(conference)[0], make.said(conference, channel=ContributionChannel.CARD)[0]

    assert "Tippfehler korrigieren" not in desk.of(web).links()
    assert "Tippfehler korrigieren" in desk.of(card).links()
    desk.open("correct_card", contribution=web.id, status=404)
