"""Doing one thing to many rows of a list: all of them, or none.

A page declares ``bulk_actions``. The user marks rows, or takes all rows of the filters; a page
says how many and which; then the action's function changes them in one transaction. Many rows are
a background job, which finds the function through the page that declares it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiaozuo_grid.jobs import Job, start_job, works_as
from jiaozuo_grid.pages.address import Address
from jiaozuo_grid.pages.columns import Head, table_of
from jiaozuo_grid.pages.forms import add_errors
from jiaozuo_grid.pages.parts import ListPart
from jiaozuo_grid.reach import Actor, OutOfReach, reach_of, right

MOST_ROWS = 5000
# More rows than this are changed in the background.
AT_ONCE = 200
NAMED = 20
KIND = "bulk"
_PREFIX = "with"
_PIECE = 500
# Beyond what a database's integers hold.
_NO_KEY = 2**63


@dataclass(frozen=True)
class BulkAction:
    """Something to do to many rows.

    ``right`` must hold at each row's area. ``run(actor, rows, data)`` changes the rows, given in
    the order of the list, with the form's cleaned data; it raises ``ValidationError`` (naming the
    row) or ``OutOfReach``, and then nothing is changed. It calls the app's own actions.
    """

    key: str
    label: str | Promise
    right: str
    run: Callable[[Actor, Sequence[Any], dict[str, Any]], Any]
    form_class: type[forms.Form] | None = None
    danger: bool = False

    def form(self, data: Any = None) -> forms.Form:
        return (self.form_class or forms.Form)(data, prefix=_PREFIX)


_background: Callable[[], AbstractContextManager[Any]] = nullcontext


def provide_background(context: Callable[[], AbstractContextManager[Any]]) -> None:
    """Register what surrounds a bulk change in the background (the trail's "by way of")."""
    global _background
    _background = context


class WithBulk(ListPart):
    """The part of a list that changes many rows; declare ``bulk_actions`` to turn it on."""

    bulk_actions: ClassVar[tuple[BulkAction, ...]] = ()

    def offered(self) -> list[BulkAction]:
        """The actions that the user may do anywhere at all."""
        reach = reach_of(self.request.user)
        return [action for action in self.bulk_actions if reach.allows(action.right)]

    def bulk(self, address: Address, filtered: QuerySet[Any]) -> HttpResponse:
        """Ask for a confirmation, or do it; the rows stand in the form, so that no others are."""
        posted = self.request.POST
        action = self._action(posted.get("bulk", ""))
        back = self.request.path + address.url()
        try:
            confirmed = "rows" in posted
            rows = self.marked(action, filtered)
        except ValidationError as error:
            for text in error.messages:
                messages.error(self.request, text)
            return HttpResponseRedirect(back)
        except OutOfReach as error:
            messages.error(self.request, str(error))
            return HttpResponseRedirect(back)
        form = action.form(posted if confirmed else None)
        if confirmed and form.is_valid():
            try:
                return self._do(action, rows, form, back)
            except (ValidationError, OutOfReach) as error:
                add_errors(form, error)
        return self._confirm(action, rows, form, address, back)

    def _action(self, key: str) -> BulkAction:
        action = next((action for action in self.bulk_actions if action.key == key), None)
        if action is None:
            raise Http404
        if not reach_of(self.request.user).allows(action.right):
            raise PermissionDenied
        return action

    def marked(self, action: BulkAction, filtered: QuerySet[Any]) -> list[Any]:
        """The rows of the form, or all of the filters; raises where one may not be changed."""
        posted = self.request.POST
        if "rows" in posted:
            keys: list[Any] = posted["rows"].split(",")
        elif posted.get("all"):
            keys = list(filtered.values_list("pk", flat=True)[: MOST_ROWS + 1])
        else:
            keys = posted.getlist("row")
        if not any(keys):
            raise ValidationError(_("Mark the rows first."))
        if len(keys) > MOST_ROWS:
            raise ValidationError(
                _("More than %(most)s rows fit these filters. Narrow them, or mark rows.")
                % {"most": MOST_ROWS}
            )
        return self.reachable(action, keys)

    def reachable(self, action: BulkAction, keys: Sequence[Any]) -> list[Any]:
        """The rows with these keys; ``OutOfReach`` for all where one is not there or not theirs."""
        actor = self.request.user
        visible = self.rows()
        wanted = _keys(visible, keys)
        found: dict[Any, Any] = {}
        for start in range(0, len(wanted), _PIECE):
            found |= {row.pk: row for row in visible.filter(pk__in=wanted[start : start + _PIECE])}
        rows = [found[key] for key in wanted if key in found]
        reach = reach_of(actor)
        allowed = all(reach.allows(action.right, row.area_code) for row in rows)
        if len(rows) < len(wanted) or not allowed or not _editable(action, actor, visible, wanted):
            raise _refusal()
        return rows

    def _do(self, action: BulkAction, rows: list[Any], form: forms.Form, back: str) -> HttpResponse:
        actor = self.request.user
        if len(rows) > AT_ONCE:
            posted = {name: self.request.POST.getlist(name) for name in self.request.POST}
            job = start_job(
                KIND,
                actor,
                key=f"{KIND}:{actor.pk}:{self.url_name}:{action.key}",
                page=self.url_name,
                action=action.key,
                query=self.request.GET.urlencode(),
                keys=[str(row.pk) for row in rows],
                data={name: values for name, values in posted.items() if _of_form(name)},
            )
            return redirect(job)
        with transaction.atomic():
            action.run(actor, rows, form.cleaned_data)
        messages.success(self.request, done(action, len(rows)))
        return HttpResponseRedirect(back)

    def _confirm(
        self, action: BulkAction, rows: list[Any], form: forms.Form, address: Address, back: str
    ) -> HttpResponse:
        named = rows[:NAMED]
        self.dress(named)
        context = {
            "action": action,
            "form": form,
            "heading": action.label,
            "crumbs": (),
            "back": back,
            "count": len(rows),
            "more": len(rows) - len(named),
            "keys": ",".join(str(row.pk) for row in rows),
            "in_background": len(rows) > AT_ONCE,
            "table": table_of([Head(column) for column in address.usual], named),
        }
        status = 422 if form.is_bound else 200
        return render(self.request, "list_bulk.html", context, status=status)


def _keys(rows: QuerySet[Any], asked: Sequence[Any]) -> list[Any]:
    """The keys as the database holds them, each once; refused where one cannot be a key at all."""
    field: Any = rows.model._meta.pk
    try:
        keys = list(dict.fromkeys(field.to_python(key) for key in asked))
    except ValidationError:
        raise _refusal() from None
    if any(isinstance(key, int) and abs(key) >= _NO_KEY for key in keys):
        raise _refusal()
    return keys


def _refusal() -> OutOfReach:
    return OutOfReach(
        _("Some of these rows are no longer there, or not yours to change. Nothing was changed.")
    )


def _of_form(name: str) -> bool:
    return name.startswith(f"{_PREFIX}-")


def _editable(action: BulkAction, actor: Actor, rows: QuerySet[Any], keys: list[Any]) -> bool:
    """Whether all rows pass the model's own question of who may change them, where it has one."""
    manager: Any = rows.model._default_manager
    if action.right != right("change", rows.model) or not hasattr(manager, "editable_by"):
        return True
    editable = manager.editable_by(actor)
    return all(
        editable.filter(pk__in=keys[start : start + _PIECE]).count()
        == len(keys[start : start + _PIECE])
        for start in range(0, len(keys), _PIECE)
    )


def done(action: BulkAction, count: int) -> str:
    return ngettext("%(action)s: %(count)d row.", "%(action)s: %(count)d rows.", count) % {
        "action": action.label,
        "count": count,
    }


class _Watched(list[Any]):
    """Rows that say how far one has come through them."""

    def __init__(self, rows: Sequence[Any], job: Job) -> None:
        super().__init__(rows)
        self.job = job

    def __iter__(self) -> Iterator[Any]:
        for number, row in enumerate(super().__iter__()):
            self.job.report(number, len(self))
            yield row


def page_called(url_name: str) -> Any:
    """The list at a URL's name, whichever app it belongs to."""
    view: Any = resolve(reverse(url_name)).func
    return view.view_class


@works_as(
    KIND, label=gettext_lazy("Change many rows"), result_template="jiaozuo_grid/_job_bulk.html"
)
def work(job: Job) -> dict[str, Any]:
    """Do a bulk action as the job's owner, with the rights that they have by now."""
    asked = job.params
    request: Any = HttpRequest()
    request.user = job.owner
    request.GET = QueryDict(asked["query"])
    page = page_called(asked["page"])()
    page.setup(request)
    action = page._action(asked["action"])
    data = QueryDict(mutable=True)
    for name, values in asked["data"].items():
        data.setlist(name, values)
    form = action.form(data)
    if not form.is_valid():
        raise ValidationError([text for texts in form.errors.values() for text in texts])
    rows = page.reachable(action, asked["keys"])
    with _background():
        action.run(job.owner, _Watched(rows, job), form.cleaned_data)
    return {"done": done(action, len(rows)), "page": asked["page"]}
