"""Editions: the published results with their files, and publishing them."""

from flask import Blueprint

bp = Blueprint("editions", __name__)

from app.blueprints.editions import manage, routes  # noqa: E402, F401 - the views attach themselves to bp
