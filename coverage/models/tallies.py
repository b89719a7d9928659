"""What the figures are made of: stale marks, spells, tallies. All derived, all rebuildable."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class StaleMark(models.Model):
    """Something at an area code changed and has not been folded into the tallies yet.

    Only ever inserted (by the transaction of the change) and deleted by id (by the fold that
    counted it). Not unique on purpose: merging a new mark into an existing one would lose the
    change when the fold deletes that one before the new transaction commits.
    """

    area_code = models.CharField(max_length=17, db_index=True)
    # The first of the month of a session; empty for what stands (a grid, an appointment …).
    month = models.DateField(null=True)
    # Who or what else it concerns, wherever that stands: "person 12" (jiaozuo_grid/listeners.py).
    about = models.CharField(max_length=40, default="")
    # The day of a session, and what made the change ("reorganised"; empty: its author), both for
    # the journal alone (coverage/journal/).
    day = models.DateField(null=True)
    cause = models.CharField(max_length=12, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("stale mark")
        verbose_name_plural = _("stale marks")

    def __str__(self) -> str:
        return f"{self.area_code} {self.month or ''}"


class Spell(models.Model):
    """A stretch of days on which something counts toward a standing measure at its own code.

    For example measure ``led_grids``: the days on which grid 410882001203005 existed and had a
    leader. ``amount`` is 1, or the number of people for measure ``population``. Days as in lasting
    rows: from ``started_on`` (included) to ``ended_on`` (excluded). ``subject`` tells apart what
    stands at one code, where that is needed to bring it up to date (an instructor); else it is 0.
    """

    measure = models.CharField(max_length=30)
    area_code = models.CharField(max_length=17)
    subject = models.BigIntegerField(default=0)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    amount = models.IntegerField(default=1)

    class Meta:
        verbose_name = _("spell")
        verbose_name_plural = _("spells")
        indexes = [
            models.Index(fields=["area_code", "measure", "started_on"], name="spell_area"),
        ]
        constraints = [
            models.CheckConstraint(
                name="spell_has_days",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("started_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.area_code} {self.started_on}"


class StockTally(models.Model):
    """A standing measure of a division, from ``day`` until the next row's day.

    ``total`` adds up the amounts of the spells in force from ``day`` on, ``spells`` counts them
    (0 spells of a measure such as population means "not known", not 0). One row per day on which
    either changes; the figure as of a day is the newest row not after it.
    """

    area_code = models.CharField(max_length=12)
    measure = models.CharField(max_length=30)
    day = models.DateField()
    total = models.BigIntegerField()
    spells = models.IntegerField()

    class Meta:
        verbose_name = _("stock tally")
        verbose_name_plural = _("stock tallies")
        constraints = [
            models.UniqueConstraint(name="one_stock_tally", fields=["area_code", "measure", "day"])
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.area_code} {self.day}"


class HobbyGridMonth(models.Model):
    """What hobby grids did in a month, and what their schedules said they would.

    The columns have the keys of the measures. Meetings are those that schedules said, of days
    before ``FoldState.days_until``. ``scheduled_hobby_grids`` had one, and of
    ``recorded_hobby_grids`` it is known of each whether it took place.
    """

    area_code = models.CharField(max_length=17)
    month = models.DateField()
    sessions = models.IntegerField(default=0)
    participants = models.BigIntegerField(default=0)
    minutes = models.BigIntegerField(default=0)
    participant_minutes = models.BigIntegerField(default=0)
    expected_meetings = models.IntegerField(default=0)
    kept_meetings = models.IntegerField(default=0)
    called_off_meetings = models.IntegerField(default=0)
    scheduled_hobby_grids = models.IntegerField(default=0)
    recorded_hobby_grids = models.IntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.area_code} {self.month:%Y-%m}"


class FlowTally(HobbyGridMonth):
    """What happened in a month at or below an area code, from the hobby grid up to the city."""

    class Meta:
        verbose_name = _("flow tally")
        verbose_name_plural = _("flow tallies")
        constraints = [
            models.UniqueConstraint(name="one_flow_tally", fields=["area_code", "month"])
        ]


class DatedTally(models.Model):
    """A monthly figure of what is held at areas of any level: lectures, events, home visits …

    ``total`` adds up what stands at or below the area code, ``own`` what stands at the code itself:
    a lecture of a township is one of its county, and of none of its villages.
    """

    area_code = models.CharField(max_length=17)
    month = models.DateField()
    measure = models.CharField(max_length=30)
    total = models.BigIntegerField()
    own = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("dated tally")
        verbose_name_plural = _("dated tallies")
        constraints = [
            models.UniqueConstraint(
                name="one_dated_tally", fields=["area_code", "month", "measure"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.area_code} {self.month:%Y-%m}"


class NearStation(models.Model):
    """A station within a kilometre of a village's known point, as the crow flies.

    Keys and codes as they were when this was found, without relations: what is gone must still be
    found here by the fold that hears of it.
    """

    village_code = models.CharField(max_length=12, db_index=True)
    station_key = models.BigIntegerField(db_index=True)
    station_code = models.CharField(max_length=17, db_index=True)
    metres = models.IntegerField()

    class Meta:
        verbose_name = _("station near a village")
        verbose_name_plural = _("stations near villages")
        constraints = [
            models.UniqueConstraint(name="one_near_station", fields=["village_code", "station_key"])
        ]

    def __str__(self) -> str:
        return f"{self.village_code} {self.station_key}: {self.metres} m"


class StockShift(models.Model):
    """What a standing measure of a division has more (or less) on today's map than as reported.

    As ``StockTally``, for what the area gained and lost by reorganisations: the restated figure is
    the tally plus the shift. Without reorganisations there are no rows.
    """

    area_code = models.CharField(max_length=12)
    measure = models.CharField(max_length=30)
    day = models.DateField()
    total = models.BigIntegerField()
    spells = models.IntegerField()

    class Meta:
        verbose_name = _("stock shift")
        verbose_name_plural = _("stock shifts")
        constraints = [
            models.UniqueConstraint(name="one_stock_shift", fields=["area_code", "measure", "day"])
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.area_code} {self.day}"


class FlowShift(HobbyGridMonth):
    """What a month of an area has more (or less) on today's map than as reported."""

    class Meta:
        verbose_name = _("flow shift")
        verbose_name_plural = _("flow shifts")
        constraints = [
            models.UniqueConstraint(name="one_flow_shift", fields=["area_code", "month"])
        ]


