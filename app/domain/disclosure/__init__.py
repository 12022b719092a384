"""Disclosure control: which figures of social spaces may be published, and what somebody could still work out.

Terms of the field: primary and secondary cell suppression, feasibility interval, p-percent and threshold rules
(Hundepool et al., Statistical Disclosure Control, 2012). No figure leaves the house that has not passed here.
"""

from app.domain.disclosure.attack import Contradiction, Interval, Knowledge, knowledge
from app.domain.disclosure.model import Cell, Key, Place, Quantity, Reason, Rule, Sum, rounded
from app.domain.disclosure.suppression import Exposed, audit, suppress

__all__ = [
    "Cell",
    "Contradiction",
    "Exposed",
    "Interval",
    "Key",
    "Knowledge",
    "Place",
    "Quantity",
    "Reason",
    "Rule",
    "Sum",
    "audit",
    "knowledge",
    "rounded",
    "suppress",
]
