"""What a session must look like to be believed; each refusal names the field and the remedy."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Session
from grids.models import Grid, HobbyGrid, ResidentCount
from jiaozuo_grid.area import Level

# A phone's clock may be a little ahead of the server's.
CLOCK_SKEW = timedelta(minutes=10)


def check(session: Session, hobby_grid: HobbyGrid) -> None:
    """Raise ``ValidationError`` with all that cannot be; the hobby grid's row must be locked."""
    session.clean_fields(exclude=["photo", "logged_by", "led_by"])
    errors: dict[str, list[ValidationError]] = {}
    for field, error in (
        ("held_on", _day_error(session, hobby_grid)),
        ("participants", _crowd_error(session)),
        ("start_time", _double_error(session)),
    ):
        if error is not None:
            errors[field] = [error]
    if errors:
        raise ValidationError(errors)


def _day_error(session: Session, hobby_grid: HobbyGrid) -> ValidationError | None:
    if session.started_at > timezone.now() + CLOCK_SKEW:
        return ValidationError(
            _("This is in the future. Log a session when it has begun."), code="future"
        )
    if session.held_on < date.fromisoformat(settings.FIGURES_BEGIN):
        return ValidationError(
            _("Sessions are kept from %(day)s on. Check the year.")
            % {"day": settings.FIGURES_BEGIN},
            code="too_old",
        )
    if not hobby_grid.in_force(session.held_on):
        return ValidationError(
            _("This hobby grid did not exist on that day. Check the day."), code="not_in_force"
        )
    return None


def population_of(hobby_grid_code: str, day: date) -> int | None:
    """How many people live where the hobby grid is at home, where that is known."""
    grid = Grid.objects.filter(area_code=hobby_grid_code[: Level.GRID]).first()
    if grid is not None and grid.population:
        return grid.population
    counts = ResidentCount.objects.filter(area_code=hobby_grid_code[: Level.VILLAGE]).on(day)
    return counts.values_list("population", flat=True).first()


def _crowd_error(session: Session) -> ValidationError | None:
    population = population_of(session.area_code, session.held_on)
    most = population or settings.PARTICIPANTS_AT_MOST
    if session.participants <= most:
        return None
    return ValidationError(
        _("More participants than people live there (%(most)s). Check the number.")
        % {"most": most},
        code="too_many",
    )


def _double_error(session: Session) -> ValidationError | None:
    day = timedelta(days=1)
    neighbours = (
        Session.objects.standing()
        .filter(
            area_code=session.area_code,
            held_on__gte=session.held_on - day,
            held_on__lte=session.held_on + day,
        )
        .exclude(pk=session.pk)
    )
    for other in neighbours:
        if other.started_at < session.ends_at and session.started_at < other.ends_at:
            return ValidationError(
                _(
                    "A session of this hobby grid at %(time)s with %(n)s participants is logged "
                    "already. Correct that one instead."
                )
                % {"time": f"{other.start_time:%H:%M}", "n": other.participants},
                code="already_logged",
                params={"session": str(other.pk)},
            )
    return None
