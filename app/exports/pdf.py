"""The PDF of an edition: accessible (PDF/UA-1) and made to be kept (PDF/A-2a) in one file, with bundled fonts only."""

from __future__ import annotations

import logging
import os
import re
import threading
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

import pydyf
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.config import ROOT
from app.domain.errors import GlyphsMissing
from app.domain.hosts import contrast
from app.exports import glyphs, results_view
from app.web import colours

ASSETS = Path(__file__).parent / "documents"
# Text in the host's colour: easier to read than the least that is allowed.
TEXT_CONTRAST = 6.5

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
# WeasyPrint promises nothing about threads, and fonts and styles are shared: one document at a time in a process.
_one_at_a_time = threading.Lock()


def render(
    snapshot: Mapping[str, Any],
    logo: tuple[str, bytes] | None = None,
    progress: Progress | None = None,
    *,
    replace_missing: bool = False,
) -> bytes:
    """The PDF of a snapshot; the same snapshot and logo give the same bytes.

    `logo` is (media type, content) of a picture. `progress(done, of)` is called now and then. Raises GlyphsMissing
    before anything is drawn where no bundled font has a sign of the texts; with `replace_missing` a note stands in
    the place of such signs instead. Nothing is loaded but what the product brings along.
    """
    missing = glyphs.missing(snapshot)
    if missing and not replace_missing:
        raise GlyphsMissing(signs=glyphs.named(missing))
    if missing:
        log.warning("no font for these signs, a note stands in their place: %s", glyphs.named(missing))
        snapshot = glyphs.replaced(snapshot, {sign.char for sign in missing})
    document = results_view.prepare(snapshot)
    return draw(html(document, logo), document.accent, len(document.contributions), progress)


def html(document: results_view.Document, logo: tuple[str, bytes] | None = None) -> str:
    """The document as HTML, before it is set on pages."""
    address = f"data:{logo[0]};base64,{b64encode(logo[1]).decode()}" if logo else ""
    return page("documents/results.html", document=document, logo=address)


def page(template: str, **values: Any) -> str:
    """A document's template filled in; it knows no request and no translation."""
    return _templates().get_template(template).render(**values)


def draw(
    source: str,
    accent: str,
    entries: int = 0,
    progress: Progress | None = None,
    *,
    sheet: str = "results.css",
) -> bytes:
    """Set `source` on pages and return the file; `sheet` names the styles among the assets."""
    with _one_at_a_time, _watched(progress, entries):
        kit = _kit()
        made: bytes = kit.html(source).write_pdf(
            pdf_variant="pdf/a-2a",
            finisher=lambda _document, pdf: also_pdfua1(pdf, source),
            stylesheets=[kit.sheet(sheet), kit.css(_colours(accent))],
            font_config=kit.fonts,
        )
        return made


def also_pdfua1(pdf: pydyf.PDF, text: str) -> None:
    """Make the file PDF/UA-1 as well: say so in its metadata, say whether a table header heads a column or a row, and
    say what every drawing stands for. `text` is what is written in the document."""
    by_reference = {item.reference: item for item in pdf.objects if getattr(item, "number", None)}
    claim = (ASSETS / "pdfua1.xmp").read_bytes()
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.extra.get("Type") == "/Metadata":
            item.stream = [b"".join(item.stream).replace(b"</rdf:RDF>", claim + b"</rdf:RDF>", 1)]
            # PDF/A wants metadata that can be read without unpacking.
            item.compress = False
        elif isinstance(item, dict) and item.get("S") == "/TH":
            row = by_reference.get(item["P"])
            group = row and by_reference.get(row["P"])
            item["A"]["Scope"] = "/Column" if group and group.get("S") == "/THead" else "/Row"
        elif isinstance(item, dict) and item.get("Type") == "/Font" and "ToUnicode" in item:
            emoji = b"Noto-Emoji" in item["BaseFont"]
            stream = by_reference[item["ToUnicode"]]
            stream.stream = [_with_text(line, text if emoji else "") for line in stream.stream]


def _with_text(line: bytes, text: str) -> bytes:
    """A line of a font's table of texts. WeasyPrint leaves the text empty for emoji that end in an invisible sign."""
    empty = re.fullmatch(rb"<([0-9a-f]{4})> <>", line)
    if not empty:
        return line
    plain = text.replace("\ufe0f", "")
    meanings = glyphs.joined_emoji().get(int(empty[1], 16), ())
    # Where nothing is known, a space without width: every drawing needs some text.
    meaning = next((meaning for meaning in meanings if meaning in plain), "\u200b")
    return b"<%s> <%s>" % (empty[1], meaning.encode("utf-16-be").hex().encode())


