"""Requests from several threads, each on a connection of its own."""

from __future__ import annotations

import http.client
import http.cookies
import re
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlencode, urlsplit


@dataclass
class Result:
    """What came out of a run."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0

    @property
    def median_ms(self) -> float:
        return statistics.median(self.times) * 1000 if self.times else 0.0

    @property
    def p99_ms(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.99)] * 1000 if self.times else 0.0


class Browser:
    """A visitor with cookies on one connection."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self.cookies: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, address of the redirect and text."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer.status, urlsplit(answer.headers.get("Location", "")).path, text


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    return found.group(1) if found else ""


def together(people: int, do: Callable[[int], None], *, at_once: bool = False) -> Result:
    """Let `people` threads call `do(number)`, starting together; `do` raises what went wrong."""
    result = Result()
    gate = threading.Barrier(people)
    lock = threading.Lock()

    def one(number: int) -> None:
        gate.wait()
        started = time.perf_counter()
        try:
            do(number)
        except Exception as error:  # every failure is counted and shown
            with lock:
                result.errors.append(f"{type(error).__name__}: {error}")
        else:
            with lock:
                result.times.append(time.perf_counter() - started)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(people)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.seconds = time.perf_counter() - started
    return result


def requests_per_second(url: str, seconds: int = 5) -> tuple[float, str]:
    """Requests a second at `url` and what measured it: wrk where it is installed, else threads of our own."""
    if shutil.which("wrk"):
        printed = subprocess.run(
            ["wrk", "-t1", "-c16", f"-d{seconds}s", url], capture_output=True, text=True, check=True
        ).stdout
        found = re.search(r"Requests/sec:\s+([\d.]+)", printed)
        if found and "Non-2xx" not in printed:
            return float(found.group(1)), "wrk"
        raise RuntimeError(printed)
    parts = urlsplit(url)
    end = time.perf_counter() + seconds
    counts: list[int] = []

    def ask(_number: int) -> None:
        browser, count = Browser(f"http://{parts.netloc}"), 0
        while time.perf_counter() < end:
            status, _, _ = browser.ask("GET", parts.path)
            if status != 200:
                raise RuntimeError(f"status {status}")
            count += 1
        counts.append(count)

    result = together(8, ask)
    if result.errors:
        raise RuntimeError(result.errors[0])
    return sum(counts) / seconds, "threads"
