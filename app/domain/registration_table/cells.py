"""Single rows of a table: each cell understood, or a fault that says what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from email_validator import EmailNotValidError, validate_email

from app.domain import wishes
from app.domain.registration_table import Row
from app.domain.registration_table.columns import Column, plain
from app.domain.registration_table.faults import Fault, Flaw
from app.domain.registration_table.frame import Frame, Meeting, role, roles_in_words
from app.models import Question, QuestionKind, RoleGroup

OLDEST_CHILD = 17
# As in the forms.
_LONGEST = {"name": 120, "organisation": 200, "email": 254, "phone": 500, "address": 500, "household": 60}
_QUOTE = 60
_FORMULA = "=+-@\N{MINUS SIGN}"
_NOTHING = ("-", "–", "—", "/")
_PHONE = re.compile(r"\+\s*[\d(].*")
_AGE = re.compile(r"(\d{1,3})(?:\s*(?:j\.?|jahre?))?", re.IGNORECASE)
_KNOWN_GROUPS_SHOWN = 12


@dataclass
class Line:
    """One row as it was understood."""

    row: Row
    mark: str = ""
    name: str = field(default="", repr=False)
    role: RoleGroup | None = None
    # What a household has once: organisation, email, phone, address, language.
    said: dict[str, str] = field(default_factory=dict, repr=False)
    age: int | None = None
    groups: dict[int, int] = field(default_factory=dict)
    wishes: dict[int, list[int]] = field(default_factory=dict)
    answers: dict[int, Any] = field(default_factory=dict, repr=False)
    faults: list[Fault] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.row.number

    def refuse(self, column: str, flaw: Flaw, **values: Any) -> None:
        self.faults.append(Fault(self.number, column, flaw, values))


def understood(row: Row, columns: Sequence[Column | None], frame: Frame) -> Line:
    """What stands in this row; what cannot be taken stands in `faults`."""
    line = Line(row)
    if any(row.cells[len(columns) :]):
        line.refuse("", Flaw.MORE_CELLS)
    questions = {question.id: question for question in frame.questions}
    for column, raw in zip(columns, row.cells, strict=False):
        if column is None or not column.meaning:
            continue
        cell = _freed(raw)
        if not cell:
            continue
        if _is_formula(cell, column):
            line.refuse(column.label, Flaw.FORMULA, cell=cell[:_QUOTE])
            continue
        most = _LONGEST.get(column.meaning)
        if most is not None and len(cell) > most:
            line.refuse(column.label, Flaw.TOO_LONG, length=len(cell), most=most)
            continue
        match column.meaning:
            case "round":
                _groups(line, column, cell, frame)
            case "question":
                line.answers[column.number] = _answer(questions[column.number], cell)
            case _:
                _READERS[column.meaning](line, column.label, cell, frame)
    _refuse_collisions(line, frame)
    return line


def _freed(cell: str) -> str:
    """The cell without the apostrophe that lets a spreadsheet take it as text; a dash alone says nothing."""
    if cell.startswith("'") and cell[1:2] and cell[1] in _FORMULA:
        cell = cell[1:]
    return "" if cell in _NOTHING else cell


def _is_formula(cell: str, column: Column) -> bool:
    if unicodedata.normalize("NFKC", cell)[:1] not in _FORMULA:
        return False
    return not (column.meaning == "phone" and _PHONE.fullmatch(cell))


def _household(line: Line, _label: str, cell: str, _frame: Frame) -> None:
    line.mark = cell


def _name(line: Line, _label: str, cell: str, _frame: Frame) -> None:
    line.name = cell


def _role(line: Line, label: str, cell: str, _frame: Frame) -> None:
    line.role = role(cell)
    if line.role is None:
        line.refuse(label, Flaw.ROLE_UNKNOWN, cell=cell[:_QUOTE], known=roles_in_words())


def _organisation(line: Line, _label: str, cell: str, _frame: Frame) -> None:
    line.said["organisation"] = cell


def _email(line: Line, label: str, cell: str, _frame: Frame) -> None:
    try:
        line.said["email"] = validate_email(
            cell, check_deliverability=False, test_environment=True
        ).normalized
    except EmailNotValidError:
        line.refuse(label, Flaw.EMAIL, cell=cell[:_QUOTE])


def _phone(line: Line, label: str, cell: str, _frame: Frame) -> None:
    if sum(map(str.isdigit, cell)) < 3:
        line.refuse(label, Flaw.PHONE, cell=cell[:_QUOTE])
    else:
        line.said["phone"] = cell


def _address(line: Line, _label: str, cell: str, _frame: Frame) -> None:
    line.said["address"] = cell


def _language(line: Line, label: str, cell: str, frame: Frame) -> None:
    code = frame.language(cell)
    if code is None:
        line.refuse(label, Flaw.LANGUAGE, cell=cell[:_QUOTE], known=", ".join(frame.languages.values()))
    else:
        line.said["language"] = code


def _age(line: Line, label: str, cell: str, _frame: Frame) -> None:
    said = _AGE.fullmatch(cell)
    if said is None:
        line.refuse(label, Flaw.AGE, cell=cell[:_QUOTE])
    elif int(said[1]) > OLDEST_CHILD:
        line.refuse(label, Flaw.AGE_OF_ADULT, cell=said[1])
    else:
        line.age = int(said[1])


_READERS = {
    "household": _household,
    "name": _name,
    "role": _role,
    "organisation": _organisation,
    "email": _email,
    "phone": _phone,
    "address": _address,
    "language": _language,
    "age": _age,
}


def _groups(line: Line, column: Column, cell: str, frame: Frame) -> None:
    whole = frame.named(column.number, cell)
    parts = [cell] if whole else [part.strip() for part in re.split(r"[;,/|]", cell) if part.strip()]
    found: list[Meeting] = []
    for part in parts:
        meeting = frame.named(column.number, part)
        if meeting is None:
            known = [held.words for held in frame.rounds[column.number]]
            more = ["…"] if len(known) > _KNOWN_GROUPS_SHOWN else []
            shown = "; ".join(known[:_KNOWN_GROUPS_SHOWN] + more)
            line.refuse(column.label, Flaw.GROUP_UNKNOWN, cell=part[:_QUOTE], known=shown)
            return
        found.append(meeting)
    ids = [meeting.id for meeting in found]
    if len(set(ids)) < len(ids):
        line.refuse(column.label, Flaw.WISH_TWICE)
    elif not frame.by_wishes and len(ids) > 1:
        line.refuse(column.label, Flaw.GROUP_SEVERAL, cell=cell[:_QUOTE])
    elif len(ids) > wishes.MOST:
        line.refuse(column.label, Flaw.WISHES_TOO_MANY, most=wishes.MOST)
    elif frame.by_wishes:
        line.wishes[column.number] = ids
    elif ids:
        line.groups[column.number] = ids[0]


def _refuse_collisions(line: Line, frame: Frame) -> None:
    held: list[tuple[int, Meeting]] = []
    for number, meeting_id in sorted(line.groups.items()):
        meeting = frame.meetings[meeting_id]
        for other_number, other in held:
            if meeting.overlaps(other):
                line.refuse(
                    f"Runde {number}",
                    Flaw.COLLISION,
                    group=meeting.title,
                    other=other.title,
                    round=other_number,
                )
                break
        held.append((number, meeting))


def _answer(question: Question, cell: str) -> Any:
    """The answer as it is kept; what fits nothing stays as it was typed and is refused by the question."""
    keys: Mapping[str, str] = {
        plain(name): option["key"]
        for option in question.options or ()
        for name in (option["key"], option["label"].get("de", ""))
    }
    match question.kind:
        case QuestionKind.NUMBER:
            return int(cell) if re.fullmatch(r"\d{1,9}", cell) else cell
        case QuestionKind.SINGLE | QuestionKind.SOCIAL_SPACE:
            return keys.get(plain(cell), cell)
        case QuestionKind.MULTI | QuestionKind.RANKING:
            parts = [part.strip() for part in re.split(r"[;,|]", cell) if part.strip()]
            return [keys.get(plain(part), part) for part in parts]
    return cell
