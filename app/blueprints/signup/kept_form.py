"""The empty form of a conference, kept like the pages for everybody; what is one visitor's own is put in each time.

Of a visitor nothing is kept: only who has said nothing yet in this browser gets it, and the form's token, its own id
and the free seats of this moment stand nowhere but in the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response, g, make_response, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import escape
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from app.blueprints.signup.forms_groups import state_words
from app.blueprints.signup.forms_household import HouseholdForm
from app.database import db, now
from app.domain import local_time
from app.models import Conference, GroupRound, WorkingGroup
from app.web import cache
from app.web.forms import new_submission

TOKEN, SUBMISSION = "token", "submission"
# What goes into a gap: the token, the form's own id, or the words about a group (number of the round and of the group).
Gap = str | tuple[int, int]


@dataclass(frozen=True)
class KeptForm(cache.Page):
    """The page cut at its gaps: between two parts stands one."""

    parts: tuple[str, ...]
    gaps: tuple[Gap, ...]

    @property
    def size(self) -> int:
        return sum(map(len, self.parts))


class _Round:
    """A group round as the statement below shows it."""

    seats_free = GroupRound.seats_free
    is_full = GroupRound.is_full

    def __init__(self, row: Row[Any]) -> None:
        self.capacity, self.seats_taken, self.waiting = row.seats, row.seats_taken, row.in_queue


_rounds, _groups = GroupRound.__table__, WorkingGroup.__table__
# The state of the conference, with one row for each group round.
_LOOK = (
    cache.STATE.add_columns(
        Conference.__table__.c.form_version,
        _groups.c.number.label("group_number"),
        _rounds.c.number.label("round_number"),
        _rounds.c.capacity.label("seats"),
        _rounds.c.seats_taken,
        _rounds.c.waiting.label("in_queue"),
    )
    .outerjoin(_rounds, _rounds.c.conference_id == Conference.__table__.c.id)
    .outerjoin(_groups, _groups.c.id == _rounds.c.working_group_id)
)


def kept(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer who asks for the empty form from memory, while it says what the conference asks now.

    Stands outside of `requires`, and looks itself whether everybody can see the conference: nobody else sees the form.
    """

    @wraps(view)
    def answer(**parts: Any) -> Any:
        if request.method != "GET" or request.query_string or session.keys() - {"csrf_token"}:
            return view(**parts)
        place = _place()
        page = cache.pages.get(place)
        if isinstance(page, KeptForm):
            words = _words(page)
            if words is not None:
                return _fill(page, words)
        response = make_response(view(**parts))
        form: HouseholdForm | None = g.pop("form_to_keep", None)
        if form is not None and response.status_code == 200:
            conference: Conference = g.conference
            of = (conference.host.key, conference.key)
            state = _state(conference, conference.form_version, conference.host.version)
            cache.pages.put(place, _cut(response.get_data(as_text=True), form, of, state))
        return response

    return answer


def keep(form: HouseholdForm) -> None:
    """Say that the page that is being made shows `form` as everybody sees it first."""
    g.form_to_keep = form


def _place() -> cache.Place:
    scheme, host, prefix, path = cache.place_of(request.environ)
    # No path begins like this: it is never taken for a page that is the same for all.
    return scheme, host, prefix, f"form:{path}"


def _words(page: KeptForm) -> dict[tuple[int, int], str] | None:
    """What to say about each group at this moment, by round and group; None when the page does not hold any more."""
    host, conference = page.of
    try:
        with cache.for_one_statement(db.engine).connect() as connection:
            rows = connection.execute(_LOOK, {"host": host, "conference": conference}).all()
    except SQLAlchemyError:
        # The app will meet the same trouble, and has a page that says so.
        return None
    if not rows:
        return None
    seen: Any = cache.Seen(rows[0])
    if not seen.is_public or _state(seen, seen.form_version, seen.host_version) != page.state:
        return None
    found: Any = {(row.round_number, row.group_number): _Round(row) for row in rows if row.seats is not None}
    wanted = [gap for gap in page.gaps if not isinstance(gap, str)]
    return {gap: state_words(found[gap]) for gap in wanted} if found.keys() >= set(wanted) else None


def _fill(page: KeptForm, words: dict[tuple[int, int], str]) -> Response:
    said: dict[Gap, str] = {gap: str(escape(text)) for gap, text in words.items()}
    said[SUBMISSION] = new_submission()
    if TOKEN in page.gaps:
        said[TOKEN] = str(escape(generate_csrf()))
    text = [page.parts[0]]
    for gap, part in zip(page.gaps, page.parts[1:], strict=True):
        text += (said[gap], part)
    return Response("".join(text), mimetype="text/html")


def _cut(text: str, form: HouseholdForm, of: tuple[str, str], state: tuple[Any, ...]) -> KeptForm:
    found: list[tuple[int, int, Gap]] = []
    own: list[tuple[Gap, str]] = [(SUBMISSION, form.submission.data or "")]
    if "csrf_token" in form:
        own.append((TOKEN, form.csrf_token.current_token))
    for gap, value in own:
        start = text.index(value)
        while start >= 0:
            found.append((start, start + len(value), gap))
            start = text.find(value, start + len(value))
    for field in form.rounds:
        for index, held in enumerate(field.rounds.values()):
            head = f'id="{field.id}-{index}-detail">'
            start = text.index(head) + len(head)
            found.append((start, text.index("</div>", start), (field.number, held.group.number)))
    parts, gaps, end = [], [], 0
    for start, stop, gap in sorted(found, key=lambda each: each[0]):
        parts.append(text[end:start])
        gaps.append(gap)
        end = stop
    parts.append(text[end:])
    return KeptForm(b"", b"", "", of, state, tuple(parts), tuple(gaps))


def _state(conference: Any, form_version: int, host_version: int) -> tuple[Any, ...]:
    at = now()
    return conference.id, form_version, host_version, local_time.day_of(at), conference.signup_state(at)
