"""Who is responsible where: roles and appointments."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from grids import querysets
from jiaozuo_grid.area import AreaRow, Level
from jiaozuo_grid.lasting import LastingRow
from jiaozuo_grid.listeners import Fact


class Role(models.TextChoices):
    BUREAU_STAFF = "bureau_staff", _("bureau staff")
    COUNTY_OFFICIAL = "county_official", _("county official")
    TOWNSHIP_OFFICER = "township_officer", _("township officer")
    GRID_LEADER = "grid_leader", _("grid leader")
    GRID_MEMBER = "grid_member", _("grid member")
    AUDITOR = "auditor", _("auditor")


# The level at which each role is held.
ROLE_LEVELS: dict[str, tuple[int, ...]] = {
    Role.BUREAU_STAFF: (Level.CITY,),
    Role.COUNTY_OFFICIAL: (Level.COUNTY,),
    Role.TOWNSHIP_OFFICER: (Level.TOWNSHIP,),
    Role.GRID_LEADER: (Level.GRID,),
    Role.GRID_MEMBER: (Level.HOBBY_GRID,),
    Role.AUDITOR: (Level.CITY, Level.COUNTY),
}


class Background(models.TextChoices):
    """What a grid leader or member is besides (domain.md, section 0)."""

    OFFICIAL = "official", _("community or village official")
    ASSOCIATION_HEAD = "association_head", _("head of a sports association")
    STATION_HEAD = "station_head", _("head of a fitness station")
    INSTRUCTOR = "instructor", _("social sports instructor")
    ENTHUSIAST = "enthusiast", _("enthusiast")


class Appointment(AreaRow, LastingRow):
    """Person × role × area × dates: who is responsible where, and so who may do what."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="appointments"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    background = models.CharField(
        _("background"), max_length=20, choices=Background.choices, blank=True
    )
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("appointed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
    )

    objects = querysets.AppointmentQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["area_code", "-started_on"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.UniqueConstraint(
                name="one_leader_per_grid",
                fields=["area_code"],
                condition=Q(role="grid_leader", ended_on__isnull=True),
                violation_error_message=_("This grid has a leader already."),
            ),
            models.UniqueConstraint(
                name="one_open_appointment_each",
                fields=["person", "role", "area_code"],
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("This person holds this post already."),
            ),
        ]
        indexes = [models.Index(fields=["person", "role"], name="appointment_by_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"

    def facts(self) -> list[Fact]:
        """It matters to the person's other posts too."""
        return [Fact(self.area_code, about=f"person {self.person_id}")]

    def clean(self) -> None:
        if self.role in ROLE_LEVELS and len(self.area_code) not in ROLE_LEVELS[self.role]:
            raise ValidationError(
                {
                    "area_code": _("A %(role)s is not appointed at this level.")
                    % {"role": self.get_role_display()}
                }
            )
