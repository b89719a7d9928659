"""The spreadsheets of people, grids, hobby grids, appointments and organisations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from accounts.audit import coming_from, in_batch, record
from accounts.models import Door
from grids.resources.appointments import AppointmentSheet
from grids.resources.grids import GridSheet
from grids.resources.hobby_grids import HobbyGridSheet
from grids.resources.officers import OfficerSheet
from grids.resources.organisations import OrganisationSheet
from grids.resources.people import PersonSheet
from grids.undoing import undo_batch
from jiaozuo_grid.spreadsheets.sheet import register
from jiaozuo_grid.spreadsheets.surroundings import Surroundings, provide


@contextmanager
def _import_batch(batch: UUID) -> Iterator[None]:
    with coming_from(Door.TASK), in_batch(batch):
        yield


def register_sheets() -> None:
    """Called when the app is ready."""
    provide(Surroundings(_import_batch, undo_batch, record))
    for sheet in (
        PersonSheet(),
        GridSheet(),
        HobbyGridSheet(),
        AppointmentSheet(),
        OrganisationSheet(),
        OfficerSheet(),
    ):
        register(sheet)
