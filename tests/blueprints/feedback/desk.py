"""Somebody at the desk: signed in, with the pages about the contributions of one conference."""

from __future__ import annotations

from typing import Any

from app.database import db
from app.models import Conference, Contribution, StaffMember, StaffRole
from tests import make
from tests.browse import Form, Page, address_of, values, visit, words
from tests.visitor import Visitor


class Desk:
    """Opens staff pages of a conference as one of its organizers."""

    def __init__(self, client: Visitor, conference: Conference) -> None:
        self.client = client
        self.member: StaffMember = make.staff_member(StaffRole.ORGANIZER, conference.host)
        make.sign_in(client, self.member)
        self.where = {"host": conference.host.key, "conference": conference.key}

    def open(self, endpoint: str, *, status: int | None = 200, **more: Any) -> Page:
        """A page by its endpoint: `desk.open("queue")`."""
        return visit(self.client, f"feedback.{endpoint}", status=status, **self.where, **more)

    def address(self, endpoint: str, **more: Any) -> str:
        """The address of such a page."""
        return address_of(self.client, f"feedback.{endpoint}", **self.where, **more)

    def of(self, contribution: Contribution) -> Page:
        """The page on which one decides about it."""
        return self.open("moderate", contribution=contribution.id)


def way(page: Page, name: str) -> Form:
    """One of several forms of a page, by the decision it posts."""
    for element in page.one("main").iter("form"):
        sent = dict(values(element))
        if sent.get("decision") == name:
            return Form(page, element, sent)
    raise AssertionError(f"no form decides {name!r}: {words(page.one('main'))[:400]}")


def ways(page: Page) -> set[str]:
    """The decisions a page offers."""
    return {
        sent["decision"]
        for element in page.one("main").iter("form")
        if "decision" in (sent := dict(values(element)))
    }


def fresh(contribution: Contribution) -> Contribution:
    """The same as it is stored now."""
    db.session.expire_all()
    return db.session.get_one(Contribution, contribution.id)
