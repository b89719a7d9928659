"""The forms of grids, posts and people: what users type, before an action judges it."""

from grids.forms.appointments import AppointForm, EndForm
from grids.forms.grids import EstablishForm, EstablishManyForm, GridForm, HobbyGridForm
from grids.forms.people import AccountForm, PersonForm
from grids.forms.residents import ResidentsForm

__all__ = [
    "AccountForm",
    "AppointForm",
    "EndForm",
    "EstablishForm",
    "EstablishManyForm",
    "GridForm",
    "HobbyGridForm",
    "PersonForm",
    "ResidentsForm",
]
