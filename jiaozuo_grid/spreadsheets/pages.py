"""The pages of spreadsheets: choose one, upload, look at what it would do, agree, undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiaozuo_grid.pages import Crumb, Needs, Slice
from jiaozuo_grid.reach import reach_of
from jiaozuo_grid.spreadsheets import work
from jiaozuo_grid.spreadsheets.exporting import FORMATS, sheet_export_response
from jiaozuo_grid.spreadsheets.files import MAX_BYTES, clean_name, kind_of, too_large
from jiaozuo_grid.spreadsheets.model import ImportState, SheetImport, remove_old
from jiaozuo_grid.spreadsheets.sheet import Sheet, sheet_called, sheets
from jiaozuo_grid.spreadsheets.templates import template
from jiaozuo_grid.spreadsheets.uploads import MARK

FAULTS_PER_PAGE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    """One file, of a kind that can be read."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        help_text=gettext_lazy("xlsx, xls, ods or csv; at most 20 MB and 100,000 rows."),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def __init__(self, *args: Any, cut_off: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if cut_off:
            # The upload was let go of before it was complete (uploads.py).
            self.fields["file"].error_messages["required"] = too_large().messages[0]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise too_large()
        kind_of(file, clean_name(file.name))
        file.seek(0)
        return file


@dataclass(frozen=True)
class Offer:
    """A sheet, and what the user may do with it."""

    sheet: Sheet
    may_import: bool
    may_export: bool


def _offer(user: Any, sheet: Sheet) -> Offer:
    reach = reach_of(user)
    return Offer(sheet, reach.allows(sheet.right), reach.allows(sheet.view_right))


def _own_imports(user: Any) -> Any:
    return SheetImport.objects.filter(owner=user).select_related("job")


class SheetsPage(Needs):
    """The sheets that the user may use, and their latest imports."""

    def get(self, request: HttpRequest) -> HttpResponse:
        offers = [_offer(request.user, sheet) for sheet in sheets()]
        offers = [one for one in offers if one.may_import or one.may_export]
        if not offers:
            raise PermissionDenied
        context = {"offers": offers, "imports": _own_imports(request.user)[:10]}
        return render(request, "jiaozuo_grid/sheets/index.html", context)


class AboutSheet(Needs):
    """A page about one sheet. Who may do nothing with it finds nothing."""

    needs_import: ClassVar[bool] = False
    needs_export: ClassVar[bool] = False
    offer: Offer

    def prepare(self) -> None:
        sheet = sheet_called(self.kwargs["key"])
        if sheet is None:
            raise Http404
        self.offer = _offer(self.request.user, sheet)
        may = self.offer.may_import or (self.offer.may_export and not self.needs_import)
        if not may or (self.needs_export and not self.offer.may_export):
            raise Http404

    @property
    def sheet(self) -> Sheet:
        return self.offer.sheet


class SheetPage(AboutSheet):
    """Template, upload, export, and what the user imported before."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self._page(UploadForm())

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        if not self.offer.may_import:
            raise PermissionDenied
        # Reading POST is what takes the upload in, and may cut it off.
        data, files = request.POST, request.FILES
        form = UploadForm(data, files, cut_off=getattr(request, MARK, False))
        if not form.is_valid():
            return self._page(form)
        one = store(request.user, self.sheet, form.cleaned_data["file"])
        return redirect(one)

    def _page(self, form: UploadForm) -> HttpResponse:
        context = {
            "offer": self.offer,
            "sheet": self.sheet,
            "form": form,
            "columns": self.sheet.bound_columns(),
            "imports": _own_imports(self.request.user).filter(sheet_key=self.sheet.key)[:20],
            "crumbs": _crumbs(self.sheet, last=True),
        }
        status = 422 if form.errors else 200
        return render(self.request, "jiaozuo_grid/sheets/sheet.html", context, status=status)


def store(user: Any, sheet: Sheet, file: Any) -> SheetImport:
    """Put an upload away under a name of our own and have it checked."""
    remove_old()
    name = clean_name(file.name)
    one = SheetImport(sheet_key=sheet.key, name=name, owner=user)
    extension = kind_of(file, name)
    file.seek(0)
    with transaction.atomic():
        one.upload.save(f"{uuid4()}.{extension}", file, save=False)
        one.save()
        work.start(work.CHECK, one, ImportState.CHECKING)
    return one


def _crumbs(sheet: Sheet, *, last: bool = False) -> list[Crumb]:
    return [
        Crumb(_("Spreadsheets"), reverse("sheets")),
        Crumb(str(sheet.title), "" if last else reverse("sheet", args=[sheet.key])),
    ]


class Template(AboutSheet):
    """An empty workbook to fill in."""

    needs_import = True

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        response = HttpResponse(template(self.sheet), content_type=_XLSX)
        response["Content-Disposition"] = f'attachment; filename="{key}-template.xlsx"'
        return response


class Export(AboutSheet):
    """Everything that the user sees, as xlsx or csv."""

    needs_export = True

    def get(self, request: HttpRequest, key: str) -> HttpResponseBase:
        format = request.GET.get("format", "xlsx")
        if format not in FORMATS:
            raise Http404
        rows = self.sheet.rows(request.user)
        return sheet_export_response(request.user, self.sheet, rows, format)


class AboutImport(Needs):
    """A page about one's own import."""

    one: SheetImport

    def prepare(self) -> None:
        self.one = get_object_or_404(_own_imports(self.request.user), pk=self.kwargs["pk"])
        if sheet_called(self.one.sheet_key) is None:
            raise Http404


