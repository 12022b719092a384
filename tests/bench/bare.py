"""The barest Flask that does the same: what the product is measured against."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from flask import Flask, redirect, request
from sqlalchemy import create_engine, text

from app.database import tune

PAGE = Path(os.environ["BENCH_PAGE"]).read_bytes() if "BENCH_PAGE" in os.environ else b""
engine = create_engine(os.environ["DATABASE_URL"])
tune(engine)
app = Flask(__name__)

FORM = "<!doctype html><title>Platz</title><form method=post><input name=name><button>Nehmen</button></form>"


@app.get("/seite")
def page():
    """The bytes of the conference page."""
    return app.response_class(PAGE, mimetype="text/html")


@app.route("/platz", methods=["GET", "POST"])
def seat():
    """A form with one guarded UPDATE and one row, as small as it can be and still not overbook."""
    if request.method == "GET":
        return FORM
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        won = connection.execute(
            text("UPDATE bare_group SET taken = taken + 1 WHERE taken < capacity")
        ).rowcount
        if won:
            connection.execute(
                text("INSERT INTO bare_seat (code, name) VALUES (:code, :name)"),
                {"code": secrets.token_hex(8), "name": request.form["name"][:100]},
            )
    return redirect("/fertig")


@app.get("/fertig")
def done():
    """What the form leads to."""
    with engine.connect() as connection:
        taken = connection.execute(text("SELECT taken FROM bare_group")).scalar()
    return f"<!doctype html><title>Fertig</title><p>{taken}"
