"""What a registration asks: the conference's own questions, and the form as residents see it."""

from __future__ import annotations

from typing import Any

import flask_babel
from flask import abort, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.blueprints.signup import bp
from app.blueprints.signup.forms_groups import rounds_of
from app.blueprints.signup.forms_household import HouseholdForm, add, household_form, read_people
from app.blueprints.signup.manage_form_forms import Confirm, QuestionForm, translation_form
from app.blueprints.signup.manage_form_page import address, by_subject, further, page
from app.database import db
from app.domain import consents, editing, form_texts, questionnaire, questions, support_offers
from app.domain.errors import DomainError
from app.domain.queries import conferences, places
from app.models import Conference, GroupChoice, Question, SignupState
from app.policies import Permission
from app.web.access import requires
from app.web.labels import label
from app.web.saving import in_order, saved

# What the texts of a form are called beside their translation.
TEXT_NAMES: dict[str, Any] = {
    "label": _l("Frage"),
    "help": _l("Hilfe"),
    "option": _l("Antwort zur Auswahl"),
    "words": _l("Wortlaut"),
    "note": _l("Hinweis"),
}


@bp.get("/verwaltung/<host>/<conference>/formular")
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_form(conference: Conference) -> ResponseReturnValue:
    """All that a registration asks, and by which rules."""
    asked = questionnaire.all_of(conference)
    return page(
        "edit_form",
        conference,
        asked=[question for question in asked if question.is_on],
        off=sum(not question.is_on for question in asked),
        consents=consents.kept(conference),
        offers=support_offers.all_of(conference),
        translations=[
            (language, *form_texts.progress(conference, language.code)) for language in further(conference)
        ],
    )


@bp.get("/verwaltung/<host>/<conference>/formular/fragen")
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_questions(conference: Conference) -> ResponseReturnValue:
    asked = questionnaire.all_of(conference)
    counts = questionnaire.answered(conference)
    by_id = {question.id: question for question in asked}
    entries = [
        {
            "id": question.id,
            "title": str(question.label),
            "detail": _detail(question, by_id, counts.get(question.id, 0)),
            "url": address("edit_question", conference, question=question.id),
        }
        for question in asked
    ]
    return page("edit_questions", conference, entries=entries)


def _detail(question: Question, others: dict[int, Question], count: int) -> str:
    other = others.get(question.shown_if_id or 0)
    parts = [
        "" if question.is_on else _("abgeschaltet"),
        label(question.kind),
        _("muss beantwortet werden") if question.is_required else "",
        _("nur nach „%(question)s“", question=str(other.label)) if other else "",
        _("wird nicht gezeigt: „%(question)s“ ist abgeschaltet", question=str(other.label))
        if other and not other.is_on
        else "",
        ngettext("%(num)s Antwort", "%(num)s Antworten", count) if count else "",
    ]
    return " · ".join(str(part) for part in parts if part)


@bp.post("/verwaltung/<host>/<conference>/formular/fragen/reihenfolge")
@requires(Permission.EDIT_CONFERENCE, Conference)
def order_questions(conference: Conference) -> ResponseReturnValue:
    return in_order(
        lambda order: questionnaire.reorder(conference, order),
        lambda item, up: questionnaire.move(conference, item, up=up),
        address("edit_questions", conference),
        _("Die Reihenfolge ist gespeichert."),
    )


