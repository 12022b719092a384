"""From the bytes of a YAML file to plain values, with the line of every one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from app.domain.importing.findings import FileRefused, Finding, Path, quote, visible

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 30
# Aliases count as often as they are used, so that a few lines cannot stand for billions of values.
MAX_VALUES = 100_000

_UNFIT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNFIT_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?")
_CONSTANTS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TEXT_TAGS = ("!", "tag:yaml.org,2002:str")

# What the YAML reader says, and what it means to somebody who writes such a file.
_SYNTAX = (
    ("'\\t'", "Einrückungen aus Leerzeichen, nicht aus Tabulatoren"),
    ("mapping values are not allowed", "Anführungszeichen um einen Text, in dem ein Doppelpunkt steht"),
    ("while scanning a simple key", "ein Doppelpunkt nach dem Feldnamen"),
    ("while scanning a quoted scalar", "ein schließendes Anführungszeichen"),
    (
        "while parsing a flow mapping",
        "ein Komma zwischen den Feldern und eine schließende geschweifte Klammer",
    ),
    ("while parsing a flow sequence", "ein Komma zwischen den Werten und eine schließende eckige Klammer"),
    ("while parsing a block mapping", "die gleiche Einrückung wie bei den Feldern darüber"),
    ("while parsing a block collection", "ein Strich „-“ mit der gleichen Einrückung wie darüber"),
    ("undefined alias", "ein Anker (&name), der weiter oben steht"),
    ("duplicate anchor", "jeden Anker (&name) nur einmal"),
)


@dataclass(frozen=True)
class Source:
    """A file that has been read: its values as JSON knows them, and where they stand."""

    file_name: str
    value: dict[str, Any]
    lines: dict[Path, int] = field(repr=False)

    def line(self, path: Path) -> int | None:
        """The line of this field, or of the nearest one around it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return self.lines.get(())

    def finding(self, path: Path, found: Any, expected: str, hint: str = "") -> Finding:
        """A finding at this path; `found` is a value of the file."""
        return Finding(self.line(path), path, quote(found), expected, hint)

    def remark(self, path: Path, found: str, expected: str, hint: str = "") -> Finding:
        """A finding at this path; `found` is a part of a sentence."""
        return Finding(self.line(path), path, found, expected, hint)


def read(file_name: str, content: bytes) -> Source:
    """Read a file. Raises FileRefused when it is no single YAML mapping of a sane size in UTF-8."""
    text = _decoded(file_name, content)
    builder = _Builder(file_name)
    try:
        for event in _events(text):
            builder.take(event)
    except MarkedYAMLError as error:
        # What is never closed is noticed at the end of the file; it has to be closed where it began.
        marks = (error.problem_mark, error.context_mark)
        is_open = re.search("quoted scalar|flow", str(error.context))
        mark = next(filter(None, reversed(marks) if is_open else marks), None)
        line = mark.line + 1 if mark else builder.line
        raise FileRefused(
            file_name, [*builder.findings, _syntax(line, f"{error.context} {error.problem}")]
        ) from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise FileRefused(file_name, [*builder.findings, _syntax(builder.line, str(error))]) from error
    if builder.findings:
        raise FileRefused(file_name, builder.findings)
    if not isinstance(builder.root, dict):
        found = "eine leere Datei" if builder.root is None else quote(builder.root)
        raise FileRefused(file_name, [Finding(1, (), found, "Felder wie „schema:“ und „conference:“")])
    return Source(file_name, builder.root, builder.lines)


