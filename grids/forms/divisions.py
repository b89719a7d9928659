"""The forms of importing divisions: choosing a file, and agreeing to what it would do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.divisions.problems import problem
from grids.divisions.reading import MAX_BYTES
from jiaozuo_grid.lasting import today


class DivisionFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,text/csv", "aria-describedby": "file-help"}
        ),
    )
    on = forms.DateField(
        label=gettext_lazy("The list holds from"),
        required=False,
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "aria-describedby": "on-help"}
        ),
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            refused = problem("too_large", megabytes=MAX_BYTES // 1024 // 1024)
            raise ValidationError(str(refused))
        return file

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day and day > today():
            raise ValidationError(_("The day from which the list holds is still to come."))
        return day


class AgreeForm(forms.Form):
    """What was shown, and so what is agreed to."""

    on = forms.DateField(widget=forms.HiddenInput)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    end_absent = forms.BooleanField(required=False)
