"""Signing in, invitations and the dashboard of staff."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, url_prefix="/verwaltung")

from app.blueprints.accounts import routes  # noqa: E402, F401 - the views attach themselves to bp
