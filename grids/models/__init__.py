"""The tree of areas, who is responsible where, organisations, rules, and how the map changed."""

from grids.models.areas import Division, Grid, GridKind, HobbyGrid, Outline, ResidentCount, Sport
from grids.models.changes import Change, Reorganisation, Succession
from grids.models.organisations import Officer, Organisation, OrganisationKind, Title
from grids.models.posts import ROLE_LEVELS, Appointment, Background, Role
from grids.models.rules import RuleValue

__all__ = [
    "ROLE_LEVELS",
    "Appointment",
    "Background",
    "Change",
    "Division",
    "Grid",
    "GridKind",
    "HobbyGrid",
    "Officer",
    "Organisation",
    "OrganisationKind",
    "Outline",
    "Reorganisation",
    "ResidentCount",
    "Role",
    "RuleValue",
    "Sport",
    "Succession",
    "Title",
]
