"""A small storm with the whole product: households register at once while it is killed, then some leave at once.

`./run bench storm` is the same with 500 people and the server killed twenty times.
"""

from __future__ import annotations

import pytest
from flask import Flask

from app.database import db
from tests.bench import storm
from tests.databases import SECRETS


@pytest.mark.parametrize("makes_offers", [False, True])
def test_households_register_and_leave_while_the_server_is_killed(
    fresh_app: Flask, tmp_path, makes_offers: bool
) -> None:
    environ = {
        **SECRETS,
        "APP_ENV": "development",
        "DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
        "INSTANCE_PATH": fresh_app.instance_path,
    }

    seen, broken = storm.measure(
        fresh_app,
        tmp_path,
        environ,
        households=12,
        seats=10,
        leaving=3,
        kills=2,
        makes_offers=makes_offers,
    )

    assert (seen.errors, broken) == ([], [])
    assert len(seen.seen) == 12
    assert seen.kills == 2
