"""Conferences: pages for everybody, and planning them."""

from flask import Blueprint

bp = Blueprint("conferences", __name__)

from app.blueprints.conferences import (  # noqa: E402, F401 - the views attach themselves to bp
    manage,
    manage_details,
    manage_groups,
    manage_programme,
    routes,
)
