"""Name tags: 500 of them, from facts to PDF, against WeasyPrint alone on the same HTML."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable

from pypdf import PdfReader

from app.exports import pdf
from app.exports.print import pack
from app.exports.print.pack import Part, Wishes
from tests.exports.print import events

TAGS = 500
RUNS = 3


def against_weasyprint() -> list[tuple[str, str, str, str]]:
    """Rows of the report: drawing with all checks against WeasyPrint alone, and the whole request with its process."""
    event = events.crowd(TAGS)
    wishes = Wishes([Part.NAME_TAGS], empty=0)
    source = pack.html(event, wishes)
    # Fonts and styles are read before the clock starts, for both.
    pack.draw(pack.html(events.crowd(1), wishes), event.accent)
    kit = pdf._kit()
    colours = kit.css(pdf._colours(event.accent))

    def bare() -> bytes:
        made: bytes = kit.html(source).write_pdf(
            pdf_variant="pdf/a-2a", stylesheets=[kit.sheet(pack.STYLES), colours], font_config=kit.fonts
        )
        return made

    def ours() -> bytes:
        return pack.draw(pack.html(event, wishes), event.accent)

    # Processor for the ratio: what else the machine does is not part of it.
    alone, _ = _seconds(bare, time.process_time)
    drawn, content = _seconds(ours, time.process_time)
    whole, again = _seconds(lambda: pack.make(event, wishes), time.perf_counter)
    pages = len(PdfReader(io.BytesIO(content)).pages)
    return [
        (
            f"PDF, {TAGS} name tags, {pages} pages, {len(content) / 1024:.0f} KiB",
            f"{drawn:.2f} s of {alone:.2f} s of processor",
            f"{drawn / alone:.2f}",
            "aim: 1.25",
        ),
        (
            f"the same in a process of its own, as pages ask for it{'' if again == content else ' (WRONG: differs)'}",
            f"{whole:.2f} s",
            "",
            "aim: below 10 s; the server goes on meanwhile",
        ),
    ]


def _seconds(make: Callable[[], bytes], clock: Callable[[], float]) -> tuple[float, bytes]:
    """The middle of some runs, and what came out."""
    times, made = [], b""
    for _ in range(RUNS):
        started = clock()
        made = make()
        times.append(clock() - started)
    return statistics.median(times), made
