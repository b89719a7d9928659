"""A list as someone likes to see it, under a name of their own."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """The filters, order and columns of one list; its owner's alone, and nobody's authority.

    It holds an address and no rows: what it shows is what the owner may see on the day they look.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.CASCADE,
        related_name="saved_views",
    )
    # The name of the page's URL.
    page = models.CharField(_("page"), max_length=50)
    name = models.CharField(_("name"), max_length=30)
    # Filters and order, as a query string.
    query = models.TextField(_("filters and order"), blank=True)
    # Their names, with commas between; empty for the usual ones.
    columns = models.CharField(_("columns"), max_length=500, blank=True)
    opens = models.BooleanField(_("opens with the list"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["page", "name"]
        constraints = [
            models.UniqueConstraint(name="saved_view_by_name", fields=["owner", "page", "name"]),
            models.UniqueConstraint(
                name="one_view_opens_a_list", fields=["owner", "page"], condition=Q(opens=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """The address within its page."""
        columns = urlencode({"columns": self.columns}) if self.columns else ""
        own = urlencode({"view": self.pk})
        return "?" + "&".join(part for part in (self.query, columns, own) if part)
