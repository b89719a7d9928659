"""What a lecture or an event must look like to be believed; each refusal names field and remedy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Lecture
from activities.plausibility import CLOCK_SKEW, TOO_LONG
from grids.tree import area_at
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today

# A lecture or an event is held at one of these.
LEVELS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE, Level.GRID)


def name_field(row: Any) -> str:
    """The field by which people call it."""
    return "topic" if isinstance(row, Lecture) else "title"


def check(row: Any, changed: Collection[str] = ()) -> None:
    """Raise ``ValidationError`` with all that cannot be; the area's row must be locked.

    Of a correction only what ``changed`` is judged (nothing named: a new one).
    """
    name = name_field(row)
    asked = set(changed) or {"area_code", "held_on", "start_time", "minutes", "participants", name}
    if len(row.area_code) not in LEVELS:
        raise ValidationError({"area_code": _("Choose a grid, a village, a township or a county.")})
    if row.minutes > 24 * 60:
        raise ValidationError({"minutes": TOO_LONG})
    row.clean_fields(exclude=["logged_by", "speaker"])
    errors: dict[str, list[ValidationError]] = {}
    if asked & {"held_on", "start_time"} and (error := _day_error(row)):
        errors["held_on"] = [error]
    if "participants" in asked and (error := _crowd_error(row)):
        errors["participants"] = [error]
    if (
        "held_on" not in errors
        and asked & {"held_on", name}
        and (error := _double_error(row, name))
    ):
        errors[name] = [error]
    if errors:
        raise ValidationError(errors)


def _day_error(row: Any) -> ValidationError | None:
    if row.started_at > timezone.now() + CLOCK_SKEW:
        return ValidationError(
            _("This is in the future. Write it down when it has begun."), code="future"
        )
    begin = date.fromisoformat(settings.FIGURES_BEGIN)
    oldest = max(begin, today() - timedelta(days=settings.LOGGED_WITHIN_DAYS))
    if row.held_on < oldest:
        return ValidationError(
            _("Records are taken from %(day)s on. Check the year.") % {"day": oldest},
            code="too_old",
        )
    area = area_at(row.area_code)
    if area is None or not area.in_force(row.held_on):
        return ValidationError(
            _("This area did not exist on that day. Check the day."), code="not_in_force"
        )
    return None


def _crowd_error(row: Any) -> ValidationError | None:
    """People come from elsewhere too, so not the residents but the size of the area decides."""
    most = settings.GATHERED_AT_MOST[len(row.area_code)]
    if row.participants <= most:
        return None
    return ValidationError(
        _("More than can be believed (%(most)s at most). Check the number.") % {"most": most},
        code="too_many",
    )


def _double_error(row: Any, name: str) -> ValidationError | None:
    """The same thing of the same day, written down by somebody else already."""
    same = type(row)._default_manager.standing().exclude(pk=row.pk)
    other = same.filter(
        area_code=row.area_code,
        held_on=row.held_on,
        **{f"{name}__iexact": getattr(row, name)},
    ).first()
    if other is None:
        return None
    return ValidationError(
        _("This is written down already, at %(time)s with %(n)s people. Correct that one instead.")
        % {"time": f"{other.start_time:%H:%M}", "n": other.participants},
        code="already_logged",
        params={"session": str(other.pk)},
    )


def existing(error: ValidationError) -> str | None:
    """The id of the lecture or event that stands already, where ``error`` speaks of one."""
    by_field = getattr(error, "error_dict", {})
    faults = [fault for name in ("topic", "title") for fault in by_field.get(name, [])]
    return next(
        (fault.params["session"] for fault in faults if fault.code == "already_logged"), None
    )
