"""The JSON Schema of conference files, and its findings as German sentences."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators

from app.domain.importing.findings import Finding, Path, names, visible
from app.domain.importing.reading import Source

_TYPES = {
    "string": "ein Text",
    "integer": "eine ganze Zahl",
    "number": "eine Zahl",
    "boolean": "true oder false",
    "object": "ein Block mit Unterfeldern",
    "array": "eine Liste",
    "null": "nichts (null)",
}


def _is_whole(_checker: object, value: object) -> bool:
    # The library takes 16.0 for an integer too.
    return isinstance(value, int) and not isinstance(value, bool)


_Validator: Any = validators.extend(  # type: ignore[no-untyped-call]  # the stub has no types for it
    Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole)
)


@cache
def conference() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a conference file."""
    text = resources.files(__package__).joinpath("conference.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def settings_of_host() -> dict[str, Any]:
    """The JSON Schema of a file that holds nothing but a host's settings."""
    whole = conference()
    properties = {name: whole["properties"][name] for name in ("schema", "municipality")}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        "$defs": whole["$defs"],
    }


def resolved(root: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part of a schema with what its `$ref` means."""
    if "$ref" not in part:
        return part
    return {**root["$defs"][part["$ref"].rpartition("/")[2]], **part}


def of_field(name: str, part: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of the field `name` of a mapping that fits `part`."""
    properties = part.get("properties", {})
    if name in properties:
        inner: Mapping[str, Any] = properties[name]
        return inner
    if isinstance(part.get("additionalProperties"), dict):
        other: Mapping[str, Any] = part["additionalProperties"]
        return other
    # The file has been checked: what is neither named nor general fits the pattern of notes.
    return next(iter(part.get("patternProperties", {}).values()), {})


def name_of(entry: Any, part: Mapping[str, Any], index: int) -> str:
    """What an entry of a list is known by, whatever its place: its key, or its position where it has none."""
    key = part.get("x-key")
    if key in (None, "position"):
        return str(index + 1)
    return "/".join(str(entry[name]) for name in ([key] if isinstance(key, str) else key))


MOST_HINTS = 50


def check(source: Source, schema: Mapping[str, Any]) -> tuple[list[Finding], set[Path]]:
    """Everything in which the file differs from the schema, and the places whose values cannot be used."""
    findings: list[Finding] = []
    spoiled: set[Path] = set()
    for error in _validator(json.dumps(schema)).iter_errors(source.value):
        found = list(_findings(source, error))
        findings += found
        if error.validator not in ("required", "uniqueItems", "maxItems"):
            spoiled.update(finding.path for finding in found)
    return findings, spoiled


@cache
def _validator(schema: str) -> Any:
    return _Validator(json.loads(schema), format_checker=FormatChecker(["date"]))


def _findings(source: Source, error: ValidationError) -> Iterator[Finding]:
    path: Path = tuple(error.absolute_path)
    value: Any = error.instance
    limit: Any = error.validator_value
    expected = str(error.schema.get("description", "")) if isinstance(error.schema, Mapping) else ""
    match error.validator:
        case "required":
            # The library reports each missing field by itself, and names it only in its English sentence.
            missing = next(name for name in limit if error.message.startswith(f"{name!r} is"))
            yield source.remark(path, f"kein Feld „{missing}“", f"das Feld „{missing}“, es ist Pflicht")
        case "additionalProperties":
            yield from _unknown_fields(source, path, error)
        case "anyOf":
            yield from _of_branches(source, path, error, expected)
        case "enum":
            allowed = [str(choice) for choice in limit if choice is not None]
            yield source.finding(path, value, names(allowed), _did_you_mean(str(value), allowed))
        case "type":
            wanted = [limit] if isinstance(limit, str) else limit
            hint = ""
            if "string" in wanted and isinstance(value, (int, float)):
                hint = "Setzen Sie den Wert in Anführungszeichen."
            yield source.finding(path, value, expected or names(_TYPES[name] for name in wanted), hint)
        case "maxLength":
            found = f"ein Text mit {len(value)} Zeichen"
            yield source.remark(path, found, f"höchstens {limit} Zeichen")
        case "maxItems":
            yield source.remark(path, f"{len(value)} Einträge", f"höchstens {limit} Einträge")
        case "minItems" | "minProperties":
            yield source.finding(path, value, expected or "mindestens ein Eintrag")
        case "uniqueItems":
            yield source.remark(path, "ein Eintrag, der zweimal vorkommt", "jeder Eintrag nur einmal")
        case "minimum":
            yield source.finding(path, value, expected or f"mindestens {limit}")
        case "maximum":
            yield source.finding(path, value, f"höchstens {limit}")
        case _:
            # pattern, format, minLength; a field name that does not fit is found at the block around it.
            if "propertyNames" in error.absolute_schema_path:
                path = (*path, value)
            yield source.finding(path, value, expected or "ein anderer Wert")


def _unknown_fields(source: Source, path: Path, error: ValidationError) -> Iterator[Finding]:
    schema: Any = error.schema
    known = list(schema.get("properties", ()))
    patterns = [re.compile(pattern) for pattern in schema.get("patternProperties", ())]
    given: Any = error.instance
    missing = [field for field in known if field not in given]
    unknown = [
        name for name in given if name not in known and not any(pattern.search(name) for pattern in patterns)
    ]
    for index, name in enumerate(unknown):
        # Looking for what was meant is slow; nobody reads the hints of thousands of wrong fields.
        hint = _did_you_mean(name, missing) if index < MOST_HINTS else ""
        yield source.remark((*path, name), f"das unbekannte Feld „{visible(name)}“", names(known), hint)


def _of_branches(source: Source, path: Path, error: ValidationError, expected: str) -> Iterator[Finding]:
    """The findings of the one alternative that was meant: the one whose type fits."""
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    for inners in branches.values():
        if not any(
            inner.validator == "type" and inner.absolute_path == error.absolute_path for inner in inners
        ):
            for inner in inners:
                yield from _findings(source, inner)
            return
    if not expected:
        expected = "ein anderer Wert"
    hint = "Setzen Sie den Wert in Anführungszeichen." if _wants_text(error) else ""
    yield source.finding(path, error.instance, expected, hint)


def _wants_text(error: ValidationError) -> bool:
    is_number = isinstance(error.instance, (int, float, bool))
    return is_number and any(inner.validator_value == "string" for inner in error.context or ())


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"Meinten Sie „{close[0]}“?" if close else ""
