"""Rows that belong together: one registration each, with what is wrong and what is worth a look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain import questions
from app.domain.errors import AnswerMissing, AnswerUnfit
from app.domain.registration_table import Row, Table
from app.domain.registration_table import columns as names
from app.domain.registration_table.cells import Line, understood
from app.domain.registration_table.columns import NAMES, plain
from app.domain.registration_table.faults import Fault, Flaw
from app.domain.registration_table.frame import ROLES, Frame, roles_in_words
from app.domain.registrations import LARGEST_HOUSEHOLD, Details, Person
from app.models import ContactChannel, RoleGroup

# How somebody is reached, the first way that is known.
WAYS = {"email": ContactChannel.EMAIL, "phone": ContactChannel.PHONE, "address": ContactChannel.POST}
_SHARED = ("organisation", "email", "phone", "address", "language")


@dataclass
class Household:
    """One registration of the table; it is known by its first row."""

    rows: tuple[Row, ...] = field(repr=False)
    details: Details
    people: tuple[Person, ...] = field(repr=False)
    answers: dict[int, Any] = field(repr=False)
    faults: list[Fault]
    hints: list[Fault] = field(default_factory=list)
    # More than one way to reach them is known, and only the first is kept.
    has_second_way: bool = False

    @property
    def first(self) -> int:
        return self.rows[0].number


def gathered(table: Table, frame: Frame) -> list[Household]:
    """The households in the order of their first rows. Raises ColumnUnknown and the like."""
    columns = names.understood(table, list(frame.rounds), frame.questions)
    together: dict[str, list[Line]] = {}
    seen: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        line = understood(row, columns, frame)
        key = f"mark {plain(line.mark) or line.mark}" if line.mark else f"row {row.number}"
        together.setdefault(key, []).append(line)
        if line.name or any(way in line.said for way in WAYS):
            first = seen.setdefault(tuple(cell.casefold() for cell in row.cells), row.number)
            if first != row.number:
                line.refuse("", Flaw.SAME_ROW, row=first)
    found = [_household(lines, frame) for lines in together.values()]
    _note_twice(found)
    return found


def note_known(households: Iterable[Household], contacts: set[str], display_names: set[str]) -> None:
    """Say of whom somebody with the same contact or name is registered already; both as `contact_key` and `plain`."""
    for household in households:
        details = household.details
        if details.contact and contact_key(details.contact) in contacts:
            household.hints.append(Fault(household.first, "", Flaw.KNOWN_CONTACT))
        elif details.display_name and plain(details.display_name) in display_names:
            household.hints.append(Fault(household.first, "", Flaw.KNOWN_NAME))


def contact_key(contact: str) -> str:
    """What makes two contacts the same, however they are spaced."""
    return "".join(contact.split()).casefold()


def _household(lines: Sequence[Line], frame: Frame) -> Household:
    first = lines[0]
    if len(lines) > LARGEST_HOUSEHOLD:
        first.refuse(
            NAMES["household"][0],
            Flaw.TOO_MANY_PEOPLE,
            mark=first.mark,
            people=len(lines),
            most=LARGEST_HOUSEHOLD,
        )
    role = _agreed_role(lines)
    said = {meaning: _agreed(lines, meaning, frame) for meaning in _SHARED}
    ways = [way for way in WAYS if said[way]]
    details = Details(
        role_group=role or RoleGroup.RESIDENT,
        display_name=next((line.name for line in lines if line.name and line.age is None), ""),
        organisation=said["organisation"],
        language=said["language"] or "de",
        contact_channel=WAYS[ways[0]] if ways else ContactChannel.NONE,
        contact=said[ways[0]] if ways else "",
    )
    answers: dict[int, Any] = {}
    for line in reversed(lines):
        answers |= line.answers
    _check_answers(first, answers, frame)
    return Household(
        rows=tuple(line.row for line in lines),
        details=details,
        people=tuple(
            Person(
                name="" if line.age is not None else line.name,
                age=line.age,
                groups=line.groups,
                wishes=line.wishes,
            )
            for line in lines
        ),
        answers=answers,
        faults=[fault for line in lines for fault in line.faults],
        hints=_hints(lines),
        has_second_way=len(ways) > 1,
    )


def _hints(lines: Sequence[Line]) -> list[Fault]:
    children = [line for line in lines if line.age is not None]
    found = [Fault(line.number, NAMES["name"][0], Flaw.CHILD_NAME) for line in children if line.name]
    if len(children) == len(lines):
        found.append(Fault(lines[0].number, "", Flaw.NO_ADULT, {"column": NAMES["household"][0]}))
    return found


def _agreed_role(lines: Sequence[Line]) -> RoleGroup | None:
    label = NAMES["role"][0]
    said = [(line, line.role) for line in lines if line.role is not None]
    if not said:
        if all(fault.column != label for line in lines for fault in line.faults):
            lines[0].refuse(label, Flaw.ROLE_MISSING, known=roles_in_words())
        return None
    known, agreed = said[0]
    for line, role in said:
        if role is not agreed:
            _refuse_contradiction(line, label, ROLES[role][0], known.number, ROLES[agreed][0])
    return agreed


def _agreed(lines: Sequence[Line], meaning: str, frame: Frame) -> str:
    known = next((line for line in lines if meaning in line.said), None)
    if known is None:
        return ""
    value = known.said[meaning]
    for line in lines:
        other = line.said.get(meaning, value)
        if contact_key(other) != contact_key(value):
            words = frame.languages if meaning == "language" else {}
            _refuse_contradiction(
                line, NAMES[meaning][0], words.get(other, other), known.number, words.get(value, value)
            )
    return value


def _refuse_contradiction(line: Line, label: str, cell: str, row: int, other: str) -> None:
    line.refuse(label, Flaw.CONTRADICTION, cell=cell[:60], row=row, other=other[:60])


def _check_answers(first: Line, answers: dict[int, Any], frame: Frame) -> None:
    try:
        questions.check(list(frame.questions), answers)
    except (AnswerMissing, AnswerUnfit) as error:
        first.refuse(str(error.values["question"]), Flaw.ANSWER, sentence=str(error))


def _note_twice(households: Iterable[Household]) -> None:
    contacts: dict[str, int] = {}
    display_names: dict[str, int] = {}
    for household in households:
        details, first = household.details, household.first
        if details.contact:
            known = contacts.setdefault(contact_key(details.contact), first)
            if known != first:
                household.hints.append(Fault(first, "", Flaw.CONTACT_TWICE, {"row": known}))
                continue
        if details.display_name:
            known = display_names.setdefault(plain(details.display_name), first)
            if known != first:
                household.hints.append(Fault(first, "", Flaw.NAME_TWICE, {"row": known}))
