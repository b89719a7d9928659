"""Making reports and keeping them: gathered once, written from what was gathered, compared.

A report is made in two steps, so that the fold waits only for the first: what it says is gathered
and stored under the fold's lock, then the files are written from that. A worker that is killed in
between leaves a report without files, and the next attempt finds it and goes on.
"""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
from collections.abc import Callable
from datetime import date
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage.folding import fold, lock_fold_state
from coverage.models import Report, ReportKind, Snapshot
from coverage.receipts import address_of, shown, vouch
from coverage.reports.content import content_of
from coverage.reports.periods import Period, period_of
from coverage.reports.printed import write_pdf
from coverage.reports.source import edition_of, live, sealed
from coverage.reports.workbook import write_workbook
from grids.tree import area_at
from grids.writing import keep
from jiaozuo_grid.area import Level
from jiaozuo_grid.jobs import Job, start_job, works_as
from jiaozuo_grid.reach import SYSTEM, Actor, Delegated, OutOfReach, System, reach_of

log = logging.getLogger(__name__)

WORK = "report"
# The form compares counties, or townships; reports are of areas with figures of their own.
DEEPEST = {ReportKind.MONTHLY: Level.TOWNSHIP, ReportKind.YEARLY: Level.TOWNSHIP}
FORM_AT = Level.COUNTY
# What is made of itself is made in the language of the office.
SCHEDULED_IN = "zh-hans"
WRITERS: dict[str, Callable[[dict[str, Any], IO[bytes]], None]] = {
    "xlsx": write_workbook,
    "pdf": write_pdf,
}


def levels_of(kind: str) -> int:
    """The deepest level that has reports of a kind."""
    return DEEPEST.get(ReportKind(kind), FORM_AT)


def order(actor: Actor, kind: str, area_code: str, first: date) -> Job:
    """Have a report made in the background. Raises ``OutOfReach`` or ``ValidationError``."""
    _check(actor, kind, area_code)
    language = translation.get_language() or "zh-hans"
    return start_job(
        WORK,
        actor,
        key=f"{WORK}:{kind}:{area_code}:{first:%Y-%m}:{language}:{getattr(actor, 'pk', '')}",
        report=kind,
        area_code=area_code,
        first=f"{first:%Y-%m-%d}",
    )


def _check(actor: Actor, kind: str, area_code: str) -> None:
    if not reach_of(actor).allows("view coverage", area_code) or area_at(area_code) is None:
        raise OutOfReach
    if len(area_code) > levels_of(kind):
        raise ValidationError({"area": _("There are no reports of this kind for this area.")})


@works_as(
    WORK,
    label=gettext_lazy("Report"),
    atomic=False,
    back="reports",
    result_template="coverage/reports/_made.html",
)
def work(job: Job) -> dict[str, Any]:
    params = job.params
    actor = job.owner or SYSTEM
    report = make(
        actor,
        params["report"],
        params["area_code"],
        date.fromisoformat(params["first"]),
        said=job.report,
    )
    return {"report": str(report.pk), "title": report.title}


def make(
    actor: Actor,
    kind: str,
    area_code: str,
    first: date,
    said: Callable[[int, int], None] = lambda _done, _steps: None,
) -> Report:
    """The report of an area's month or year: made, or the one that there is already."""
    _check(actor, kind, area_code)
    said(0, 4)
    fold()
    report = _gathered(actor, kind, area_code, period_of(kind, first))
    for number, form in enumerate(WRITERS, 1):
        said(number, 4)
        if not getattr(report, form):
            store(report, form)
    return report


@transaction.atomic
def _gathered(actor: Actor, kind: str, area_code: str, period: Period) -> Report:
    """The stored report of these figures; it is new where none was made of them."""
    language = translation.get_language() or "zh-hans"
    # Nothing is folded meanwhile, and of two workers the second finds the first one's report.
    lock_fold_state()
    edition = edition_of(area_code, period)
    asked: dict[str, Any] = {
        "area_code": area_code,
        "kind": kind,
        "period": period.first,
        "language": language,
    }
    # Once an edition is signed its report says so: another one, beside that of before.
    asked |= {"snapshot": edition, "signed": hasattr(edition, "signature")}
    there = Report.objects.filter(**asked)
    if edition is not None and (made := there.first()):
        return made
    source = sealed(edition, area_code) if edition else live(area_code, period)
    content = content_of(kind, source, period, language)
    # Without an edition: the newest, if nothing that it says has changed since.
    if edition is None and (made := there.first()) and _says(made, content):
        return made
    report = Report(**asked, on=period.on, title=content["title"][:200])
    report.made_by = None if isinstance(actor, System) else actor
    report.receipt = vouch(report, source.area, source.children, source.stands_at)
    address = address_of(report.receipt)
    report.content = {
        **content,
        "receipt": {"code": shown(report.receipt.code), "address": address},
    }
    return keep(Delegated(actor), report, "make report")


def _says(report: Report, content: dict[str, Any]) -> bool:
    """Whether the report says just this, besides its receipt; JSON knows no tuples."""
    kept = {key: value for key, value in report.content.items() if key != "receipt"}
    return bool(kept == json.loads(json.dumps(content)))


def written(report: Report, form: str, target: IO[bytes]) -> str:
    """Write one of a report's files and return its digest; the same each time it is asked."""
    with translation.override(report.language):
        WRITERS[form](report.content, target)
    target.seek(0)
    digest = hashlib.file_digest(target, "sha256").hexdigest()  # type: ignore[arg-type]
    target.seek(0)
    return digest


def store(report: Report, form: str) -> None:
    """Write one of the files and put it away."""
    with tempfile.TemporaryFile() as target:
        # Before the lock: writing takes seconds, and on SQLite nobody else writes meanwhile.
        digest = written(report, form, target)
        with transaction.atomic():
            # Of two workers with the same report the second finds the first one's file.
            if getattr(Report.objects.select_for_update().get(pk=report.pk), form):
                return
            name = f"{report.period_name}/{report.pk}.{form}"
            getattr(report, form).save(name, File(target), save=False)
            setattr(report, f"{form}_digest", digest)
            report.save(update_fields=[form, f"{form}_digest"])


def make_due() -> int:
    """The reports of the city and its counties for each month that is sealed and has none yet, or
    none that says who signed.

    With December come the year's report and its statistical form. Each is a piece of its own.
    """
    made, failure = 0, None
    with translation.override(SCHEDULED_IN):
        for kind in ReportKind:
            for edition in _without(kind):
                try:
                    make(SYSTEM, kind, edition.area_code, edition.month)
                    made += 1
                except Exception as error:  # one that fails holds up no other; it is told below
                    log.exception("report %s of %s failed", kind, edition)
                    failure = error
    if failure is not None:
        raise failure
    return made


def _without(kind: str) -> list[Snapshot]:
    """The newest editions of which a report is due and its files, as signed, are not there."""
    later = Snapshot.objects.filter(
        area_code=OuterRef("area_code"), month=OuterRef("month"), number__gt=OuterRef("number")
    )
    ready = Report.objects.filter(
        snapshot=OuterRef("pk"),
        area_code=OuterRef("area_code"),
        kind=kind,
        language=SCHEDULED_IN,
    )
    ready = ready.exclude(xlsx="").exclude(pdf="")
    as_it_is = Q(Exists(ready.filter(signed=True))) | Q(Exists(ready), signature=None)
    rows = Snapshot.objects.exclude(Exists(later)).exclude(as_it_is).defer("versions")
    if kind != ReportKind.MONTHLY:
        rows = rows.filter(month__month=12)
    return list(rows.order_by("area_code", "month"))
