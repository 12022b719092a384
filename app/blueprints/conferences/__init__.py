"""Conferences: pages for everybody, and planning them."""

from flask import Blueprint

from app.web import telling

bp = Blueprint("conferences", __name__)
bp.after_request(
    telling.reminding(
        {
            "conferences.change_status",
            "conferences.edit_schedule",
            "conferences.edit_venue",
            "conferences.edit_house",
            "conferences.edit_item",
            "conferences.remove_item",
            "conferences.edit_group",
        }
    )
)

from app.blueprints.conferences import (  # noqa: E402, F401 - the views attach themselves to bp
    manage,
    manage_details,
    manage_groups,
    manage_programme,
    routes,
)
