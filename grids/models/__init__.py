"""The tree of areas, who is responsible where, organisations, rules, and how the map changed."""

from grids.models.areas import Division, Grid, GridKind, HobbyGrid, Outline, ResidentCount, Sport
from grids.models.changes import Change, Reorganisation, Succession
from grids.models.duplicates import DuplicatePair, PairState, Suspicion
from grids.models.organisations import (
    KIND_LEVELS,
    Officer,
    Organisation,
    OrganisationKind,
    Title,
)
from grids.models.posts import ROLE_LEVELS, Appointment, Background, Role
from grids.models.rules import RuleValue

__all__ = [
    "KIND_LEVELS",
    "ROLE_LEVELS",
    "Appointment",
    "Background",
    "Change",
    "Division",
    "DuplicatePair",
    "Grid",
    "GridKind",
    "HobbyGrid",
    "Officer",
    "Organisation",
    "OrganisationKind",
    "Outline",
    "PairState",
    "Reorganisation",
    "ResidentCount",
    "Role",
    "RuleValue",
    "Sport",
    "Succession",
    "Suspicion",
    "Title",
]
