"""What users do with stations: one function a verb, each one transaction.

Each checks the actor's right, then the facts, writes through ``grids.writing`` and so records.
They raise ``OutOfReach`` or ``ValidationError``, and then nothing is written.
"""

from stations.actions.equipment import add_equipment, edit_equipment, remove_equipment
from stations.actions.hours import Hours, set_opening_hours
from stations.actions.photos import add_photo, remove_photo
from stations.actions.posts import make_responsible, post_instructor, unpost
from stations.actions.repairs import (
    accept_repair,
    finish_repair,
    hand_repair,
    reject_repair,
    report_fault,
    report_fault_publicly,
)
from stations.actions.stations import (
    edit_station,
    end_station,
    enter_station,
    move_station,
    reopen_station,
)
from stations.actions.upkeep import Fault, inspect

__all__ = [
    "Fault",
    "Hours",
    "accept_repair",
    "add_equipment",
    "add_photo",
    "edit_equipment",
    "edit_station",
    "end_station",
    "enter_station",
    "finish_repair",
    "hand_repair",
    "inspect",
    "make_responsible",
    "move_station",
    "post_instructor",
    "reject_repair",
    "remove_equipment",
    "remove_photo",
    "reopen_station",
    "report_fault",
    "report_fault_publicly",
    "set_opening_hours",
    "unpost",
]