class DatedShift(models.Model):
    """What a dated figure of an area has more (or less) on today's map than as reported."""

    area_code = models.CharField(max_length=17)
    month = models.DateField()
    measure = models.CharField(max_length=30)
    total = models.BigIntegerField()

    class Meta:
        verbose_name = _("dated shift")
        verbose_name_plural = _("dated shifts")
        constraints = [
            models.UniqueConstraint(
                name="one_dated_shift", fields=["area_code", "month", "measure"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.area_code} {self.month:%Y-%m}"


class FoldState(models.Model):
    """The single row that whoever folds must lock, and when figures were last brought up."""

    folded_at = models.DateTimeField(null=True)
    # Meetings of days before this one are expected to have taken place (coverage/clock.py).
    days_until = models.DateField(null=True)
    # Of which map the shifts are (coverage/shifts.py), and whether rows at old codes changed since.
    map_state = models.CharField(max_length=40, default="0:0")
    shifts_stale = models.BooleanField(default=False)
    recounted_at = models.DateTimeField(null=True)
    # Drift found by the last nightly recount: a list of {table, area_code, …}; empty is right.
    drift = models.JSONField(default=list)

    class Meta:
        verbose_name = _("fold state")
        verbose_name_plural = _("fold states")

    def __str__(self) -> str:
        return str(self.folded_at)
