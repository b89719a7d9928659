"""The forms of grids, posts and people: what users type, before an action judges it."""

from grids.forms.appointments import AppointForm, EndAppointmentForm, EndAppointmentsForm, EndForm
from grids.forms.grids import EstablishForm, EstablishManyForm, GridForm, HobbyGridForm
from grids.forms.people import AccountForm, PersonForm
from grids.forms.residents import ResidentsForm

__all__ = [
    "AccountForm",
    "AppointForm",
    "EndAppointmentForm",
    "EndAppointmentsForm",
    "EndForm",
    "EstablishForm",
    "EstablishManyForm",
    "GridForm",
    "HobbyGridForm",
    "PersonForm",
    "ResidentsForm",
]
