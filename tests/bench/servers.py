"""The same web server for the product and for the bare app: gunicorn, two processes of four threads, on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.databases import ROOT


@contextmanager
def running(application: str, environ: Mapping[str, str], ready_path: str) -> Iterator[str]:
    """Serve `application` (module:name) and yield its address; it is gone afterwards."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
        "--threads",
        "4",
    ]
    command += ["--worker-class", "gthread", "--backlog", "1024", "--log-level", "error", application]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ, "BASE_URL": base})
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(base + ready_path, timeout=5).read()  # noqa: S310 - our own loopback address
                break
            except OSError:
                time.sleep(0.2)
        else:
            raise RuntimeError(f"{application} did not start")
        yield base
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port() -> int:
    """A port of loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
