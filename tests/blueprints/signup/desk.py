"""Pages of staff about registrations, opened by tests."""

from __future__ import annotations

from typing import Any

from app.database import db, transaction
from app.models import (
    Conference,
    ConsentPurpose,
    ConsentText,
    NeedKind,
    Question,
    QuestionKind,
    Registration,
    Translated,
)
from tests import make
from tests.browse import Page, visit, words
from tests.visitor import Visitor

PLACE = {"host": "beispiel", "conference": "konferenz"}


def open_list(client: Visitor, **query: str | int) -> Page:
    return visit(client, "signup.registrations", **PLACE, **query)


def names(page: Page) -> list[str]:
    """Who stands in the list, in its order."""
    tables = [table for table in page.one("main").iter("table") if "Angemeldet" in words(table)]
    rows = (cell for table in tables for cell in table.iter("th") if cell.get("scope") == "row")
    return [words(link) for cell in rows for link in cell.iter("a")]


def page_of(client: Visitor, registration: Registration, endpoint: str = "registration") -> Page:
    return visit(client, f"signup.{endpoint}", **PLACE, registration=registration.id)


def new(client: Visitor) -> Page:
    """The page where staff register somebody."""
    return visit(client, "signup.register_by_phone", **PLACE)


def code_on(page: Page) -> str:
    return words(page.one("p", class_="code-card__code"))


def options(page: Page, field: str) -> list[str]:
    """What can be chosen in a list, in words."""
    return [words(option) for option in page.one("select", id=field).iter("option")]


def ask_everything(conference: Conference, **question: Any) -> tuple[Question, ConsentText]:
    """Let the conference have a question, a consent and offers of support."""
    make.support_offers(conference, NeedKind.INTERPRETING, NeedKind.WHEELCHAIR, NeedKind.CHILDCARE)
    with transaction():
        asked = Question(
            **{
                "host_id": conference.host_id,
                "conference_id": conference.id,
                "key": "thema",
                "position": 1,
                "kind": QuestionKind.TEXT,
                "label": Translated("Was ist Ihnen wichtig?"),
                **question,
            }
        )
        text = ConsentText(
            host_id=conference.host_id,
            conference_id=conference.id,
            purpose=ConsentPurpose.PHOTO_PRESS,
            words=Translated("Fotos dürfen in die Zeitung."),
        )
        db.session.add_all([asked, text])
    return asked, text
