"""Fitness stations: where they are, what stands there, who looks after them, in which state."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from grids.models import Sport
from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.lasting import LastingRow
from jiaozuo_grid.reach import ScopedLastingQuerySet
from stations.querysets import (
    InspectionQuerySet,
    OpeningHoursQuerySet,
    PhotoQuerySet,
    RepairQuerySet,
    StationBookQuerySet,
    StationPostQuerySet,
    StationQuerySet,
)


def new_token() -> str:
    """The secret part of a station's public address: 10 characters, not to be guessed."""
    return secrets.token_urlsafe(8)[:10]


class StationKind(models.TextChoices):
    STATION = "station", _("fitness station")
    EXERCISE_POINT = "point", _("morning and evening exercise point")


class Station(AreaRow, LastingRow):
    """A place where people exercise (健身站点, 晨晚练点), at a village's area code.

    Longitude and latitude are WGS-84. Unknown is empty, never 0 or "no". To which village it
    belonged on an earlier day is told by ``StationPlace``.
    """

    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(
        _("kind"), max_length=10, choices=StationKind.choices, default=StationKind.STATION
    )
    address = models.CharField(_("address"), max_length=80, blank=True)
    longitude = models.FloatField(
        _("longitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(73.0), MaxValueValidator(136.0)],
    )
    latitude = models.FloatField(
        _("latitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(3.0), MaxValueValidator(54.0)],
    )
    square_metres = models.PositiveIntegerField(_("area (m²)"), null=True, blank=True)
    lighted = models.BooleanField(_("lighting"), null=True, blank=True)
    usual_people = models.PositiveIntegerField(
        _("people at a usual activity"), null=True, blank=True
    )
    sports = models.ManyToManyField(Sport, verbose_name=_("sports"), blank=True)
    token = models.CharField(
        _("public address"), max_length=12, unique=True, default=new_token, editable=False
    )

    objects = StationQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        ordering = ["area_code", "id"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.CheckConstraint(
                name="station_place_whole",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__isnull=False, latitude__isnull=False),
                violation_error_message=_("Give both longitude and latitude, or neither."),
            ),
        ]
        # What lies near a point is looked for in a box around it.
        indexes = [models.Index(fields=["latitude", "longitude"], name="station_by_point")]

    def __str__(self) -> str:
        return self.name


class StationPlace(AreaRow, LastingRow):
    """To which village a station belonged, from a day to a day: the rows that figures count.

    A station in force has one place in force; ending the station ends it.
    """

    station = models.ForeignKey(
        Station, verbose_name=_("station"), on_delete=models.CASCADE, related_name="places"
    )

    objects = ScopedLastingQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("station's place")
        verbose_name_plural = _("stations' places")
        ordering = ["area_code", "id"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.UniqueConstraint(
                name="one_place_each_station",
                fields=["station"],
                condition=Q(ended_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station} · {self.area_code}"


class OpeningHours(AreaRow, LastingRow):
    """When a station is open on some weekdays; ``guided`` while an instructor teaches there.

    Guided hours may lie inside the open ones. A station without any is one whose hours nobody
    has written down yet.
    """

    station = models.ForeignKey(
        Station, verbose_name=_("station"), on_delete=models.CASCADE, related_name="opening_hours"
    )
    # ISO weekdays, "135" is Monday, Wednesday and Friday.
    weekdays = models.CharField(_("weekdays"), max_length=7)
    opens_at = models.TimeField(_("from"))
    closes_at = models.TimeField(_("to"))
    guided = models.BooleanField(_("with guidance"), default=False)

    objects = OpeningHoursQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["opens_at", "id"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.CheckConstraint(
                name="opening_hours_forward",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("It cannot close before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opens_at:%H:%M}-{self.closes_at:%H:%M}"

    @property
    def minutes_a_week(self) -> int:
        opens, closes = (60 * at.hour + at.minute for at in (self.opens_at, self.closes_at))
        return len(self.weekdays) * (closes - opens)


class StationRole(models.TextChoices):
    RESPONSIBLE = "responsible", _("person responsible")
    INSTRUCTOR = "instructor", _("instructor posted")


class StationPost(AreaRow, LastingRow):
    """Who is responsible for a station, and which instructors are posted there."""

    station = models.ForeignKey(
        Station, verbose_name=_("station"), on_delete=models.PROTECT, related_name="posts"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="station_posts"
    )
    station_role = models.CharField(_("post"), max_length=12, choices=StationRole.choices)

    objects = StationPostQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("station post")
        verbose_name_plural = _("station posts")
        ordering = ["station", "station_role", "-started_on"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.UniqueConstraint(
                name="one_responsible_each_station",
                fields=["station"],
                condition=Q(ended_on__isnull=True, station_role="responsible"),
                violation_error_message=_("This station has a person responsible already."),
            ),
            models.UniqueConstraint(
                name="one_open_station_post_each",
                fields=["station", "person", "station_role"],
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("This person holds this post already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_station_role_display()}"


class StationPhoto(AreaRow):
    """A picture of a station; never required. Removed, its file is gone and the row says when."""

    station = models.ForeignKey(
        Station, verbose_name=_("station"), on_delete=models.CASCADE, related_name="photos"
    )
    picture = models.ImageField(_("photo"), upload_to="stations/%Y/", blank=True)
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("station photo")
        verbose_name_plural = _("station photos")
        ordering = ["station", "-added_at"]

    def __str__(self) -> str:
        return f"{self.station} {self.added_at:%Y-%m-%d}"


class Equipment(AreaRow, LastingRow):
    """A piece of equipment (or several alike) of a station, and how long it is meant to last."""

    station = models.ForeignKey(
        Station, verbose_name=_("station"), on_delete=models.PROTECT, related_name="equipment"
    )
    name = models.CharField(_("name"), max_length=60)
    quantity = models.PositiveSmallIntegerField(
        _("quantity"), default=1, validators=[MinValueValidator(1)]
    )
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    life_years = models.PositiveSmallIntegerField(
        _("service life (years)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )

    objects = StationBookQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        ordering = ["station", "id"]

    def __str__(self) -> str:
        return self.name


class Inspection(AreaRow):
    """A look at a station: in order, or with faults (each a ``Repair``)."""

    station = models.ForeignKey(
        Station, verbose_name=_("station"), on_delete=models.PROTECT, related_name="inspections"
    )
    inspected_on = models.DateField(_("inspected on"))
    in_order = models.BooleanField(_("everything in order"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    inspected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("inspected by"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-inspected_on", "-id"]

    def __str__(self) -> str:
        return f"{self.station} {self.inspected_on}"


class RepairState(models.TextChoices):
    REPORTED = "reported", _("reported")
    ACCEPTED = "accepted", _("being repaired")
    DONE = "done", _("repaired")
    REJECTED = "rejected", _("nothing to repair")


OPEN = (RepairState.REPORTED, RepairState.ACCEPTED)


class Repair(AreaRow):
    """A fault, until when it is to be repaired, by whom, and what became of it."""

    station = models.ForeignKey(
        Station, verbose_name=_("station"), on_delete=models.PROTECT, related_name="repairs"
    )
    equipment = models.ForeignKey(
        Equipment,
        verbose_name=_("equipment"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="repairs",
    )
    inspection = models.ForeignKey(
        Inspection,
        verbose_name=_("inspection"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="repairs",
    )
    description = models.CharField(_("fault"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=RepairState.choices, default=RepairState.REPORTED
    )
    reported_at = models.DateTimeField(_("reported at"), default=timezone.now)
    # Empty: somebody who read the code at the station.
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reported by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    due_on = models.DateField(_("due on"))
    # Who sees to it; the person responsible for the station unless said otherwise.
    holder = models.ForeignKey(
        Person,
        verbose_name=_("in whose hands"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="repairs",
    )
    done_on = models.DateField(_("closed on"), null=True, blank=True)
    outcome = models.CharField(_("what was done"), max_length=200, blank=True)

    objects = RepairQuerySet.as_manager()

    class Meta:
        verbose_name = _("repair")
        verbose_name_plural = _("repairs")
        ordering = ["-reported_at", "-id"]
        indexes = [models.Index(fields=["state", "due_on"], name="repair_by_state")]
        constraints = [
            models.CheckConstraint(
                name="repair_closed_on_a_day",
                condition=Q(state__in=["done", "rejected"], done_on__isnull=False)
                | Q(state__in=["reported", "accepted"], done_on__isnull=True),
                violation_error_message=_("What is closed has a day on which it was closed."),
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
