"""What a session cannot be; each refusal names the field and the remedy.

What is merely unlikely is not refused: it goes to the review list (activities/review/).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.models import Session
from grids.models import HobbyGrid
from jiaozuo_grid.lasting import today
from jiaozuo_grid.often import Often, slot

# A phone's clock may be a little ahead of the server's.
CLOCK_SKEW = timedelta(minutes=10)


TOO_LONG = _("A session lasts 24 hours at most. Log a longer event day by day.")
WHEN = {"held_on", "start_time"}


def check(session: Session, hobby_grid: HobbyGrid, changed: Collection[str] = ()) -> None:
    """Raise ``ValidationError`` with all that cannot be; the hobby grid's row must be locked.

    Of a correction only what ``changed`` is judged (nothing named: a new session): what was
    believed when it was logged stays so, whatever became known since.
    """
    asked = set(changed) or {"held_on", "start_time", "minutes", "participants"}
    if session.minutes > 24 * 60:
        raise ValidationError({"minutes": TOO_LONG})
    session.clean_fields(exclude=["photo", "logged_by", "led_by"])
    errors: dict[str, list[ValidationError]] = {}
    if asked & WHEN and (error := _day_error(session, hobby_grid)):
        errors["held_on"] = [error]
    if "participants" in asked and (error := _number_error(session)):
        errors["participants"] = [error]
    # Of a day that cannot be, the neighbours need not be looked for.
    if "held_on" not in errors and asked & {*WHEN, "minutes"} and (error := _double_error(session)):
        errors["start_time"] = [error]
    if errors:
        raise ValidationError(errors)


def _day_error(session: Session, hobby_grid: HobbyGrid) -> ValidationError | None:
    # Near midnight even a clock that is a little ahead must not write into the next month.
    if session.held_on > today() or session.started_at > timezone.now() + CLOCK_SKEW:
        return ValidationError(
            gettext("This is in the future. Log a session when it has begun."), code="future"
        )
    begin = date.fromisoformat(settings.FIGURES_BEGIN)
    oldest = max(begin, today() - timedelta(days=settings.LOGGED_WITHIN_DAYS))
    if session.held_on < oldest:
        return ValidationError(
            gettext("Sessions are logged from %(day)s on. Check the year.") % {"day": oldest},
            code="too_old",
        )
    if not hobby_grid.in_force(session.held_on):
        return ValidationError(
            gettext("This hobby grid did not exist on that day. Check the day."),
            code="not_in_force",
        )
    return None


def _number_error(session: Session) -> ValidationError | None:
    """A number that must be a slip of the finger: it would spoil the figures of a whole county.

    Whether a smaller one can be believed is the township officer's question (activities/review/).
    """
    if session.participants <= settings.PARTICIPANTS_AT_MOST:
        return None
    said = gettext("At most %(most)s in one session. Check the number; more than that is an event.")
    return ValidationError(said % {"most": settings.PARTICIPANTS_AT_MOST}, code="too_many")


def _double_error(session: Session) -> ValidationError | None:
    day = timedelta(days=1)
    neighbours = _BETWEEN.all(
        code=session.area_code, first=session.held_on - day, last=session.held_on + day
    )
    for other in neighbours:
        if other.pk == session.pk:
            continue
        if other.started_at < session.ends_at and session.started_at < other.ends_at:
            return ValidationError(
                gettext(
                    "A session of this hobby grid at %(time)s with %(n)s participants is logged "
                    "already. Correct that one instead."
                )
                % {"time": f"{other.start_time:%H:%M}", "n": other.participants},
                code="already_logged",
                params={"session": str(other.pk)},
            )
    return None


_BETWEEN = Often(
    lambda: Session.objects.standing().filter(
        area_code=slot("code", models.CharField()),
        held_on__gte=slot("first", models.DateField()),
        held_on__lte=slot("last", models.DateField()),
    )
)


def existing(error: ValidationError) -> str | None:
    """The id of the session that is logged already, where ``error`` speaks of one."""
    faults = getattr(error, "error_dict", {}).get("start_time", [])
    return next(
        (fault.params["session"] for fault in faults if fault.code == "already_logged"), None
    )
