"""What the registration form of a file becomes: own questions, words of consents, kinds of support.

Some questions of a file are asked by every form from the start, or are about support; those that cannot be asked at all
are named in the report. Whatever becomes of them, an export says them as the file did.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from app.domain import questionnaire
from app.domain.importing.plans import Entry, FormPlan
from app.models import ConsentPurpose, GroupChoice, NeedKind, Question, QuestionKind, Translated

# Asked by every form: the role, the name, the way to reach somebody, the institution.
BUILT_IN = frozenset(("role_group", "display_name", "contact", "organisation"))
WISHES = "group_wishes"
# How files name consents; the others are named as the product does.
_PURPOSES = {"photo_web": ConsentPurpose.PHOTO_WEBSITE}
PURPOSES = _PURPOSES | {
    _purpose.value: _purpose for _purpose in ConsentPurpose if _purpose not in _PURPOSES.values()
}
NAMES = {purpose: name for name, purpose in PURPOSES.items()}
KINDS = {
    "single": QuestionKind.SINGLE,
    "multi": QuestionKind.MULTI,
    "text": QuestionKind.TEXT,
    "longtext": QuestionKind.LONG_TEXT,
    "number": QuestionKind.NUMBER,
    "ranking": QuestionKind.RANKING,
    "space": QuestionKind.SOCIAL_SPACE,
    "boolean": QuestionKind.SINGLE,
}
YES_NO = ({"de": "Ja", "ar": "نعم"}, {"de": "Nein", "ar": "لا"})
_NEEDS = {"food": NeedKind.DIET} | {kind.value: kind for kind in NeedKind}
# Beginnings of German words that tell the kind of support where a file says no more than `access`.
_WORDS = (
    (NeedKind.SPEECH_TO_TEXT, ("schrift-dolm", "schriftdolm")),
    (NeedKind.SIGN_LANGUAGE, ("gebärden", "dgs")),
    (NeedKind.INDUCTION_LOOP, ("höranlage", "induktion", "hörschleife")),
    (NeedKind.WHEELCHAIR, ("rollstuhl",)),
    (NeedKind.ASSISTANCE, ("begleit", "assistenz")),
    (NeedKind.LARGE_PRINT, ("große schrift", "großdruck", "grosse schrift")),
    (NeedKind.QUIET_ROOM, ("ruhig",)),
    (NeedKind.TRANSPORT, ("fahrt", "fahrdienst", "bus")),
    (NeedKind.DIET, ("essen", "vegan", "vegetarisch", "halal")),
    (NeedKind.CHILDCARE, ("kinderbetreuung",)),
)
_CONDITION = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9_-]*)\s*(==|=|!=)\s*(.+?)\s*")
_VERSION = re.compile(r"([0-9]{1,6})\s*$")
_FIRST_VERSION = 1


def read(
    form: Mapping[str, Any],
    *,
    spaces: Sequence[str],
    groups: Mapping[str, Any],
    group_choice: GroupChoice,
) -> FormPlan:
    """The plan of a form; `spaces` are the names of the social spaces, `groups` the titles of the groups by key."""
    reading = _Questions(form.get("required") or (), spaces, groups, group_choice)
    for question in form.get("questions") or ():
        reading.add(question)
    consents = [
        Entry(entry["key"], index, _consent(entry))
        for index, entry in enumerate(form.get("consents") or ())
        if entry["key"] in PURPOSES
    ]
    unknown = [entry["key"] for entry in form.get("consents") or () if entry["key"] not in PURPOSES]
    notes = list(reading.notes())
    if unknown:
        notes.append(
            f"Diese Einwilligungen gibt es hier nicht: {', '.join(unknown)}. Sie sind aufgehoben. Es gibt: "
            f"{', '.join(PURPOSES)}."
        )
    support = dict(reading.support)
    for offer in form.get("support") or ():
        support[NeedKind(offer["kind"])] = {
            "order_by": date.fromisoformat(offer["order_by"]) if "order_by" in offer else None,
            "note": Translated(offer.get("note")),
        }
    offers = [
        Entry(kind.value, index, support[kind])
        for index, kind in enumerate(kind for kind in NeedKind if kind in support)
    ]
    return FormPlan(reading.own, consents, offers, notes)


def need_kinds(need_type: str, words: Iterable[str]) -> list[NeedKind]:
    """The kinds of support a file means by a type and the words beside it, in the order of the words."""
    if need_type in _NEEDS and need_type != NeedKind.SIGN_LANGUAGE.value:
        return [_NEEDS[need_type]]
    found = [] if need_type == "access" else [_NEEDS.get(need_type, NeedKind.OTHER)]
    for text in words:
        said = [kind for kind, stems in _WORDS if any(stem in text.lower() for stem in stems)]
        found += said or ([NeedKind.OTHER] if need_type == "access" else [])
    return list(dict.fromkeys(found))


def condition(text: str) -> tuple[str, bool, str] | None:
    """`key = A | B` as key, whether one of the options is meant or none of them, and the options."""
    found = _CONDITION.fullmatch(text)
    return (found[1], found[2] != "!=", found[3]) if found else None


class _Questions:
    """The questions of a file, one after the other."""

    def __init__(
        self,
        required: Collection[str],
        spaces: Sequence[str],
        groups: Mapping[str, Any],
        group_choice: GroupChoice,
    ) -> None:
        self._required = required
        self._spaces = spaces
        self._groups = groups
        self._group_choice = group_choice
        self.own: list[Entry] = []
        self.support: dict[NeedKind, dict[str, Any]] = {}
        self._built_in: list[str] = []
        self._about_support: list[str] = []
        self._not_asked: dict[str, str] = {}
        self._without_spaces: list[str] = []

    def add(self, question: Mapping[str, Any]) -> None:
        """Take one more question."""
        key = question["key"]
        if "need_type" in question:
            self._support(question)
        elif key in BUILT_IN or (key == WISHES and self._group_choice is GroupChoice.WISHES):
            self._built_in.append(key)
        elif question["type"] not in KINDS:
            self._not_asked[key] = f"type: {question['type']}"
        else:
            self._own(question)

    def notes(self) -> Iterable[str]:
        """What became of those that are no own questions."""
        if self._built_in:
            yield f"Diese Fragen stellt das Formular von sich aus: {', '.join(self._built_in)}."
        if self._about_support:
            kinds = ", ".join(kind.value for kind in NeedKind if kind in self.support)
            yield (
                f"Aus Fragen nach Unterstützung ({', '.join(self._about_support)}) wurden Angebote: {kinds}. "
                "Die Wörter der Fragen sind aufgehoben."
            )
        for key, why in self._not_asked.items():
            yield f"Die Frage „{key}“ lässt sich hier nicht stellen ({why}). Sie ist aufgehoben."
        if self._without_spaces:
            yield (
                f"Ohne die Namen der Sozialräume lässt sich nicht fragen: {', '.join(self._without_spaces)}. "
                "Die Frage ist ausgeschaltet, bis sie Antworten hat."
            )

    def _support(self, question: Mapping[str, Any]) -> None:
        self._about_support.append(question["key"])
        words = [str(Translated(option)) for option in question.get("options") or ()]
        for kind in need_kinds(question["need_type"], words or [str(Translated(question["label"]))]):
            offer = self.support.setdefault(kind, {"order_by": None, "note": Translated()})
            if kind is NeedKind.OTHER:
                # What has no kind of its own is at least named beside "Etwas anderes".
                others = [word for word in words if need_kinds(question["need_type"], [word]) == [kind]]
                offer["note"] = Translated({"de": ", ".join(others)}) if others else offer["note"]
            elif question.get("help"):
                offer["note"] = Translated(question["help"])

    def _own(self, question: Mapping[str, Any]) -> None:
        key, kind = question["key"], KINDS[question["type"]]
        values: dict[str, Any] = {
            "kind": kind,
            "label": Translated(question["label"]),
            "help": Translated(question.get("help")),
            "is_required": question.get("required", False) or key in self._required,
            "is_on": question.get("asked", True),
            "options": self._options(question),
            "least": question.get("min") if kind is QuestionKind.NUMBER else None,
            "most": question.get("max") if kind is QuestionKind.NUMBER else None,
            "shown_if": None,
            "retention_days": question.get("keep_days", usual_days()),
            "position": len(self.own) + 1,
        }
        why = self._unfit(question, values)
        if why:
            self._not_asked[key] = why
            return
        if kind is QuestionKind.SOCIAL_SPACE and not values["options"]:
            # Neither said here nor known: what the application has stays as it is.
            del values["options"], values["is_on"]
            self._without_spaces.append(key)
        self.own.append(Entry(key, len(self.own), values))

    def _options(self, question: Mapping[str, Any]) -> list[dict[str, str]]:
        kind = KINDS[question["type"]]
        if question["type"] == "boolean":
            return [dict(option) for option in YES_NO]
        if kind not in questionnaire.CHOICES:
            return []
        given = question.get("options") or ()
        if not given and kind is QuestionKind.SOCIAL_SPACE:
            given = self._spaces
        if question["key"] == WISHES:
            given = [self._groups.get(key, key) if isinstance(key, str) else key for key in given]
        return [dict(Translated(option)) for option in given]

    def _unfit(self, question: Mapping[str, Any], values: dict[str, Any]) -> str:
        """Why it cannot be asked; "" where it can. Finds out on what it depends."""
        kind, words = values["kind"], [option.get("de", "") for option in values["options"]]
        if not str(values["label"]):
            return "ohne deutschen Text"
        if kind in questionnaire.CHOICES and (words or kind is not QuestionKind.SOCIAL_SPACE):
            most = questionnaire.MOST_OPTIONS.get(kind, questionnaire.MOST)
            if not 2 <= len(words) <= most:
                return f"{len(words)} Antworten, möglich sind 2 bis {most}"
            if len(set(words)) < len(words) or "" in words:
                return "Antworten doppelt oder leer"
        least, most = values["least"], values["most"]
        if least is not None and most is not None and most < least:
            return "max kleiner als min"
        if question.get("show_if"):
            values["shown_if"] = self._shown_if(question["show_if"])
            if values["shown_if"] is None:
                return f"show_if: {question['show_if']}"
        return ""

    def _shown_if(self, text: str) -> list[Any] | None:
        """Key and German options of the own question before it; None where there is no such."""
        said = condition(text)
        if said is None:
            return None
        key, is_meant, words = said
        other = next((entry for entry in self.own if entry.key == key), None)
        if other is None or other.values["kind"] not in questionnaire.DECIDING:
            return None
        known = [option.get("de", "") for option in other.values.get("options", ())]
        named = {words} if words in known else {part.strip() for part in words.split("|")}
        chosen = [word for word in known if (word in named) is is_meant]
        return [key, chosen] if named <= set(known) and chosen else None


def usual_days() -> int:
    """How long answers are kept where nothing else is said."""
    days: int = Question.__table__.c.retention_days.default.arg
    return days


def _consent(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "words": Translated(entry["label"]),
        "version": version_of(entry.get("version", "")),
        "is_asked": entry.get("asked", True),
    }


def version_of(text: str) -> int:
    """The number at the end of a version; the first where there is none."""
    found = _VERSION.search(text)
    return max(_FIRST_VERSION, int(found[1])) if found else _FIRST_VERSION
