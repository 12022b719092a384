"""The plain way of saying a registration form in a file: `plan_form` read backwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.importing import plan_form
from app.domain.importing.plans import Entry, FormPlan
from app.models import QuestionKind, Translated
from app.models.translated import SOURCE_LANGUAGE

_TYPES = {kind: name for name, kind in reversed(plan_form.KINDS.items())}


def spell(form: FormPlan) -> dict[str, Any]:
    """Questions, consents and support by key; each is there, and may be empty."""
    return {
        "questions": {entry.key: _question(entry) for entry in form.questions},
        "consents": {entry.key: _consent(entry) for entry in form.consents},
        "support": {entry.key: _support(entry) for entry in form.support},
    }


def put_in_order(form: dict[str, Any], before: Sequence[str], listed: Mapping[str, Sequence[str]]) -> None:
    """Let the entries of each part stand as in the file, which `listed` them.

    Questions of the application keep their order (`before`); what only the file knows follows what it followed there.
    Empty parts go.
    """
    for part in ("questions", "consents", "support"):
        entries = form.get(part)
        if not isinstance(entries, dict):
            continue
        if not entries:
            del form[part]
            continue
        order = [key for key in before if key in entries] if part == "questions" else []
        names = [key for key in listed.get(part, ()) if key in entries]
        for index, key in enumerate(names):
            if key not in order:
                place = order.index(names[index - 1]) + 1 if index else 0
                order.insert(place, key)
        order += [key for key in entries if key not in order]
        form[part] = {key: entries[key] for key in order}


def names_in(form: Mapping[str, Any]) -> dict[str, list[str]]:
    """The entries of each part of a file's form, in their order."""
    keys = {"questions": "key", "consents": "key", "support": "kind"}
    return {part: [entry[key] for entry in form.get(part) or ()] for part, key in keys.items()}


def _question(entry: Entry) -> dict[str, Any]:
    values = entry.values
    kind: QuestionKind = values["kind"]
    found: dict[str, Any] = {"key": entry.key, "type": _TYPES[kind], "label": _text(values["label"])}
    # Without its options it was made switched off.
    if not values.get("is_on", bool(values.get("options"))):
        found["asked"] = False
    if values.get("options"):
        found["options"] = [_text(option) for option in values["options"]]
    if values["help"]:
        found["help"] = _text(values["help"])
    if values["is_required"]:
        found["required"] = True
    limits = {"min": values["least"], "max": values["most"]}
    found |= {name: limit for name, limit in limits.items() if limit is not None}
    if values["shown_if"]:
        key, options = values["shown_if"]
        found["show_if"] = f"{key} = {' | '.join(options)}"
    if values["retention_days"] != plan_form.usual_days():
        found["keep_days"] = values["retention_days"]
    return found


def _consent(entry: Entry) -> dict[str, Any]:
    values = entry.values
    off = {} if values["is_asked"] else {"asked": False}
    return {"key": entry.key, "label": _text(values["words"]), "version": str(values["version"]), **off}


def _support(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": entry.key}
    if entry.values["order_by"]:
        found["order_by"] = entry.values["order_by"].isoformat()
    if entry.values["note"]:
        found["note"] = _text(entry.values["note"])
    return found


def _text(value: Translated | Mapping[str, str]) -> str | dict[str, str]:
    if set(value) <= {SOURCE_LANGUAGE}:
        return value.get(SOURCE_LANGUAGE, "")
    return {
        language: value[language]
        for language in sorted(value, key=lambda code: (code != SOURCE_LANGUAGE, code))
    }
