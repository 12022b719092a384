"""Files that are no decent YAML: each is refused with a sentence and the right line, never with a traceback."""

from __future__ import annotations

import time

import pytest

from app.domain.importing.findings import FileRefused
from app.domain.importing.reading import MAX_BYTES, read


def refused(content: bytes) -> str:
    with pytest.raises(FileRefused) as error:
        read("datei.yaml", content)
    return str(error.value)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"a: 1\nb: [1, 2\nc: 3\n", 2, "Klammer"),
        (b"x: 1\na: {b: 1\n\nc\n", 2, "geschweifte Klammer"),
        (b"a:\n\tb: 1\n", 2, "Tabulatoren"),
        (b"\ta: 1\n", 1, "Tabulatoren"),
        (b"x: 1\na: Ort: Zeit\n", 2, "Doppelpunkt"),
        (b'x: 1\na: "nie zu\n\nb: 2\n', 2, "Anführungszeichen"),
        (b"a: 1\n b: 2\n", 2, "YAML"),
        (b"a:\n  - 1\n -2\n", 3, "Einrückung"),
        (b"a: 1\na: 2\n", 2, "„a“ zweimal (zuerst in Zeile 1)"),
        (b"a:\n  b: {c: 1, c: 2}\n", 2, "„c“ zweimal"),
        (b"a: 1\nb: !foo 3\n", 2, "!foo"),
        (b"a: 1\nb: !foo {c: 1}\n", 2, "!foo"),
        (b"a: !!python/object/apply:os.system ['true']\n", 1, "python/object"),
        (b"a: &x {b: 1}\nc: {<<: *x}\n", 2, "<<"),
        (b"a: &a [*a]\n", 1, "auf sich selbst"),
        (b"x: 1\na: *fehlt\n", 2, "ohne Anker"),
        (b"[1, 2]: 3\n", 1, "Feldname"),
        (b"? {a: 1}\n: 2\n", 1, "Feldname"),
        (b"&a x: 1\n*a : 2\n", 2, "Feldname"),
        (b"a: 1\n---\nb: 2\n", 2, "zweites Dokument"),
        (b"- 1\n", 1, "eine Liste"),
        (b"nur ein Text\n", 1, "„nur ein Text“"),
        (b"42\n", 1, "die Zahl 42"),
        (b"", 1, "leere Datei"),
        (b"# nur ein Kommentar\n", 1, "leere Datei"),
        (b"a: 1\nb: \x00\n", 2, "Steuerzeichen"),
        (b"a: 1\nb: \x1b[31m\n", 2, "Steuerzeichen"),
        (b'a: 1\nb: "\\0"\n', 2, "\\u0000"),
        (b'a: 1\nb: "\\ud83d"\n', 2, "\\ud83d"),
        (b'"\\0": 1\n', 1, "Feldname"),
        ("a: 1\nb: Grüße\n".encode("latin-1"), 2, "UTF-8"),
        ("a: 1\n".encode("utf-16"), None, "UTF-16"),
        (b"%YAML 9.9\n---\na: 1\n", 1, "YAML"),
        (b'x: 1\na: "\\U00110000"\n', 2, "YAML"),
        (b"[" * 100_000, 1, "Ebenen"),
        (b"{a: " * 100, 1, "Ebenen"),
    ],
)
def test_read_hostile_yaml_names_line_and_reason(content: bytes, line: int | None, words: str) -> None:
    sentence = refused(content).splitlines()[0]

    assert sentence.startswith("datei.yaml" + (f", Zeile {line}" if line else ""))
    assert words in sentence
    assert "Erwartet:" in sentence


def test_read_alias_bomb_is_refused_at_once() -> None:
    lines = [b"a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    for level in range(1, 12):
        aliases = b", ".join([b"*a%d" % (level - 1)] * 9)
        lines.append(b"a%d: &a%d [%b]" % (level, level, aliases))
    began = time.monotonic()

    sentence = refused(b"\n".join(lines))

    assert "zu viele Angaben oder Verweise" in sentence
    assert time.monotonic() - began < 5


def test_read_too_large_a_file_names_its_size() -> None:
    assert refused(b"a" * (MAX_BYTES + 1)) == (
        "datei.yaml: Gefunden: eine Datei, die größer als 5 MB ist. Erwartet: höchstens 5 MB."
    )


def test_read_several_mistakes_in_the_order_of_lines() -> None:
    sentences = refused(b"a: 1\nb: !x 1\na: 2\nc: &c [*c]\n").splitlines()

    assert [sentence.split(",")[1].strip() for sentence in sentences] == ["Zeile 2", "Zeile 3", "Zeile 4"]


def test_read_knows_the_line_of_every_value() -> None:
    source = read("datei.yaml", b"a:\n  - b: 1\n    c: |\n      Text\n  - {d: [x,\n    y]}\n")

    places = {
        ("a",): 1,
        ("a", 0): 2,
        ("a", 0, "b"): 2,
        ("a", 0, "c"): 3,
        ("a", 1, "d"): 5,
        ("a", 1, "d", 1): 6,
        ("a", 1, "fehlt", "hier"): 5,
    }
    assert {path: source.line(path) for path in places} == places


def test_read_keeps_values_as_yaml_means_them() -> None:
    source = read(
        "datei.yaml",
        "\ufeffa: ja\nb: 07\nc: 2023-05-25\nd: 16:30\ne: ~\nf: true\ng: 1.5\nh: '1'\ni: !!str 5\n1: no\n"
        "j: 12345678901234567890\nk: &anker {x: 1}\nl: *anker\nm: 👩🏽‍🦽 \u200fעברית\n".encode(),
    )

    assert source.value == {
        "a": "ja",
        "b": 7,
        "c": "2023-05-25",
        "d": "16:30",
        "e": None,
        "f": True,
        "g": 1.5,
        "h": "1",
        "i": "5",
        "1": "no",
        "j": "12345678901234567890",
        "k": {"x": 1},
        "l": {"x": 1},
        "m": "👩🏽‍🦽 \u200fעברית",
    }