def _decoded(file_name: str, content: bytes) -> str:
    if len(content) > MAX_BYTES:
        # No more than that was read, so how large it is nobody knows.
        most = f"{MAX_BYTES // 1024 // 1024} MB"
        raise FileRefused(
            file_name, [Finding(None, (), f"eine Datei, die größer als {most} ist", f"höchstens {most}")]
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(file_name, [_encoding(None, "eine Datei in UTF-16")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused(file_name, [_encoding(line, "Zeichen, die kein UTF-8 sind")]) from error
    unfit = _UNFIT.search(text)
    if unfit:
        line = text.count("\n", 0, unfit.start()) + 1
        name = visible(unfit.group())
        raise FileRefused(
            file_name, [Finding(line, (), f"das Steuerzeichen {name}", "lesbaren Text ohne Steuerzeichen")]
        )
    return text


def _encoding(line: int | None, found: str) -> Finding:
    return Finding(
        line, (), found, "Text in UTF-8", "Speichern Sie die Datei im Editor mit der Zeichenkodierung UTF-8."
    )


def _events(text: str) -> Iterator[Any]:
    return iter(YAML(typ="safe", pure=True).parse(text))


def _syntax(line: int | None, said: str) -> Finding:
    for part, expected in _SYNTAX:
        if part in said:
            return Finding(line, (), "etwas, das kein gültiges YAML ist", expected)
    return Finding(
        line,
        (),
        "etwas, das kein gültiges YAML ist",
        "YAML mit stimmigen Einrückungen, Doppelpunkten, Anführungszeichen und Klammern",
    )


@dataclass
class _Open:
    """A mapping or list that has begun and not ended."""

    value: dict[str, Any] | list[Any]
    path: Path
    anchor: str | None
    size_before: int
    key: str | None = None
    # The key stands there and its value comes next.
    awaits_value: bool = False
    # Set where the key was refused: its value is read over.
    skips: bool = False


class _Builder:
    """Puts values together from the reader's events, without recursion, and notes what must not be."""

    def __init__(self, file_name: str) -> None:
        self.file_name = file_name
        self.root: Any = None
        # Where the last thing began that could be read.
        self.line = 1
        self.lines: dict[Path, int] = {}
        self.findings: list[Finding] = []
        self._stack: list[_Open] = []
        self._anchored: dict[str, tuple[Any, int]] = {}
        self._open_anchors: set[str] = set()
        self._size = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        line = self.line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(line, (), "ein zweites Dokument nach „---“", "ein einziges Dokument je Datei")
        elif isinstance(event, ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, AliasEvent):
            self._alias(event, line)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._begin(event, line)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._end()

    def _stop(self, line: int, path: Path, found: str, expected: str) -> None:
        raise FileRefused(self.file_name, [*self.findings, Finding(line, path, found, expected)])

    def _next_path(self) -> Path:
        if not self._stack:
            return ()
        top = self._stack[-1]
        if isinstance(top.value, list):
            return (*top.path, len(top.value))
        return (*top.path, top.key if top.key is not None else "?")

    def _count(self, number: int, line: int) -> None:
        self._size += number
        if self._size > MAX_VALUES:
            self._stop(
                line, (), "zu viele Angaben oder Verweise (*name)", f"höchstens {MAX_VALUES} Werte je Datei"
            )

    def _awaits_key(self) -> bool:
        return (
            bool(self._stack) and isinstance(self._stack[-1].value, dict) and not self._stack[-1].awaits_value
        )

    def _begin(self, event: Any, line: int) -> None:
        if self._awaits_key():
            self._stop(
                line, self._stack[-1].path, "ein Block oder eine Liste als Feldname", "ein Wort als Feldname"
            )
        path = self._next_path()
        if len(self._stack) >= MAX_DEPTH:
            self._stop(line, (), f"mehr als {MAX_DEPTH} ineinander liegende Ebenen", "eine flachere Datei")
        if event.ctag is not None and str(event.ctag):
            self._refuse_tag(line, path, str(event.ctag))
        self._count(1, line)
        self.lines.setdefault(path, line)
        if event.anchor:
            self._open_anchors.add(event.anchor)
        value: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
        self._stack.append(_Open(value, path, event.anchor, self._size - 1))

    def _end(self) -> None:
        ended = self._stack.pop()
        if ended.anchor:
            self._open_anchors.discard(ended.anchor)
            self._anchored[ended.anchor] = (ended.value, self._size - ended.size_before)
        self._place(ended.value)

    def _scalar(self, event: Any, line: int) -> None:
        if self._awaits_key():
            self._key(event.value, line)
            return
        path = self._next_path()
        self.lines.setdefault(path, line)
        self._count(1, line)
        tag = str(event.ctag) if event.ctag is not None else ""
        if tag and tag not in _TEXT_TAGS:
            self._refuse_tag(line, path, tag)
        plain = event.style in (None, "") and not tag
        value = _resolved(event.value) if plain else event.value
        if isinstance(value, str):
            # JSON writes an emoji as two halves; together they are one character.
            value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
            unfit = _UNFIT_IN_TEXT.search(value)
            if unfit:
                self.findings.append(
                    Finding(
                        line,
                        path,
                        f"das Steuerzeichen {visible(unfit.group())}",
                        "lesbaren Text ohne Steuerzeichen",
                    )
                )
        if event.anchor:
            self._anchored[event.anchor] = (value, 1)
        self._place(value)

    def _key(self, key: str, line: int) -> None:
        top = self._stack[-1]
        path = (*top.path, key)
        top.key, top.awaits_value, top.skips = key, True, False
        if key == "<<":
            top.skips = True
            self.findings.append(
                Finding(line, top.path, "ein Einfüge-Schlüssel „<<“", "alle Felder ausgeschrieben")
            )
        elif _UNFIT_IN_TEXT.search(key):
            top.skips = True
            self.findings.append(
                Finding(line, path, f"der Feldname {quote(key)}", "ein Feldname ohne Steuerzeichen")
            )
        elif isinstance(top.value, dict) and key in top.value:
            top.skips = True
            first = self.lines.get(path)
            where = f" (zuerst in Zeile {first})" if first and first != line else ""
            self.findings.append(
                Finding(line, path, f"das Feld „{visible(key)}“ zweimal{where}", "jedes Feld nur einmal")
            )
        else:
            self.lines[path] = line

    def _alias(self, event: Any, line: int) -> None:
        if self._awaits_key():
            self._stop(
                line, self._stack[-1].path, "ein Verweis (*name) als Feldname", "ein Wort als Feldname"
            )
        path = self._next_path()
        if event.anchor in self._open_anchors:
            self._stop(
                line, path, f"ein Verweis „*{visible(event.anchor)}“ auf sich selbst", "ein Wert ohne Kreis"
            )
        if event.anchor not in self._anchored:
            self._stop(
                line,
                path,
                f"ein Verweis „*{visible(event.anchor)}“ ohne Anker",
                "ein Anker (&name) weiter oben",
            )
        value, size = self._anchored[event.anchor]
        self._count(size, line)
        self.lines.setdefault(path, line)
        self._place(value)

    def _refuse_tag(self, line: int, path: Path, tag: str) -> None:
        self.findings.append(
            Finding(line, path, f"die Typangabe „{visible(tag)}“", "ein Wert ohne Typangabe (!…)")
        )

    def _place(self, value: Any) -> None:
        if not self._stack:
            self.root = value
            return
        top = self._stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
            return
        if not top.skips and top.key is not None:
            top.value[top.key] = value
        top.key, top.awaits_value, top.skips = None, False, False


def _resolved(text: str) -> Any:
    """A plain scalar by the core schema of YAML 1.2; dates and times stay text."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WHOLE.fullmatch(text):
        # Longer ones are no numbers anybody counts with, and Python refuses to read very long ones.
        return int(text) if len(text) <= 15 else text
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text
