"""The PDF of an edition: it conforms, everything stands in it, nothing foreign gets in."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import page as checker
import pytest
from pypdf import PdfReader

from app.domain.errors import GlyphsMissing
from app.exports import glyphs, pdf, results_view
from tests.exports import sample

ROOT = Path(__file__).parents[2]
LOGO = ("image/png", (ROOT / "app" / "demo" / "musterhausen-logo.png").read_bytes())
BUNDLED = {"Noto-Sans", "IBM-Plex-Sans-Arabic", "Noto-Emoji", "Noto-Sans-Math", "Noto-Sans-Symbols-2"}
KINDS = ("empty", "rich", "short", "second_edition", "redacted")


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """One file of each kind."""
    return {kind: pdf.render(getattr(sample, kind)(), LOGO) for kind in KINDS}


@pytest.fixture(scope="module")
def reader(made) -> PdfReader:
    return PdfReader(io.BytesIO(made["rich"]))


@pytest.fixture(scope="module")
def words(reader) -> str:
    """The text of the rich document in reading order, as one line."""
    return flat(" ".join(sheet.extract_text() for sheet in reader.pages))


def flat(text: str) -> str:
    """`text` without white space and without what breaks a word over two lines."""
    return re.sub(r"[\s\u00ad\u200b]|[-\u2010](?=\n)", "", text)


def faults(content: bytes, profile: str) -> list[str]:
    """The rules a file breaks, without the one that the checker is known to see where it is kept.

    It takes the data of a stream that ends with the byte 0x0D, followed by the line end before `endstream`, for one
    byte shorter than its /Length says.
    """
    report = checker.validate_pdf_bytes(content, profile=profile)
    found = [failure.rule_id for failure in report.failures]
    if "STREAM-LENGTH" in " ".join(found) and lengths_are_right(content):
        found = [rule for rule in found if "STREAM-LENGTH" not in rule]
    return found


def lengths_are_right(content: bytes) -> bool:
    """Whether `endstream` stands behind a line end right where each /Length says."""
    starts = list(re.finditer(rb"/Length (\d+)[^>]*?(?:>>)*\s*stream\r?\n", content))
    return bool(starts) and all(
        re.match(rb"\r?\nendstream", content[found.end() + int(found[1]) :][:12]) for found in starts
    )


@pytest.mark.parametrize("profile", ["ua1", "2a"])
@pytest.mark.parametrize("kind", KINDS)
def test_render_conforms(made, kind, profile):
    assert faults(made[kind], profile) == []


def test_the_check_of_lengths_finds_a_wrong_one():
    right = b"<</Length 3>>\nstream\nab\r\nendstream"

    assert lengths_are_right(right)
    assert not lengths_are_right(right.replace(b"Length 3", b"Length 1"))
    assert not lengths_are_right(b"no stream at all")


def test_a_picture_without_words_breaks_pdfua():
    source = pdf.html(results_view.prepare(sample.empty()), LOGO)
    broken = re.sub(r' alt="[^"]*"', "", source)

    found = faults(pdf.draw(broken, "#00615a"), "ua1")

    assert source != broken
    assert any("ALT" in rule or "FIGURE" in rule for rule in found)


def test_a_glyph_no_font_has_breaks_pdfua():
    """Drawn without asking first, so that the check of the signs is seen to be needed."""
    data = sample.empty()
    data["edition"]["note"] = "ሰላም"

    found = faults(pdf.draw(pdf.html(results_view.prepare(data)), "#00615a"), "ua1")

    assert any("NOTDEF" in rule for rule in found)


def test_all_fonts_are_bundled_and_embedded(made):
    found = set()
    for content in made.values():
        for sheet in PdfReader(io.BytesIO(content)).pages:
            for font in sheet["/Resources"]["/Font"].values():
                inner = font.get_object()["/DescendantFonts"][0].get_object()
                assert "/FontFile2" in inner["/FontDescriptor"] or "/FontFile3" in inner["/FontDescriptor"]
                found.add(re.sub(r"^/[A-Z]{6}\+|-Bold$|,$", "", str(font.get_object()["/BaseFont"])))

    assert found == BUNDLED


def test_render_needs_no_fonts_of_the_system(made, tmp_path):
    """With a configuration of fonts that knows none, the file is the same to the byte."""
    (tmp_path / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    program = (
        "import sys; from app.exports import pdf; from tests.exports import sample, test_pdf;"
        "sys.stdout.buffer.write(pdf.render(sample.short(), test_pdf.LOGO))"
    )

    child = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")},
        capture_output=True,
        check=True,
        timeout=300,
    )

    assert child.stdout == made["short"]


def test_the_same_snapshot_gives_the_same_bytes(made):
    data = sample.short()

    assert pdf.render(data, LOGO) == made["short"]
    assert data == sample.short()


def test_every_item_stands_there_in_order(words):
    data = sample.rich()
    order = [
        "Impressum und Kontakt",
        "Inhalt",
        "Das Wichtigste auf einer Seite",
        "Worüber am meisten gesprochen wurde",
        "Wie es weitergeht",
        "Wer dabei war",
        "Zusammen",
        "Begrüßung",
        "Aus den Gruppen",
        "Arbeitsgruppe 1: Familien-App",
        "Eine Quelle für alles",
        "Themen über die Gruppen hinweg",
        *(f"Empfehlung {entry['number']}: {entry['title'][:40]}" for entry in data["recommendations"]),
        "Hier steht jeder veröffentlichte Beitrag",
        *(
            f"Nr. {entry['number']}: {'zurückgezogen' if entry.get('withdrawn') else ''}"
            for entry in data["contributions"]
        ),
        "Einen Fehler melden",
        "Den eigenen Beitrag zurückziehen",
        "konferenz-2026/mein-beitrag",
        "Datenschutz und Dank",
    ]
    # Behind the contents, which name chapters and recommendations a first time.
    place = words.index(flat("Das Wichtigste auf einer Seite Sozialkonferenz am"))
    found = [words.find(flat(item)) for item in order[:2]]
    for item in order[2:]:
        place = words.find(flat(item), place)
        found.append(place)

    assert [item for item, at in zip(order, found, strict=True) if at < 0] == []
    assert found == sorted(found)


@pytest.mark.parametrize(
    "text",
    [sample.LONG_TITLE, sample.UKRAINIAN, sample.TURKISH, sample.POLISH, sample.HOSTILE, "ä" * 400],
    ids=["title", "ukrainian", "turkish", "polish", "hostile", "one long word"],
)
def test_words_come_out_as_they_went_in(words, text):
    # A line that ends in a word cut by hyphenation has a hyphen more.
    assert flat(text).replace("-", "") in words.replace("-", "")


def test_every_arabic_word_is_found(words):
    found = [word for word in re.findall(r"\w+", sample.ARABIC) if word not in words]

    assert found == []


def test_joined_emoji_come_out_as_one(words):
    plain = words.replace("\ufe0f", "")

    for emoji in ("👨‍👩‍👧‍👦", "🏳‍🌈", "👍🏽", "👩🏿‍🦽", "🇺🇦", "🇩🇪", "❤", "1⃣", "🧑‍🤝‍🧑"):
        assert emoji.replace("\ufe0f", "") in plain, ascii(emoji)


def test_marks_that_turn_the_direction_are_gone(words):
    assert flat("Der Pass kostet ORUE 01 und nicht mehr. Ende!") in words
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u0007]", words)


def test_a_long_contribution_stands_there_whole(words):
    plain = words.replace("-", "")
    sentence = flat("Die Kinder brauchen einen Platz, an dem sie nachmittags sein können.")

    # Eleven times in the annex; the quotation in the recommendation is cut before its end.
    assert plain.count(sentence) == sample.LONG_TEXT.count("nachmittags sein können.")
    assert flat(sample.LONG_TEXT[-60:]).replace("-", "") in plain


def test_links_lead_both_ways(reader):
    names = set(reader.named_destinations)
    targets = set()
    for sheet in reader.pages:
        for annotation in sheet.get("/Annots", ()):
            action = annotation.get_object()
            if "/Dest" in action:
                targets.add(str(action["/Dest"]))
            elif "/A" in action and "/D" in action["/A"]:
                targets.add(str(action["/A"]["/D"]))

    assert targets <= names
    assert {"beitrag-1", "beitrag-7", "empfehlung-1", "thema-1", "gruppe-1-runde-1"} <= targets


def test_bookmarks_follow_the_chapters(reader):
    top = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    nested = [entry.title for part in reader.outline if isinstance(part, list) for entry in part]

    assert top == [
        "Impressum und Kontakt",
        "Inhalt",
        "Das Wichtigste auf einer Seite",
        "Wer dabei war",
        "Programm",
        "Aus den Gruppen",
        "Empfehlungen",
        "Alle Beiträge",
        "Etwas stimmt nicht?",
        "Datenschutz und Dank",
    ]
    assert {"Arbeitsgruppe 1: Familien-App", "Nr. 7: zurückgezogen"} <= set(nested)


def test_pages_are_counted_and_the_contents_name_them(reader):
    pages = [sheet.extract_text() for sheet in reader.pages]
    chapter = next(
        number for number, text in enumerate(pages, start=1) if "Hier steht jeder veröffentlichte" in text
    )

    assert all(f"Seite {number} von {len(pages)}" in text for number, text in enumerate(pages[1:], start=2))
    assert "Seite 1 von" not in pages[0]
    assert re.search(rf"Alle Beiträge\s*{chapter}\b", pages[2])


def test_the_summary_has_one_page(reader):
    pages = [sheet.extract_text() for sheet in reader.pages]
    first = next(number for number, text in enumerate(pages) if "Worüber am meisten" in text)

    assert "Die nächste Ausgabe zeigt" in pages[first]


def test_the_file_says_what_it_is(reader):
    info, catalog = reader.metadata, reader.trailer["/Root"]

    assert info.title == f"{sample.LONG_TITLE}: Ergebnisse, Ausgabe 1 vom 2. März 2026"
    assert info.author == "Stadt Musterhausen"
    assert str(info["/CreationDate"]).startswith("D:20260302")
    assert catalog["/Lang"] == "de"
    assert catalog["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own kind of truth
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - as above
    assert b"<pdfuaid:part>1" in reader.xmp_metadata.stream.get_data() or b'pdfuaid:part="1"' in (
        reader.xmp_metadata.stream.get_data()
    )


def test_a_second_edition_says_what_changed(made):
    text = flat(
        " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(made["second_edition"])).pages)
    )

    assert flat("Was sich seit Ausgabe 1 geändert hat") in text
    assert flat("der Politik vorgelegt beschlossen Verlauf, Antwort") in text


def test_a_redacted_edition_holds_no_words(made):
    text = flat(" ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(made["redacted"])).pages))

    assert "Nr.12:zurückgezogen" in text
    assert "ALLESdrin" not in text


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/x.png",
        "https://example.org/x.png",
        "ftp://example.org/x",
        "file:///etc/passwd",
        f"file://{pdf.ASSETS}/../pdf.py",
        f"file://{pdf.ASSETS}/%2e%2e/pdf.py",
        f"file://{pdf.ASSETS}/%252e%252e/pdf.py",
        f"file://{pdf.ASSETS}/fonts/..%2f..%2fpdf.py",
        "file://example.org/etc/passwd",
        "FILE:///etc/passwd",
        "//example.org/x",
        "javascript:alert(1)",
    ],
)
def test_nothing_foreign_is_read(url):
    with pytest.raises(pdf.ForeignAddress):
        pdf.refuse_foreign(url)


@pytest.mark.parametrize(
    "url",
    [f"file://{pdf.ASSETS}/fonts/NotoSans-Regular.ttf", "data:image/png;base64,AA==", pdf.ASSETS.as_uri()],
)
def test_what_the_product_brings_is_read(url):
    assert pdf.refuse_foreign(url) is None


def test_a_link_out_of_the_folder_is_not_followed(tmp_path, monkeypatch):
    (tmp_path / "assets").mkdir()
    (tmp_path / "secret").write_text("x")
    (tmp_path / "assets" / "link").symlink_to(tmp_path / "secret")
    monkeypatch.setattr(pdf, "ASSETS", tmp_path / "assets")

    with pytest.raises(pdf.ForeignAddress):
        pdf.refuse_foreign((tmp_path / "assets" / "link").as_uri())


def test_the_renderer_asks_before_it_reads(caplog):
    """A page that does name such addresses gets none of them; what stands in a text is never an address at all."""
    source = pdf.html(results_view.prepare(sample.empty())).replace(
        "<main>", '<main><img src="file:///etc/passwd" alt="x"><img src="http://127.0.0.1:9/x.png" alt="y">'
    )

    content = pdf.draw(source, "#00615a")

    refused = [record.getMessage() for record in caplog.records if "ForeignAddress" in record.getMessage()]
    assert len(refused) == 2
    assert b"root:" not in content


def test_words_stay_words():
    """Whatever a text contains, it is escaped: no element, style or template comes of it."""
    data = sample.rich()

    source = pdf.html(results_view.prepare(data))

    assert "<script" not in source
    assert "<style" not in source
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&lt;/style&gt;" in source
    assert "{{ 7 * 7 }}" in source
    assert re.findall(r"<img[^>]*>", source) == []


def test_missing_glyphs_are_named_before_anything_is_drawn(monkeypatch):
    monkeypatch.setattr(pdf, "draw", lambda *_: pytest.fail("drawn"))
    data = sample.rich()
    data["contributions"][0]["text"] = "Grüße ሰላም"
    data["recommendations"][2]["goal"] = "ሰ"
    data["host"]["name"] = "𐎀"

    with pytest.raises(GlyphsMissing) as refused:
        pdf.render(data)

    assert "U+1230 (ETHIOPIC SYLLABLE SA) in Beitrag 1, Empfehlung 3" in str(refused.value)
    assert "U+10380 (UGARITIC LETTER ALPA) in Angaben zur Konferenz" in str(refused.value)


def test_many_missing_glyphs_are_counted():
    data = sample.empty()
    data["contributions"] = [sample.contribution(1, text="".join(map(chr, range(0x1200, 0x1220))))]

    with pytest.raises(GlyphsMissing, match="und 26 weitere Zeichen"):
        pdf.render(data)


def test_render_goes_on_without_them_where_it_is_told_to(caplog):
    data = sample.empty()
    data["contributions"] = [sample.contribution(1, text="Grüße ሰላም an alle")]

    content = pdf.render(data, replace_missing=True)
    assert "U+1230 (ETHIOPIC SYLLABLE SA) in Beitrag 1" in caplog.text

    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages)
    assert "Grüße [Zeichen fehlt] an alle" in text
    assert faults(content, "ua1") == []


@pytest.mark.parametrize("accent", ["#ffff00", "#ffffff", "#000000", "#e2001a", "kein; } body { color: red"])
def test_any_colour_of_a_host_is_legible(accent):
    given = dict(re.findall(r"(--[\w-]+): (#\w{6});", pdf._colours(accent)))

    assert set(given) == {"--accent", "--on-accent", "--ink-accent"}
    assert pdf.contrast(given["--accent"], given["--on-accent"]) >= 4.5
    assert pdf.contrast(given["--ink-accent"], "#ffffff") >= pdf.TEXT_CONTRAST


def test_progress_only_grows():
    seen: list[tuple[int, int]] = []

    pdf.render(sample.short(), progress=lambda done, of: seen.append((done, of)))

    assert seen[0] == (0, 100)
    assert seen[-1] == (100, 100)
    assert len(seen) > 10
    assert seen == sorted(set(seen))


def test_two_threads_at_once_get_what_each_asked_for(made):
    found: dict[str, Any] = {}
    threads = [
        threading.Thread(
            target=lambda kind=kind: found.update({kind: pdf.render(getattr(sample, kind)(), LOGO)})
        )
        for kind in ("empty", "short")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {kind: made[kind] for kind in ("empty", "short")}


def test_regular_and_bold_draw_the_same_signs():
    """The check of the signs asks all fonts together; a title is bold."""
    from fontTools.ttLib import TTFont

    for family in ("NotoSans", "IBMPlexSansArabic"):
        regular, bold = (
            set(TTFont(glyphs.FONTS / f"{family}-{face}.ttf").getBestCmap()) for face in ("Regular", "Bold")
        )
        assert regular == bold


def test_fonts_carry_licence_and_checksums():
    import hashlib

    sums = dict(reversed(line.split("  ")) for line in (glyphs.FONTS / "SHA256SUMS").read_text().splitlines())
    files = {path.name for path in glyphs.FONTS.iterdir()} - {"SHA256SUMS"}

    assert {name: hashlib.sha256((glyphs.FONTS / name).read_bytes()).hexdigest() for name in files} == sums
    assert len([name for name in files if name.startswith("LICENSE")]) == 5
