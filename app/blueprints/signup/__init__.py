"""Signing up for a conference and its working groups, by residents and by staff for them."""

from flask import Blueprint

bp = Blueprint("signup", __name__)

from app.blueprints.signup import (  # noqa: E402, F401 - the views attach themselves to bp
    invited,
    manage,
    manage_allocation,
    manage_consents,
    manage_desk,
    manage_form,
    manage_form_rules,
    manage_import,
    manage_invitation_text,
    manage_invitations,
    manage_one,
    manage_returning,
    manage_support,
    manage_wishes,
    routes,
    routes_details,
    routes_own,
    routes_people,
    routes_register,
)