@bp.route("/verwaltung/<host>/<conference>/formular/fragen/neu", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def add_question(conference: Conference) -> ResponseReturnValue:
    form = QuestionForm()
    form.offer(questionnaire.all_of(conference))
    form.start("")
    if form.validate_on_submit() and saved(
        form, lambda: questionnaire.add(conference, form.take()), lambda: ({}, "")
    ):
        flash(_("Die Frage ist gespeichert."), "success")
        return redirect(address("edit_questions", conference), 303)
    return page("edit_question", conference, form.status, form=form, question_id=None)


@bp.route("/verwaltung/<host>/<conference>/formular/fragen/<int:question>", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_question(conference: Conference, question: int) -> ResponseReturnValue:
    found = _question(conference, question)

    def stored() -> tuple[dict[str, Any], str]:
        values = questionnaire.values(found)
        return QuestionForm.put(values), editing.seen(values)

    fields, shown = stored()
    form = QuestionForm(data=fields)
    form.offer(other for other in questionnaire.all_of(conference) if other.position < found.position)
    form.start(shown)
    if form.validate_on_submit() and saved(
        form,
        lambda: questionnaire.edit(conference, question, form.take(), shown=form.shown.data or ""),
        stored,
    ):
        flash(_("Die Frage ist gespeichert."), "success")
        return redirect(address("edit_questions", conference), 303)
    return page("edit_question", conference, form.status, form=form, question_id=question)


@bp.route("/verwaltung/<host>/<conference>/formular/fragen/<int:question>/entfernen", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def remove_question(conference: Conference, question: int) -> ResponseReturnValue:
    words, form = str(_question(conference, question).label), Confirm()
    if form.validate_on_submit():
        try:
            questionnaire.remove(conference, question)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("„%(question)s“ ist entfernt.", question=words), "success")
            return redirect(address("edit_questions", conference), 303)
    return page("remove_question", conference, form.status, form=form, words=words, question_id=question)


@bp.route("/verwaltung/<host>/<conference>/formular/uebersetzung/<code>", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def translate_form(conference: Conference, code: str) -> ResponseReturnValue:
    language = next((known for known in further(conference) if known.code == code), None)
    if language is None:
        abort(404)
    found = form_texts.texts(conference)

    def stored() -> tuple[dict[str, Any], str]:
        present = form_texts.read(conference, code)
        return dict(present), editing.seen(present)

    fields, shown = stored()
    form = translation_form(found, TEXT_NAMES)(data=fields)
    form.start(shown)
    if form.validate_on_submit():
        wanted = {text.field: form[text.field].data for text in found}
        if saved(
            form, lambda: form_texts.save(conference, code, wanted, shown=form.shown.data or ""), stored
        ):
            flash(_("Die Übersetzung ist gespeichert."), "success")
            return redirect(address("translate_form", conference, code=code), 303)
    return page(
        "translate_form",
        conference,
        form.status,
        form=form,
        target=language,
        target_name=flask_babel.get_locale().languages.get(code, language.name),
        sections_of_texts=by_subject(found),
        done=sum(code in text.words for text in found),
        count=len(found),
    )


@bp.route("/verwaltung/<host>/<conference>/formular/vorschau", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def preview_form(conference: Conference) -> ResponseReturnValue:
    """The form as residents see it, also checked as for them; nothing is ever saved."""
    code = request.args.get("sprache", "de")
    offered = further(conference)
    if code in {language.code for language in offered}:
        request.environ["app.language"] = code
        flask_babel.refresh()
    people = read_people(request.form.get("people", ""))
    new = None
    if "add" in request.form:
        people = add(people, request.form["add"])
        new = people[-1].key
    people = [who for who in people if who.key != request.form.get("remove")]
    groups = conferences.groups_of(conference)
    form: HouseholdForm = household_form(
        people=people,
        choice=conference.group_choice,
        rounds=rounds_of(groups),
        offers=places.offers_of(conference),
        texts=consents.asked(conference),
        asked=questions.asked(conference),
    )()
    form.people.data = " ".join(map(str, people))
    is_sent = form.is_submitted() and not {"add", "remove"} & set(request.form)
    fits = is_sent and form.validate()
    form.offer()
    body = render_template(
        "signup/manage/form/preview_form.html",
        form=form,
        fits=fits,
        further=offered,
        code=code,
        state=SignupState.OPEN,
        groups=groups,
        new=new or "",
        takes_forms=True,
        by_wishes=conference.group_choice is GroupChoice.WISHES,
    )
    response = make_response(body, form.status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _question(conference: Conference, question_id: int) -> Question:
    """The question of this conference; 404 for another one's."""
    found = db.session.get(Question, question_id)
    if found is None or found.conference_id != conference.id:
        abort(404)
    return found
