"""Slower with each wrong try, without storing or logging an address.

Two buckets: the browser (its cookie) slows down from the first failure; the address only after many, so that a hall
full of phones behind one router is not punished for one person's guesses, while somebody who throws cookies away is.
Keys are HMACs under a random key that lives in memory for a day; entries are forgotten after an hour.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass

from flask import request, session
from flask_babel import ngettext

from app.database import now

FORGET_AFTER = 3600.0
LONGEST_WAIT = 60.0
# Failures that cost nothing, and the bucket's name.
BROWSER_FREE = 1
ADDRESS_FREE = 30
ACCOUNT_FREE = 5
_MOST_ENTRIES = 50_000


@dataclass
class _Bucket:
    failures: int
    last: float


class Throttle:
    """Counts failures of one kind of guess in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}
        self._key = secrets.token_bytes(32)
        self._key_day = now().date()

    def wait_seconds(self, purpose: str, account: str = "") -> int:
        """How long the one who asks must still wait; 0 to try now."""
        at = now().timestamp()
        with self._lock:
            waits = [
                self._wait(self._buckets.get(name), free, at) for name, free in self._names(purpose, account)
            ]
        return int(max(waits) + 0.999)

    def failed(self, purpose: str, account: str = "") -> None:
        """Note a wrong guess."""
        at = now().timestamp()
        with self._lock:
            self._forget(at)
            for name, _free in self._names(purpose, account):
                bucket = self._buckets.setdefault(name, _Bucket(0, at))
                bucket.failures += 1
                bucket.last = at

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._buckets.clear()

    def _wait(self, bucket: _Bucket | None, free: int, at: float) -> float:
        if bucket is None or bucket.failures < free or at - bucket.last > FORGET_AFTER:
            return 0.0
        delay = min(LONGEST_WAIT, 2.0 ** min(bucket.failures - free, 10))
        return max(0.0, bucket.last + delay - at)

    def _names(self, purpose: str, account: str) -> list[tuple[str, int]]:
        browser = session.get("csrf_token") or ""
        named = [("address", request.remote_addr or "", ADDRESS_FREE)]
        if browser:
            named.append(("browser", browser, BROWSER_FREE))
        if account:
            named.append(("account", account.lower(), ACCOUNT_FREE))
        return [(self._hashed(f"{purpose}:{kind}:{value}"), free) for kind, value, free in named]

    def _hashed(self, text: str) -> str:
        today = now().date()
        if today != self._key_day:
            self._key, self._key_day = secrets.token_bytes(32), today
            self._buckets.clear()
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def _forget(self, at: float) -> None:
        if len(self._buckets) > 1000:
            self._buckets = {
                name: held for name, held in self._buckets.items() if at - held.last < FORGET_AFTER
            }
        if len(self._buckets) > _MOST_ENTRIES:
            self._buckets.clear()


throttle = Throttle()


def please_wait(seconds: int) -> str:
    """The sentence for somebody who guesses codes too quickly."""
    return ngettext(
        "Bitte warten Sie noch %(num)s Sekunde. Nach jedem falschen Code dauert es etwas länger.",
        "Bitte warten Sie noch %(num)s Sekunden. Nach jedem falschen Code dauert es etwas länger.",
        seconds,
    )
