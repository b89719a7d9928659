"""Sports organisations (体育组织) and who holds office in them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from grids import querysets
from grids.models.areas import Sport
from jiaozuo_grid.area import AreaRow, Level
from jiaozuo_grid.lasting import LastingRow


class OrganisationKind(models.TextChoices):
    FEDERATION = "federation", _("sports federation")
    ASSOCIATION = "association", _("single-sport association")
    CLUB = "club", _("sports club")
    VILLAGE = "village", _("village fitness organisation")


# The levels at which each kind stands.
KIND_LEVELS: dict[str, tuple[int, ...]] = {
    OrganisationKind.FEDERATION: (Level.CITY, Level.COUNTY, Level.TOWNSHIP),
    OrganisationKind.ASSOCIATION: (Level.CITY, Level.COUNTY, Level.TOWNSHIP),
    OrganisationKind.CLUB: (Level.CITY, Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE),
    OrganisationKind.VILLAGE: (Level.VILLAGE,),
}


class Organisation(AreaRow, LastingRow):
    """A 体育总会, 单项协会, club or village fitness organisation, at the area that it serves."""

    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=OrganisationKind.choices)
    sport = models.ForeignKey(
        Sport, verbose_name=_("sport"), on_delete=models.PROTECT, null=True, blank=True
    )
    registration_number = models.CharField(
        _("registration number"),
        max_length=40,
        blank=True,
        help_text=_("Of the civil affairs office (统一社会信用代码), where registered."),
    )
    members_count = models.PositiveIntegerField(_("members"), null=True, blank=True)
    address = models.CharField(_("address"), max_length=80, blank=True)

    objects = querysets.OrganisationQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["area_code", "id"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.UniqueConstraint(
                name="one_organisation_per_name",
                fields=["area_code", "name"],
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("There is an organisation of this name here already."),
            ),
            models.UniqueConstraint(
                name="one_federation_per_area",
                fields=["area_code"],
                condition=Q(ended_on__isnull=True, kind="federation"),
                violation_error_message=_("This area has a sports federation already."),
            ),
            models.CheckConstraint(
                name="association_has_sport",
                condition=~Q(kind="association") | Q(sport__isnull=False),
                violation_error_message=_("Name the sport of a single-sport association."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Title(models.TextChoices):
    PRESIDENT = "president", _("president")
    VICE_PRESIDENT = "vice_president", _("vice-president")
    SECRETARY = "secretary", _("secretary-general")
    OFFICER = "officer", _("officer")


class Officer(AreaRow, LastingRow):
    """A person's office in an organisation; ``term_ends_on`` is when it is due for election."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="officers",
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="offices"
    )
    title = models.CharField(
        _("title"), max_length=15, choices=Title.choices, default=Title.OFFICER
    )
    term_ends_on = models.DateField(_("term ends on"), null=True, blank=True)

    objects = querysets.OfficerQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("office in an organisation")
        verbose_name_plural = _("offices in organisations")
        ordering = ["organisation", "title", "-started_on"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.UniqueConstraint(
                name="one_open_office_each",
                fields=["organisation", "person", "title"],
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("This person holds this office already."),
            ),
            models.UniqueConstraint(
                name="one_president_each",
                fields=["organisation"],
                condition=Q(ended_on__isnull=True, title="president"),
                violation_error_message=_("This organisation has a president already."),
            ),
            models.CheckConstraint(
                name="term_ends_after_start",
                condition=Q(term_ends_on__isnull=True) | Q(term_ends_on__gte=F("started_on")),
                violation_error_message=_("The term cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_title_display()}"
