"""What people say: handing in contributions, following and reading them, and moderation by staff."""

from flask import Blueprint

bp = Blueprint("feedback", __name__)

from app.blueprints.feedback import (  # noqa: E402, F401 - the views attach themselves to bp
    manage,
    manage_cards,
    manage_decisions,
    manage_minutes,
    manage_topics,
    reading,
    routes,
)
