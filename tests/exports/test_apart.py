"""Documents drawn in a process of their own: never so many at once that nobody answers pages."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from app.domain.errors import PrintBusy, PrintFailed
from app.exports import apart, letter
from app.letters.blocks import Paragraph


def waits_for(sign: Path) -> list[str]:
    """A command that says nothing until `sign` is there."""
    code = f"import pathlib, time\nwhile not pathlib.Path({str(sign)!r}).exists(): time.sleep(.01)"
    return [sys.executable, "-c", code]


def test_one_is_drawn_one_waits_and_whoever_comes_then_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign, started = tmp_path / "sign", threading.Semaphore(0)

    def begun(*_: str) -> list[str]:
        started.release()
        return waits_for(sign)

    monkeypatch.setattr(apart, "command", begun)
    with ThreadPoolExecutor(2) as crowd:
        first = crowd.submit(apart.draw, "", "#000000", "print.css")
        assert started.acquire(timeout=20)
        second = crowd.submit(apart.draw, "", "#000000", "print.css")
        while apart._places.acquire(blocking=False):
            apart._places.release()

        with pytest.raises(PrintBusy):
            apart.draw("", "#000000", "print.css")

        # The second has not begun: one at a time.
        assert not started.acquire(timeout=0.1)
        sign.touch()
        assert (first.result(20), second.result(20)) == (b"", b"")
    assert apart.draw("", "#000000", "print.css") == b""


def test_a_process_that_fails_makes_room_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "command", lambda *_: [sys.executable, "-c", "raise SystemExit(1)"])

    for _ in range(3):
        with pytest.raises(PrintFailed):
            apart.draw("", "#000000", "print.css")


def test_a_process_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(apart, "command", lambda *_: waits_for(tmp_path / "never"))

    with pytest.raises(PrintFailed):
        apart.draw("", "#000000", "print.css")


def test_a_pile_of_letters_is_the_same_drawn_apart() -> None:
    letters = [
        letter.Letter(
            ["Frau Beispiel"], letter.Sender("Stadt"), date(2026, 3, 2), "Betreff", [Paragraph("Wort")]
        )
    ] * 2

    assert letter.many_letters_pdf(letters) == letter.letters_pdf(letters)
