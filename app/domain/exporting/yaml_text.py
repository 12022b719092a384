"""Plain values as YAML a person likes to read: words plain, sentences and numbers that are no numbers in quotes."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

LINE = 110
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_FILE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# Words that are something else than text for one reader of YAML or another.
_NO_WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
# Seen as themselves in every editor: two signs that join or part letters, in Persian and in emoji.
_JOINERS = "\u200c\u200d"
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def dump(tree: dict[str, Any]) -> str:
    """The text of a file that holds `tree`. Control signs, which no file may hold, are left out."""
    lines: list[str] = []
    for name, value in tree.items():
        if lines and isinstance(value, (dict, list)) and value:
            lines.append("")
        lines += _field(name, value, 0)
    return "\n".join(lines) + "\n"


def _field(name: str, value: Any, depth: int) -> Iterator[str]:
    indent = "  " * depth
    head = f"{indent}{_key(name)}:"
    flow = _flow(value)
    literal = _literal(value) if isinstance(value, str) else None
    if literal is not None:
        mark, lines = literal
        yield f"{head} {mark}"
        yield from (f"{indent}  {line}" if line else "" for line in lines)
    elif not isinstance(value, (dict, list)) or not value or (depth and _is_short(value, head, flow)):
        yield f"{head} {flow}"
    elif isinstance(value, dict):
        yield head
        for inner, content in value.items():
            yield from _field(inner, content, depth + 1)
    else:
        yield head
        for entry in value:
            yield from _entry(entry, depth + 1)


def _entry(value: Any, depth: int) -> Iterator[str]:
    indent = "  " * depth
    flow = _flow(value)
    if not isinstance(value, (dict, list)) or not value or _is_short(value, indent, flow):
        yield f"{indent}- {flow}"
    elif isinstance(value, list):
        # Lists in lists are rare, and one line shows best what belongs together.
        yield f"{indent}- {flow}"
    else:
        lines = [line for name, content in value.items() for line in _field(name, content, depth + 1)]
        yield f"{indent}- {lines[0].lstrip(' ')}"
        yield from lines[1:]


def _is_short(value: Any, head: str, flow: str) -> bool:
    return len(head) + len(flow) <= LINE and not _holds_mappings(value)


def _holds_mappings(value: Any) -> bool:
    """True for lists of entries: each begins a line of its own."""
    return isinstance(value, list) and any(isinstance(inner, (dict, list)) for inner in value)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)}: {_flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    if isinstance(value, str):
        return _text(value)
    return "null" if value is None else json.dumps(value)


def _key(name: str) -> str:
    return name if _FILE_KEY.fullmatch(name) and name.lower() not in _NO_WORDS else _quoted(name)


def _text(text: str) -> str:
    text = _clean(text)
    return text if _WORD.fullmatch(text) and text.lower() not in _NO_WORDS else _quoted(text)


def _quoted(text: str) -> str:
    return "".join(_escaped(char) for char in json.dumps(text, ensure_ascii=False))


def _escaped(char: str) -> str:
    """Signs that cannot be seen, or turn the writing direction, are spelled out."""
    if unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co", "Zl", "Zp") and char not in _JOINERS:
        return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"
    return char


def _literal(text: str) -> tuple[str, list[str]] | None:
    """Mark and lines of a text in several lines, None where quotes are safer."""
    text = _clean(text)
    body = text.removesuffix("\n")
    lines = body.split("\n")
    is_plain = all(line == _escaped_line(line) and "\t" not in line for line in lines)
    if len(lines) < 2 or not is_plain or not lines[-1] or not lines[0].strip() or lines[0].startswith(" "):
        return None
    # Blanks at the end of a line are lost in many editors, lines of blanks alone mean something else.
    if any(line != line.rstrip() for line in lines):
        return None
    return ("|" if text.endswith("\n") else "|-"), lines


def _escaped_line(line: str) -> str:
    return "".join(_escaped(char) for char in line)


def _clean(text: str) -> str:
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
