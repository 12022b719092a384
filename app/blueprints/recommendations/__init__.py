"""Recommendations: the results for everybody, and the desk where they are drafted and followed."""

from flask import Blueprint

bp = Blueprint("recommendations", __name__)

from app.blueprints.recommendations import (  # noqa: E402, F401 - the views attach themselves to bp
    manage,
    manage_evidence,
    routes,
)
