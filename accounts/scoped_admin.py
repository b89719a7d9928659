"""What every page of the administration has in common: it shows and takes what reach allows."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.admin import ShowFacets
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

from accounts.models import AuditEntry
from accounts.trail import lines
from jiaozuo_grid.admin_paging import Uncounted, UncountedList
from jiaozuo_grid.area import within_q
from jiaozuo_grid.pages import add_errors
from jiaozuo_grid.reach import OutOfReach, Reach, reach_of

# Latest entries of a row's history; the whole trail has its own page.
HISTORY = 100


class ScopedForm(forms.ModelForm):
    """A form that leaves what must be unique to the action, which asks for the right first.

    Asked here, "this grid has a leader already" would tell about rows outside the writer's area.
    """

    refusal: ClassVar[ValidationError | OutOfReach | None] = None

    def validate_unique(self) -> None:
        pass

    def _post_clean(self) -> None:
        row: Any = self.instance
        row.validate_constraints = lambda exclude=None: None
        try:
            super()._post_clean()  # type: ignore[misc]
        finally:
            del row.validate_constraints

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is not None:
            add_errors(self, self.refusal)
        return cleaned


class ScopedModelAdmin(ModelAdmin):
    """Shows the rows that the user's appointments reach. Nothing is deleted here, ever.

    ``right_of`` names the model whose rights hold, when it is not the model's own; ``area_path``
    is the way to the area code, None for what is common to everyone who may see any of it.
    Read-only unless a subclass says ``may_add`` or ``may_edit`` and knows how to ``write``.
    """

    right_of: ClassVar[str] = ""
    area_path: ClassVar[str | None] = "area_code"
    may_add: ClassVar[bool] = False
    may_edit: ClassVar[bool] = False

    form = ScopedForm
    actions = None
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    paginator = Uncounted
    view_on_site: Any = False
    save_as = False
    sortable_by: Any = ()

    # --- which rows ---

    def allows(self, request: HttpRequest, verb: str, area_code: str | None = None) -> bool:
        return reach_of(request.user).allows(self.right(verb), area_code)

    def right(self, verb: str) -> str:
        return f"{verb} {self.right_of or self.opts.label_lower}"

    def rows_for(self, user: Any, reach: Reach) -> models.QuerySet[Any]:
        """The rows that the user sees; lists, forms, history and autocompletion all ask here."""
        manager = self.model._default_manager
        if hasattr(manager, "visible_to"):
            return manager.visible_to(user)
        if self.area_path is None:
            return manager.all() if reach.allows(self.right("view")) else manager.none()
        return manager.filter(within_q(reach.ground_of(self.right("view")), self.area_path))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = self.rows_for(request.user, reach_of(request.user))
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.allows(request, "view")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Which rows: ``get_queryset`` says, before anyone asks this."""
        return self.allows(request, "view")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_add and self.allows(request, "change")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not (self.may_edit and self.allows(request, "change")):
            return False
        return obj is None or self.is_editable(request, obj)

    def is_editable(self, request: HttpRequest, obj: Any) -> bool:
        """Whether the user may change this very row."""
        manager = self.model._default_manager
        if not hasattr(manager, "editable_by"):
            return True
        editable = manager.editable_by(request.user)
        return editable.filter(pk=obj.pk).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """End it, don't delete it: figures of the past stand on these rows."""
        return False

    def get_urls(self) -> list[Any]:
        urls: list[Any] = super().get_urls()
        return [url for url in urls if not str(url.name or "").endswith("_delete")]

    # --- lists ---

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[UncountedList]:
        return UncountedList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if any("\0" in value for values in request.GET.lists() for value in values[1]):
            raise BadRequest("no text of ours holds a NUL character")
        return super().changelist_view(request, extra_context)

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Only the filters on offer: any other lookup could ask a hidden field letter by letter."""
        if request is None:
            return False
        offered = [
            f[0] if isinstance(f, tuple | list) else f for f in self.get_list_filter(request)
        ]
        names = [getattr(f, "parameter_name", None) or str(f) for f in offered]
        return any(lookup == name or lookup.startswith(f"{name}_") for name in names)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    # --- forms ---

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """The choices are rows that the user sees, whatever widget offers them."""
        if "queryset" not in kwargs:
            try:
                related = self.admin_site.get_model_admin(db_field.remote_field.model)
            except NotRegistered:
                kwargs["queryset"] = db_field.remote_field.model._default_manager.none()
            else:
                kwargs["queryset"] = related.get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return type(form)(form.__name__, (form,), {"refusal": refusal}) if refusal else form

    def changeform_view(
        self, request: Any, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """What the action refuses is shown at the form; its transaction is rolled back."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (ValidationError, OutOfReach) as refusal:
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _get_obj_does_not_exist_redirect(self, request: Any, opts: Any, object_id: str) -> Any:
        raise Http404

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        written = self.write(request, obj, form, change)
        obj.pk = written.pk
        obj.refresh_from_db()

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Any:
        """Do it by an action; raises ``ValidationError`` or ``OutOfReach``. Returns the row."""
        raise PermissionDenied

    # --- the trail is ours (accounts.audit), written by the action: Django's log stays empty ---

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        return None

    def log_deletions(self, request: Any, queryset: Any) -> Any:
        return None

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        entries = AuditEntry.objects.filter(model=self.opts.label_lower, object_id=str(row.pk))
        if self.area_path is not None:
            # What happened while the row stood outside the reader's area is not for them.
            codes = reach_of(request.user).ground_of(self.right("view"))
            entries = entries.filter(within_q(codes))
        context = {
            **self.admin_site.each_context(request),
            "title": str(row),
            "original": row,
            "opts": self.opts,
            "lines": lines(entries.select_related("actor__person")[:HISTORY], request.user),
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)
