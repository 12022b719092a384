"""Messages: texts of a conference, mailings to many, letters to print, calls to make, and what became of each."""

from flask import Blueprint

bp = Blueprint("messages", __name__)

from app.blueprints.messages import (  # noqa: E402, F401 - the views attach themselves to bp
    manage,
    manage_mailings,
    manage_texts,
    manage_told,
)
