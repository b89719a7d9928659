"""Social sports instructors: so far who they are and at which level."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.lasting import LastingRow
from jiaozuo_grid.reach import ScopedLastingQuerySet


class InstructorLevel(models.IntegerChoices):
    """The four levels of 《社会体育指导员技术等级标准》 (2011)."""

    THIRD = 3, _("third grade")
    SECOND = 2, _("second grade")
    FIRST = 1, _("first grade")
    NATIONAL = 0, _("national grade")


class Instructor(AreaRow, LastingRow):
    """A social sports instructor (社会体育指导员), at the area where they serve."""

    person = models.OneToOneField(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="instructor"
    )
    instructor_level = models.PositiveSmallIntegerField(
        _("level"), choices=InstructorLevel.choices, default=InstructorLevel.THIRD
    )

    objects = ScopedLastingQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("instructor")
        verbose_name_plural = _("instructors")
        ordering = ["area_code", "id"]

    def __str__(self) -> str:
        return self.person.name
