"""What every API answer has in common."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as ModelValidationError
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import exception_handler


class CodePagination(CursorPagination):
    """Pages in order of area code, without counting."""

    ordering: Any = ("area_code", "id")
    page_size_query_param = "page_size"
    max_page_size = 500


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """Model and action errors become 400 answers that name the field."""
    if isinstance(error, ModelValidationError):
        detail = as_serializer_error(error)
        if NON_FIELD_ERRORS in detail:
            detail["non_field_errors"] = detail.pop(NON_FIELD_ERRORS)
        error = exceptions.ValidationError(detail)
    return exception_handler(error, context)
