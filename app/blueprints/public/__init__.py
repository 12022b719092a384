"""Start pages, legal pages and accessibility feedback of hosts."""

from flask import Blueprint

bp = Blueprint("public", __name__)

from app.blueprints.public import manage, manage_retention, routes  # noqa: E402, F401 - the views attach themselves to bp
