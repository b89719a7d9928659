"""What users do with areas, posts and people: one function a verb, each one transaction.

Each checks the actor's right, then the facts, writes through ``grids.writing`` and so records.
They raise ``OutOfReach`` or ``ValidationError``, and then nothing is written.
"""

from grids.actions.appointments import appoint, end_appointment, replace_leader
from grids.actions.ending import Ending, ending_below
from grids.actions.grids import (
    edit_grid,
    end_grid,
    establish_grid,
    establish_grids,
    establish_grids_of,
    reopen_grid,
    required_grids,
)
from grids.actions.hobby_grids import (
    edit_hobby_grid,
    end_hobby_grid,
    form_hobby_grid,
    reopen_hobby_grid,
)
from grids.actions.offices import (
    appoint_officer,
    end_office,
    renew_term,
    replace_officer,
)
from grids.actions.organisations import (
    edit_organisation,
    end_organisation,
    enter_organisation,
    reopen_organisation,
)
from grids.actions.people import (
    edit_person,
    enter_person,
    open_account,
    renew_password,
    set_account_active,
)
from grids.actions.residents import record_residents

__all__ = [
    "Ending",
    "appoint",
    "appoint_officer",
    "edit_grid",
    "edit_hobby_grid",
    "edit_organisation",
    "edit_person",
    "end_appointment",
    "end_grid",
    "end_hobby_grid",
    "end_office",
    "end_organisation",
    "ending_below",
    "enter_organisation",
    "enter_person",
    "establish_grid",
    "establish_grids",
    "establish_grids_of",
    "form_hobby_grid",
    "open_account",
    "record_residents",
    "renew_password",
    "renew_term",
    "reopen_grid",
    "reopen_hobby_grid",
    "reopen_organisation",
    "replace_leader",
    "replace_officer",
    "required_grids",
    "set_account_active",
]
