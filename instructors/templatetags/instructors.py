"""What the templates of instructors need."""

from __future__ import annotations

from django import forms, template
from django.forms.boundfield import BoundField

register = template.Library()


@register.simple_tag
def field_called(form: forms.BaseForm, name: str) -> BoundField:
    """The field of a form whose fields are made for the rows of a list."""
    field = form[name]
    field.field.widget.attrs.setdefault("aria-label", str(field.label))
    return field
