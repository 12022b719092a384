"""Documents: time and memory of the PDF against WeasyPrint alone, and how quick pages stay while two are made.

Each document is made in a process of its own, which is what the worker does:
`python -m tests.bench.documents ours|bare CONTRIBUTIONS` prints what it took.
"""

from __future__ import annotations

import io
import json
import logging
import os
import resource
import subprocess
import sys
import time

from pypdf import PdfReader

from app.jobs.documents import NICENESS
from tests.bench import load
from tests.databases import ROOT
from tests.exports import sample

SIZES = (50, 500, 2000)
# What is drawn while pages are asked for.
MEANWHILE = 500


def make(whose: str, size: int) -> dict[str, float]:
    """Make one document: `ours` from a snapshot to bytes, with all checks and with reading fonts and styles; `bare` is
    WeasyPrint alone on the same HTML, with fonts and styles read before the clock starts."""
    from app.exports import pdf, results_view

    data = sample.of_size(size)
    if whose == "ours":
        started = time.perf_counter(), time.process_time()
        content = pdf.render(data)
    else:
        document = results_view.prepare(data)
        source = pdf.html(document)
        pdf.draw(pdf.html(results_view.prepare(sample.empty())), document.accent)
        kit = pdf._kit()
        colours = kit.css(pdf._colours(document.accent))
        started = time.perf_counter(), time.process_time()
        content = kit.html(source).write_pdf(
            pdf_variant="pdf/a-2a", stylesheets=[kit.sheet, colours], font_config=kit.fonts
        )
    seconds, processor = time.perf_counter() - started[0], time.process_time() - started[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "processor": processor,
        "megabytes": peak,
        "pages": len(PdfReader(io.BytesIO(content)).pages),
        "kilobytes": len(content) / 1024,
    }


def in_a_process(whose: str, size: int) -> dict[str, float]:
    """The same in a fresh process, whose memory is that of this document alone."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.documents", whose, str(size)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def against_weasyprint() -> list[tuple[str, str, str, str]]:
    """Rows of the report: each size, and whether time and memory grow no faster than the pages."""
    rows, per_page = [], []
    for size in SIZES:
        ours, bare = in_a_process("ours", size), in_a_process("bare", size)
        per_page.append(ours["processor"] / ours["pages"])
        rows.append(
            (
                f"PDF, {size} contributions, {ours['pages']:.0f} pages, {ours['kilobytes']:.0f} KiB",
                f"{ours['seconds']:.1f} s of {bare['seconds']:.1f} s, "
                f"{ours['megabytes']:.0f} MiB of {bare['megabytes']:.0f} MiB",
                f"{ours['processor'] / bare['processor']:.2f}",
                f"{per_page[-1] * 1000:.0f} ms of processor a page; aim 1.25",
            )
        )
    growth = per_page[-1] / per_page[0]
    rows.append(
        (
            "PDF, time a page, largest against smallest",
            f"{growth:.2f}",
            "linear" if growth < 1.3 else "NOT LINEAR",
            "",
        )
    )
    return rows


def pages_meanwhile(base: str, path: str, seconds: float) -> tuple[str, str, str, str]:
    """The conference page, one reader after the other: alone, and while two documents are made."""
    alone = _p95(base, path, seconds)
    command = [sys.executable, "-m", "tests.bench.documents", "ours", str(MEANWHILE), "nice"]
    makers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(2)]
    try:
        # Until they draw.
        time.sleep(4)
        busy = _p95(base, path, seconds)
        still = sum(maker.poll() is None for maker in makers)
    finally:
        for maker in makers:
            maker.terminate()
            maker.wait()
    return (
        f"page while two PDFs of {MEANWHILE} contributions are made",
        f"p95 {busy * 1000:.1f} ms of {alone * 1000:.1f} ms alone",
        f"{busy / alone:.2f}",
        "aim: below 50 ms" if still == 2 else "WRONG: they were ready too soon",
    )


def _p95(base: str, path: str, seconds: float) -> float:
    browser, times = load.Browser(base), []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        started = time.perf_counter()
        status, _, _ = browser.ask("GET", path)
        times.append(time.perf_counter() - started)
        if status != 200:
            raise RuntimeError(f"status {status}")
        # A reader, not a load: it should not itself keep a processor busy.
        time.sleep(0.01)
    return sorted(times)[int(len(times) * 0.95)]


if __name__ == "__main__":
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    if "nice" in sys.argv:
        os.nice(NICENESS)
    print(json.dumps(make(sys.argv[1], int(sys.argv[2]))))  # noqa: T201 - read by whoever started it
