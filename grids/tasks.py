"""What runs at night."""

from django.utils.translation import gettext_lazy as _

from grids import duplicates
from jiaozuo_grid.periodic import Counts, daily, periodic


@periodic(
    "duplicates",
    title=_("People entered twice"),
    about=_("Looks for entries that may be one person; somebody decides on each pair."),
    schedule=daily(3, 30),
    counts={"pairs": _("new pairs")},
)
def find_duplicates() -> Counts:
    return {"pairs": duplicates.find_duplicates()}