class _Kit:
    """WeasyPrint with the product's fonts and styles, read once in a process."""

    def __init__(self) -> None:
        # It takes a second to load, and most processes of the product never make a document.
        with warnings.catch_warnings():
            # A server need not have fonts of its own.
            warnings.filterwarnings("ignore", ".*FontConfig")
            import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher

        class Local(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
            """Reads what lies in the folder of assets, and data: addresses; nothing else."""

            def __init__(self) -> None:
                super().__init__(allowed_protocols={"file", "data"}, allow_redirects=False)

            def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
                refuse_foreign(url)
                return super().fetch(url, headers)

        with _no_system_fonts():
            self.fonts = FontConfiguration()
        self._fetcher = Local()
        self._weasyprint = weasyprint
        self._sheets: dict[str, Any] = {}
        # The faces stay known to `fonts`, whatever sheet a document has.
        self.sheet("fonts.css")

    def sheet(self, name: str) -> Any:
        """The styles in the file of this name, read once."""
        if name not in self._sheets:
            self._sheets[name] = self._weasyprint.CSS(
                filename=ASSETS / name, font_config=self.fonts, url_fetcher=self._fetcher
            )
        return self._sheets[name]

    def css(self, text: str) -> Any:
        return self._weasyprint.CSS(string=text, font_config=self.fonts, url_fetcher=self._fetcher)

    def html(self, text: str) -> Any:
        return self._weasyprint.HTML(string=text, base_url=ASSETS.as_uri() + "/", url_fetcher=self._fetcher)


@contextmanager
def _no_system_fonts() -> Iterator[None]:
    """Have fontconfig read our configuration, which knows no fonts, instead of the system's."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(ASSETS / "fonts.conf")
    try:
        yield
    finally:
        del os.environ["FONTCONFIG_FILE"]
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before


class ForeignAddress(ValueError):
    """Something in a document wanted to load what does not belong to the product."""


def refuse_foreign(url: str) -> None:
    """Raise ForeignAddress unless `url` is a data: address or a file below the folder of assets."""
    parts = urlsplit(url)
    if parts.scheme == "data":
        return
    # Decoded until nothing changes: a path must not look different when somebody else decodes it once more.
    path, decoded = "", parts.path
    while path != decoded:
        path, decoded = decoded, unquote(decoded)
    if (
        parts.scheme != "file"
        or parts.netloc not in ("", "localhost")
        or not Path(path).resolve().is_relative_to(ASSETS.resolve())
    ):
        raise ForeignAddress(url)


@cache
def _kit() -> _Kit:
    return _Kit()


@cache
def _templates() -> Environment:
    # Not the app's: a document is made without a request and knows neither session nor translation.
    return Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _colours(accent: str) -> str:
    """The three properties a host's colour gives to a document."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        accent = "#00615a"
    ink = next(
        shade
        for shade in (colours.mix(colours.BLACK, accent, step / 50) for step in range(51))
        if contrast(shade, colours.WHITE) >= TEXT_CONTRAST
    )
    return f":root {{ --accent: {accent}; --on-accent: {colours.text_on(accent)}; --ink-accent: {ink}; }}"


@contextmanager
def _watched(progress: Progress | None, entries: int) -> Iterator[None]:
    """Tell `progress` how far WeasyPrint is, in hundredths: it logs its steps and every page it begins."""
    if progress is None:
        yield
        return
    watcher = _Watcher(progress, pages=12 + entries // 4)
    logger = logging.getLogger("weasyprint.progress")
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(watcher)
    progress(0, 100)
    try:
        yield
    finally:
        logger.removeHandler(watcher)
        logger.setLevel(level)
    progress(100, 100)


class _Watcher(logging.Handler):
    """Turns WeasyPrint's log of its steps into hundredths; they never go down."""

    STEPS: ClassVar[dict[str, int]] = {"Step 3": 3, "Step 4": 8, "Step 6": 72, "Step 7": 95}

    def __init__(self, progress: Progress, pages: int) -> None:
        super().__init__(logging.INFO)
        self._progress, self._expected = progress, pages
        self._pages = self._done = 0
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread != self._thread:
            return
        message = record.getMessage()
        done = self.STEPS.get(message[:6], 0)
        if "Page" in message:
            self._pages += 1
            # Pages are set about twice, the second time to fill in page numbers; how many they are is a guess.
            done = 10 + int(60 * self._pages / (self._pages + self._expected))
        if done > self._done:
            self._done = done
            self._progress(done, 100)
