"""Social sports instructors (社会体育指导员): certificates, registration, service, training."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from grids.models import Sport
from instructors.querysets import (
    CertificateQuerySet,
    InstructorQuerySet,
    PromotionQuerySet,
    ServiceQuerySet,
)
from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.lasting import LastingRow, today
from jiaozuo_grid.reach import ScopedLastingQuerySet, ScopedQuerySet


class InstructorLevel(models.IntegerChoices):
    """The levels of 《社会体育指导员技术等级标准》 (2011); the smaller, the higher."""

    THIRD = 3, _("third grade")
    SECOND = 2, _("second grade")
    FIRST = 1, _("first grade")
    NATIONAL = 0, _("national grade")


class Instructor(AreaRow, LastingRow):
    """Someone who is a social sports instructor; ``area_code`` is where they serve today.

    ``instructor_level`` is the highest level of their certificates in force, kept by the actions
    that grant and revoke certificates so that lists can be narrowed by it. It is empty for a
    candidate in training: they stand in the books, but at no place, and so in no figure. Where
    they served on an earlier day is told by ``InstructorPlace``.
    """

    person = models.OneToOneField(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="instructor"
    )
    instructor_level = models.PositiveSmallIntegerField(
        _("level"), choices=InstructorLevel.choices, null=True, blank=True
    )
    sports = models.ManyToManyField(Sport, verbose_name=_("sports"), blank=True)

    objects = InstructorQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("instructor")
        verbose_name_plural = _("instructors")
        ordering = ["area_code", "id"]

    def __str__(self) -> str:
        return self.person.name

    @property
    def next_level(self) -> int | None:
        """The level that a promotion leads to; None for who holds the highest."""
        if self.instructor_level is None:
            return InstructorLevel.THIRD.value
        return self.instructor_level - 1 if self.instructor_level else None

    @property
    def level_name(self) -> str:
        """The level in words, also of who holds none."""
        if self.instructor_level is None:
            return str(_("no grade yet"))
        return str(self.get_instructor_level_display())


class InstructorPlace(AreaRow, LastingRow):
    """Where an instructor served, from a day to a day: the rows that figures count.

    An instructor in force has one place in force; ending the instructor ends it.
    """

    instructor = models.ForeignKey(
        Instructor, verbose_name=_("instructor"), on_delete=models.CASCADE, related_name="places"
    )

    objects = ScopedLastingQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("instructor's place")
        verbose_name_plural = _("instructors' places")
        ordering = ["area_code", "id"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.UniqueConstraint(
                name="one_place_each_instructor",
                fields=["instructor"],
                condition=Q(ended_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instructor} · {self.area_code}"


class Certificate(AreaRow):
    """A certificate of a level (技术等级证书). Never deleted: it is revoked."""

    instructor = models.ForeignKey(
        Instructor,
        verbose_name=_("instructor"),
        on_delete=models.PROTECT,
        related_name="certificates",
    )
    instructor_level = models.PositiveSmallIntegerField(_("level"), choices=InstructorLevel.choices)
    number = models.CharField(
        _("certificate number"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("This certificate number is used already.")},
    )
    granted_on = models.DateField(_("granted on"))
    granted_by = models.CharField(_("granted by"), max_length=60, blank=True)
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["instructor", "granted_on"]
        constraints = [
            models.CheckConstraint(
                name="certificate_revoked_after_grant",
                condition=Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("granted_on")),
                violation_error_message=_("It cannot be revoked before it was granted."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Registration(AreaRow):
    """A year of 工作注册, with the sports department where the service is done."""

    instructor = models.ForeignKey(
        Instructor,
        verbose_name=_("instructor"),
        on_delete=models.PROTECT,
        related_name="registrations",
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1994), MaxValueValidator(2100)]
    )
    registered_on = models.DateField(_("registered on"), default=today)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["instructor", "-year"]
        constraints = [
            models.UniqueConstraint(
                name="one_registration_a_year",
                fields=["instructor", "year"],
                violation_error_message=_("This instructor is registered for this year already."),
            ),
        ]
        indexes = [models.Index(fields=["year", "instructor"], name="registration_by_year")]

    def __str__(self) -> str:
        return f"{self.instructor} {self.year}"


class ServiceKind(models.TextChoices):
    GUIDANCE = "guidance", _("guidance")
    LECTURE = "lecture", _("lecture")
    VISIT = "visit", _("home visit")
    EVENT = "event", _("event")
    OTHER = "other", _("other service")


class Service(AreaRow):
    """A service entered with its evidence; sessions that were logged count by themselves.

    Never deleted: a mistake is withdrawn.
    """

    instructor = models.ForeignKey(
        Instructor, verbose_name=_("instructor"), on_delete=models.PROTECT, related_name="services"
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=ServiceKind.choices, default=ServiceKind.GUIDANCE
    )
    held_on = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(24 * 60)]
    )
    note = models.CharField(_("what was done"), max_length=200)
    evidence = models.CharField(
        _("evidence"),
        max_length=200,
        help_text=_("What shows it: a notice, a list of participants, who confirms it."),
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["instructor", "held_on"], name="service_by_day")]

    def __str__(self) -> str:
        return f"{self.instructor} {self.held_on}"


class Course(AreaRow):
    """A training course, for a level or as continuing education."""

    name = models.CharField(_("name"), max_length=80)
    instructor_level = models.PositiveSmallIntegerField(
        _("for the level"), choices=InstructorLevel.choices, null=True, blank=True
    )
    organiser = models.CharField(_("organiser"), max_length=60, blank=True)
    started_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"))
    hours = models.PositiveSmallIntegerField(_("hours"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("training course")
        verbose_name_plural = _("training courses")
        ordering = ["-started_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="course_ends_after_start",
                condition=Q(ended_on__gte=F("started_on")),
                violation_error_message=_("The end cannot be before the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Attendance(AreaRow):
    """An instructor's place in a course, and whether they passed (empty: not yet known)."""

    course = models.ForeignKey(
        Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="attendances"
    )
    instructor = models.ForeignKey(
        Instructor,
        verbose_name=_("instructor"),
        on_delete=models.PROTECT,
        related_name="attendances",
    )
    passed = models.BooleanField(_("passed"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["course", "instructor"]
        constraints = [
            models.UniqueConstraint(
                name="one_attendance_each",
                fields=["course", "instructor"],
                violation_error_message=_("This instructor is on the list already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} · {self.instructor}"


class PromotionState(models.TextChoices):
    NOMINATED = "nominated", _("nominated")
    VERIFIED = "verified", _("verified")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN_STATES = (PromotionState.NOMINATED.value, PromotionState.VERIFIED.value)


class Promotion(AreaRow):
    """The way to the next level: nominate → verify → approve, each by another hand."""

    instructor = models.ForeignKey(
        Instructor,
        verbose_name=_("instructor"),
        on_delete=models.PROTECT,
        related_name="promotions",
    )
    to_level = models.PositiveSmallIntegerField(_("to level"), choices=InstructorLevel.choices)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=PromotionState.choices,
        default=PromotionState.NOMINATED,
    )
    course = models.ForeignKey(
        Course, verbose_name=_("course"), on_delete=models.PROTECT, null=True, blank=True
    )
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("nominated by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    nominated_at = models.DateTimeField(_("nominated at"), default=timezone.now)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("verified by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    certificate = models.OneToOneField(
        Certificate,
        verbose_name=_("certificate"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="promotion",
    )

    objects = PromotionQuerySet.as_manager()

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ["-nominated_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_promotion_each",
                fields=["instructor"],
                condition=Q(state__in=OPEN_STATES),
                violation_error_message=_("A promotion of this instructor is under way already."),
            ),
        ]
        indexes = [models.Index(fields=["state", "area_code"], name="promotion_by_state")]

    def __str__(self) -> str:
        return f"{self.instructor} → {self.get_to_level_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
