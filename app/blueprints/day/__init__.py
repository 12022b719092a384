"""The day of a conference: check-in, rooms, people without registration, what is printed."""

from flask import Blueprint

bp = Blueprint("day", __name__)

from app.blueprints.day import manage, printing, routes  # noqa: E402, F401 - the views attach themselves to bp
