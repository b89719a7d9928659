"""Checking, importing and undoing as background jobs."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiaozuo_grid.jobs import Job, start_job, works_as
from jiaozuo_grid.reach import Actor, OutOfReach, reach_of
from jiaozuo_grid.spreadsheets.marking import marked_copy
from jiaozuo_grid.spreadsheets.model import ImportState, SheetImport
from jiaozuo_grid.spreadsheets.planning import PART, Plan, Progress, plan_file
from jiaozuo_grid.spreadsheets.surroundings import record_use, surroundings

CHECK, COMMIT, UNDO = "sheet_check", "sheet_import", "sheet_undo"
RESULT = "jiaozuo_grid/sheets/_job_done.html"
# So many rows a page of the preview needs; all faults are kept, up to this many.
ROWS_KEPT = 200
FAULTS_KEPT = 20_000
# Imports are written one after another: the key of the lock that they queue for.
_LOCK = 0x5348454554


# How an import must stand for each kind of work, and for being discarded.
UNDECIDED = (
    ImportState.READY,
    ImportState.FAULTY,
    ImportState.CHECKING,
    ImportState.IMPORTING,
)
FROM = {
    CHECK: UNDECIDED,
    COMMIT: (ImportState.READY, ImportState.IMPORTING),
    UNDO: (ImportState.DONE, ImportState.UNDOING),
}


def _locked(one: SheetImport, states: tuple[ImportState, ...]) -> SheetImport:
    """The import as it stands now, until commit; refused where it was decided since it was read."""
    now = SheetImport.objects.select_for_update().get(pk=one.pk)
    if now.state not in states or now.digest != one.digest:
        raise ValidationError(_("This is not possible any more."))
    return now


def start(kind: str, one: SheetImport, state: ImportState) -> Job:
    """Start a job about an import; one at a time for each. A late click changes nothing."""
    with transaction.atomic():
        _locked(one, FROM[kind])
        # The kind stands among the parameters too, so that other work about the same import is
        # refused and not taken for this one.
        job = start_job(kind, one.owner, key=f"sheet:{one.pk}", pk=one.pk, kind_of_work=kind)
        SheetImport.objects.filter(pk=one.pk).update(state=state, job=job)
    one.refresh_from_db()
    return job


@transaction.atomic
def discard(one: SheetImport) -> None:
    """Give up an import that nobody decided about, with its files."""
    now = _locked(one, UNDECIDED)
    if now.job and now.job.open:
        raise ValidationError(_("This is not possible any more."))
    now.remove_files()
    now.state = ImportState.DISCARDED
    now.save()


def _import_of(job: Job) -> SheetImport:
    return SheetImport.objects.select_related("owner").get(pk=job.params["pk"])


def _require(actor: Actor, right: str) -> None:
    if not reach_of(actor).allows(right):
        raise PermissionDenied(_("You may no longer import this spreadsheet."))


@works_as(
    CHECK,
    label=gettext_lazy("Check a spreadsheet"),
    atomic=False,
    back="sheets",
    result_template=RESULT,
)
def check(job: Job) -> dict[str, Any]:
    """Find out what the file would do, and keep it for the preview."""
    one = _import_of(job)
    if one.state != ImportState.CHECKING:
        return {"url": one.get_absolute_url()}
    _require(one.owner, one.sheet.right)
    with one.upload.open("rb") as file:
        plan = plan_file(one.owner, one.sheet, file, one.name, job.report)
    faults = plan.faults
    one.keep_findings(_findings(plan))
    if faults and plan.table is not None:
        with marked_copy(plan, plan.table) as copy:
            one.marked.save(f"{one.batch}-marked.xlsx", copy, save=False)
    one.figures, one.digest = plan.figures, plan.digest
    one.state = ImportState.FAULTY if faults else ImportState.READY
    one.save(update_fields=["findings", "marked", "figures", "digest", "state"])
    return {"url": one.get_absolute_url()}


def _findings(plan: Plan) -> dict[str, Any]:
    """What the preview shows, as JSON."""
    kinds = {column.key: column.kind for column in plan.columns}
    headers = {column.key: column.header for column in plan.columns}
    faults = sorted(plan.faults, key=lambda one: (one.row or 0, one.position or 0))
    table = plan.table
    return {
        "faults": [fault.as_json() for fault in faults[:FAULTS_KEPT]],
        "new": [
            {
                "row": row.number,
                "cells": [
                    [headers[key], kinds[key].preview(value)] for key, value in row.values.items()
                ],
            }
            for row in plan.new[:ROWS_KEPT]
        ],
        "changed": [
            {
                "row": change.row.number,
                "name": str(change.stored),
                "cells": [
                    [headers[key], kinds[key].preview(before), kinds[key].preview(after)]
                    for key, (before, after) in change.changes.items()
                ],
            }
            for change in plan.changed[:ROWS_KEPT]
        ],
        "examples": plan.examples,
        "left_out": table.header.left_out if table else [],
        "informative": [
            column.header
            for column in plan.columns
            if table and column.informative and column.key in table.header.places
        ],
        "sheet_name": table.sheet_name if table else "",
        "other_sheets": table.other_sheets if table else [],
    }


@works_as(COMMIT, label=gettext_lazy("Import a spreadsheet"), back="sheets", result_template=RESULT)
def commit(job: Job) -> dict[str, Any]:
    """Write what was agreed to: all of it or nothing. Once done, done again changes nothing."""
    one = _import_of(job)
    if one.state != ImportState.IMPORTING:
        return {"url": one.get_absolute_url()}
    _require(one.owner, one.sheet.right)
    _queue_up()
    with one.upload.open("rb") as file:
        plan = plan_file(one.owner, one.sheet, file, one.name, _half(job.report, 0))
    if plan.faults or plan.digest != one.digest:
        raise ValidationError(
            _(
                "Somebody changed some of these rows since the check, so nothing was written."
                " Check the file again."
            )
        )
    try:
        # A savepoint, so that the refusal of the database does not break the job's transaction.
        with transaction.atomic(), surroundings().in_batch(one.batch):
            write(one.owner, plan, _half(job.report, 1))
            record_use(one.owner, "import", one.sheet.right, f"{one.sheet.title}: {one.name}")
    except IntegrityError:
        raise ValidationError(
            _(
                "Somebody entered the same rows meanwhile, so nothing was written."
                " Check the file again."
            )
        ) from None
    except OutOfReach:
        raise ValidationError(
            _("Some rows are outside the area you are responsible for; nothing was written.")
        ) from None
    one.state, one.done_at = ImportState.DONE, timezone.now()
    one.save(update_fields=["state", "done_at"])
    transaction.on_commit(lambda: _forget_files(one))
    return {"url": one.get_absolute_url()}


def write(actor: Actor, plan: Plan, progress: Progress) -> None:
    """Apply a plan part by part, in the caller's transaction."""
    total = len(plan.new) + len(plan.changed)
    done = 0
    for start in range(0, len(plan.new), PART):
        part = plan.new[start : start + PART]
        plan.sheet.apply(actor, part, [])
        done += len(part)
        progress(done, total)
        # After 1, 2, 4, 8, 16 parts: whenever the tables may have doubled.
        if (parts_done := start // PART + 1) & (parts_done - 1) == 0:
            _count_anew(plan)
    for start in range(0, len(plan.changed), PART):
        changes = plan.changed[start : start + PART]
        plan.sheet.apply(actor, [], changes)
        done += len(changes)
        progress(done, total)
    plan.sheet.finish(actor, plan.new, plan.changed)


def _count_anew(plan: Plan) -> None:
    """Tell the planner how large the tables have become, which it would learn minutes later.

    Without it each part is looked for among all the parts before it.
    """
    if connection.vendor == "postgresql" and len(plan.new) > PART:
        with connection.cursor() as cursor:
            for label in plan.sheet.writes:
                table = apps.get_model(label)._meta.db_table
                cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def _half(report: Progress, which: int) -> Progress:
    """Progress of the first (0) or second (1) half of a job."""
    return lambda done, of: report(done + which * of, 2 * of)


def _queue_up() -> None:
    """Wait for the import before this one to be committed; then see what it wrote."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _forget_files(one: SheetImport) -> None:
    one.remove_files()
    one.save(update_fields=["upload", "marked", "findings"])


@works_as(UNDO, label=gettext_lazy("Undo an import"), back="sheets", result_template=RESULT)
def undo(job: Job) -> dict[str, Any]:
    """Take an import back, unless somebody changed one of its rows since."""
    one = _import_of(job)
    if one.state != ImportState.UNDOING:
        return {"url": one.get_absolute_url()}
    _require(one.owner, one.sheet.right)
    _queue_up()
    one.figures = {**one.figures, "undone": surroundings().undo(one.owner, one.batch)}
    one.state = ImportState.UNDONE
    one.save(update_fields=["state", "figures"])
    return {"url": one.get_absolute_url()}
