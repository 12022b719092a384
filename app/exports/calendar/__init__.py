"""Calendar files (RFC 5545): a conference, its programme to subscribe to, and what one household takes part in."""

from app.exports.calendar.conference import conference_calendar, feed
from app.exports.calendar.household import calendars_for_mail, personal_calendar
from app.exports.calendar.parts import BERLIN_RULES, File, feed_address

__all__ = [
    "BERLIN_RULES",
    "File",
    "calendars_for_mail",
    "conference_calendar",
    "feed",
    "feed_address",
    "personal_calendar",
]
