"""Saved views: the present filters, order and columns of a list under a name, for their owner."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiaozuo_grid.pages.address import Address
from jiaozuo_grid.pages.parts import ListPart
from jiaozuo_grid.saved_views import SavedView

# So that the tabs stay a row that one can read.
MOST_VIEWS = 20
_QUERY_LENGTH = 2000


class ViewForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the view"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    opens = forms.BooleanField(label=gettext_lazy("Open this list with this view"), required=False)


class WithViews(ListPart):
    """The part of a list that keeps views; ``saved_views = True`` turns it on (one query)."""

    saved_views: ClassVar[bool] = False

    def own_views(self) -> list[SavedView]:
        if not self.saved_views:
            return []
        mine = SavedView.objects.filter(owner=self.request.user.pk, page=self.url_name)
        return list(mine.order_by("name")[:MOST_VIEWS])

    def views_context(self, address: Address, views: list[SavedView]) -> dict[str, Any]:
        opened = next((view for view in views if view.pk == address.view), None)
        opens = any(view.opens for view in views)
        return {
            "keeps_views": self.saved_views,
            "views": views,
            "view": opened,
            "view_changed": opened is not None and not _same(opened, address),
            # Without a parameter, the view that opens the list would come again.
            "reset_url": "?view=" if opens else self.request.path,
        }

    def change_view(self, address: Address) -> HttpResponse:
        """Save, update or delete; what was wrong stands as a message above the same list."""
        try:
            return self._change_view(address)
        except ValidationError as error:
            said = error.messages
        except IntegrityError:
            # Sent twice at once: the other one was first.
            said = [_("You have a view with this name.")]
        for text in said:
            messages.error(self.request, text)
        return HttpResponseRedirect(self.request.path + address.url())

    def _change_view(self, address: Address) -> HttpResponse:
        wanted = self.request.POST.get("views", "")
        if wanted == "save":
            view = self._save(address)
            messages.success(self.request, _("The view “%(name)s” is saved.") % {"name": view})
            return HttpResponseRedirect(self.request.path + view.url)
        view = self._own_view(self.request.POST.get("id", ""))
        if wanted in ("update", "opens"):
            if wanted == "update":
                self._fill(view, address)
            else:
                view.opens = not view.opens
            self._keep(view)
            messages.success(self.request, _("The view “%(name)s” is updated.") % {"name": view})
            return HttpResponseRedirect(self.request.path + view.url)
        if wanted != "delete":
            raise Http404
        view.delete()
        messages.success(self.request, _("The view “%(name)s” is deleted.") % {"name": view})
        return HttpResponseRedirect(
            f"{self.request.path}?{urlencode([*address.pairs, ('view', '')])}"
        )

    def _own_view(self, key: str) -> SavedView:
        """The user's own view of this page; ``Http404`` for all others, there or not."""
        if not (key.isascii() and key.isdigit() and len(key) < 10):
            raise Http404
        mine = SavedView.objects.filter(owner=self.request.user.pk, page=self.url_name)
        view = mine.filter(pk=int(key)).first()
        if view is None:
            raise Http404
        return view

    def _save(self, address: Address) -> SavedView:
        form = ViewForm(self.request.POST)
        if not form.is_valid():
            raise ValidationError(
                [
                    f"{form.fields[name].label}: {text}"
                    for name in form.errors
                    for text in form.errors[name]
                ]
            )
        mine = SavedView.objects.filter(owner=self.request.user.pk, page=self.url_name)
        if len(mine[:MOST_VIEWS]) >= MOST_VIEWS:
            raise ValidationError(
                _("You keep %(most)s views of this list. Delete one first.") % {"most": MOST_VIEWS}
            )
        owner: Any = self.request.user
        view = SavedView(owner=owner, page=self.url_name, **form.cleaned_data)
        self._fill(view, address)
        self._keep(view)
        return view

    def _fill(self, view: SavedView, address: Address) -> None:
        """Put into the view what the page understands of its address, and nothing else."""
        if not address.form.is_valid():
            raise ValidationError(_("A filter is not understood. Correct it, then save the view."))
        view.query = _query(address)
        view.columns = address.chosen_names
        if len(view.query) > _QUERY_LENGTH:
            raise ValidationError(_("These filters are too long to be kept as a view."))

    @transaction.atomic
    def _keep(self, view: SavedView) -> None:
        """One name once, and one view at most that opens the list."""
        others = SavedView.objects.filter(owner=view.owner_id, page=view.page).exclude(pk=view.pk)
        if others.filter(name=view.name).exists():
            raise ValidationError(
                _("You have a view called “%(name)s”. Choose another name, or update that one.")
                % {"name": view.name}
            )
        if view.opens:
            others.filter(opens=True).update(opens=False)
        view.full_clean()
        view.save()


def opening_url(request: HttpRequest, views: list[SavedView]) -> str:
    """Where a bare address leads on to: the view that opens the list, or ""."""
    if request.GET:
        return ""
    return next((view.url for view in views if view.opens), "")


def _query(address: Address) -> str:
    return urlencode([pair for pair in address.pairs if pair[0] != "columns"])


def _same(view: SavedView, address: Address) -> bool:
    """Whether the address still is what the view says."""
    return QueryDict(view.query) == QueryDict(_query(address)) and (
        view.columns == address.chosen_names
    )