class ImportPage(AboutImport):
    """How the import stands; the preview; agreeing, checking again, discarding, undoing."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        one = self.one
        found = one.read_findings() if one.state in (ImportState.FAULTY, ImportState.READY) else {}
        faults = found.get("faults", [])
        page = _page_of_faults(request, faults)
        context = {
            "one": one,
            "sheet": one.sheet,
            "found": found,
            "outcomes": _outcomes(one),
            "page": page,
            "first_fault": (page.number - 1) * FAULTS_PER_PAGE,
            "open_job": one.job if one.job and one.job.open else None,
            "failed_job": one.job if one.job and one.job.state in ("failed", "cancelled") else None,
            "form": UploadForm(),
            "crumbs": [*_crumbs(one.sheet), Crumb(one.name)],
        }
        return render(request, "jiaozuo_grid/sheets/import.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not reach_of(request.user).allows(self.one.sheet.right):
            raise PermissionDenied
        doing = {
            "confirm": self._confirm,
            "check": self._check,
            "discard": self._discard,
            "undo": self._undo,
        }.get(request.POST.get("action", ""))
        try:
            if doing is None:
                raise ValidationError(_("This is not possible any more."))
            doing()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(self.one)

    def _expect(self, *states: str) -> None:
        """Raise unless the import is in one of the states and nothing runs about it."""
        if self.one.state not in states or (self.one.job and self.one.job.open):
            raise ValidationError(_("This is not possible any more."))

    def _confirm(self) -> None:
        self._expect(*work.FROM[work.COMMIT])
        if self.request.POST.get("digest") != self.one.digest:
            raise ValidationError(_("This is not possible any more."))
        work.start(work.COMMIT, self.one, ImportState.IMPORTING)

    def _check(self) -> None:
        self._expect(*work.FROM[work.CHECK])
        work.start(work.CHECK, self.one, ImportState.CHECKING)

    def _discard(self) -> None:
        self._expect(*work.UNDECIDED)
        work.discard(self.one)

    def _undo(self) -> None:
        self._expect(*work.FROM[work.UNDO])
        if self.one.state == ImportState.DONE and not self.one.may_be_undone:
            raise ValidationError(_("An import can be undone for seven days."))
        work.start(work.UNDO, self.one, ImportState.UNDOING)


def _page_of_faults(request: HttpRequest, faults: list[Any]) -> Slice:
    asked = request.GET.get("page", "")
    last = max(1, -(-len(faults) // FAULTS_PER_PAGE))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    number = max(1, min(number, last))
    start = (number - 1) * FAULTS_PER_PAGE
    return Slice(faults[start : start + FAULTS_PER_PAGE], number, number < last)


def _outcomes(one: SheetImport) -> list[tuple[str, str, int]]:
    names = [
        ("new", _("New")),
        ("changed", _("Would change") if one.state != ImportState.DONE else _("Changed")),
        ("unchanged", _("Unchanged")),
        ("faulty", _("Faulty rows")),
    ]
    return [(key, name, one.figures.get(key, 0)) for key, name in names]


class MarkedCopy(AboutImport):
    """The uploaded file with every bad cell marked."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        if not self.one.marked:
            raise Http404
        try:
            stored = self.one.marked.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        name = self.one.name.rpartition(".")[0] or self.one.name
        response = FileResponse(
            stored,
            as_attachment=True,
            filename=_("%(name)s (marked).xlsx") % {"name": name},
            content_type=_XLSX,
        )
        response["Cache-Control"] = "no-store"
        return response
