"""A test client whose requests do not share state with the test, as a visitor's do not."""

from __future__ import annotations

import contextvars
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.database import db


class Visitor(FlaskClient):
    """Keeps cookies between requests.

    Flask lets a request join an app context that is already open, and with it the database session, `g` and whoever is
    logged in there. Here each request runs in a context of its own, and the test reads afterwards what was committed.
    """

    def __init__(self, app: Flask, *args: Any, **kwargs: Any) -> None:
        super().__init__(app, *(args or (app.response_class,)), **{"use_cookies": True, **kwargs})

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if self.preserve_context:  # `with client:` asks for exactly the shared context
            return super().open(*args, **kwargs)
        session = db.session()
        if session.info.get("in_transaction") or session.new or session.dirty or session.deleted:
            raise RuntimeError("commit before a visitor comes: nobody else sees what is not committed")
        session.rollback()
        response = contextvars.Context().run(super().open, *args, **kwargs)
        session.expire_all()
        return response
