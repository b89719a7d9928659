"""What a file would do: every fault, and what is new, changed and unchanged. Writes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jiaozuo_grid.reach import Actor
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.faults import Fault
from jiaozuo_grid.spreadsheets.kinds import CellFault, Phone, Secret
from jiaozuo_grid.spreadsheets.reading import Table, read_table
from jiaozuo_grid.spreadsheets.sheet import Change, Layout, Row, Sheet
from jiaozuo_grid.spreadsheets.text import cell_text, tidy

Progress = Callable[[int, int], None]
PART = 1000


@dataclass
class Plan:
    """A file understood. With a single fault nothing of it may be written."""

    sheet: Sheet
    table: Table | None = None
    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    file_faults: list[Fault] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    # Rows that were left out knowingly: the example of the template.
    examples: list[int] = field(default_factory=list)
    digest: str = ""

    @property
    def faults(self) -> list[Fault]:
        return [*self.file_faults, *(fault for row in self.rows for fault in row.faults)]

    @property
    def figures(self) -> dict[str, int]:
        return {
            "rows": len(self.rows),
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "faulty": sum(1 for row in self.rows if row.faults),
            "faults": len(self.file_faults) + sum(len(row.faults) for row in self.rows),
        }


def _silent(done: int, of: int) -> None:
    pass


def plan_file(
    actor: Actor, sheet: Sheet, file: IO[bytes], name: str, progress: Progress = _silent
) -> Plan:
    """Understand a file as ``actor``. What cannot be opened at all is one fault of the file."""
    plan = Plan(sheet, columns=sheet.bound_columns())
    try:
        plan.table = read_table(file, name, plan.columns)
    except ValidationError as error:
        code = getattr(error, "code", "") or "file"
        cause = " ".join(error.messages)
        plan.file_faults = [Fault(code, None, None, "", "", cause, "")]
        return plan
    plan.file_faults = plan.table.header.faults
    if any(fault.code == "column_missing" for fault in plan.file_faults):
        # Without a required column each row would repeat the same complaint.
        return plan
    _read_rows(plan, plan.table, progress)
    if not plan.rows and not plan.file_faults:
        cause = _("There is no row below the header.")
        remedy = _("Enter the rows, or choose the right file.")
        plan.file_faults = [Fault("no_rows", None, None, "", "", cause, remedy)]
    _find_twins(plan)
    _compare(actor, plan, progress)
    plan.digest = _digest(plan, file)
    return plan


def _read_rows(plan: Plan, table: Table, progress: Progress) -> None:
    places = table.header.places
    headers = {column.key: column.header for column in plan.columns}
    headers |= {key: table.header.names[position] for key, position in places.items()}
    secret = frozenset(c.key for c in plan.columns if isinstance(c.kind, Secret))
    layout = Layout(places, headers, secret)
    read = [c for c in plan.columns if c.key in places and not c.informative]
    example = {c.key: tidy(cell_text(c.example)) for c in read if c.example not in ("", None)}
    cache: dict[Any, Any] = {}
    total = len(table.records)
    for number, cells in table.body():
        row = Row(number, cells, layout)
        for column in read:
            _read_cell(row, column, cache)
        if example and all(tidy(cell_text(row.cell(k))) == text for k, text in example.items()):
            plan.examples.append(number)
            continue
        plan.rows.append(row)
        if number % PART == 0:
            progress(number // 2, total)


def _read_cell(row: Row, column: Column, cache: dict[Any, Any]) -> None:
    cell = row.cell(column.key)
    if cell is None or cell == "" or not tidy(cell_text(cell)):
        if column.required:
            row.fault(
                column.key,
                "required",
                _("“%(name)s” is missing.") % {"name": column.header},
                _("Fill the cell."),
            )
        return
    known = (column.key, type(cell), cell)
    outcome = cache.get(known)
    if outcome is None:
        outcome = _parsed(column, cell)
        # Most columns hold the same few values again and again.
        if len(cache) < 20_000 and not isinstance(column.kind, Secret):
            cache[known] = outcome
    value, fault = outcome
    if fault is not None:
        row.fault(column.key, fault.code, fault.cause, fault.remedy)
    elif value is None and isinstance(column.kind, Phone):
        row.masked = (*row.masked, column.key)
    else:
        row.values[column.key] = value


def _parsed(column: Column, cell: Any) -> tuple[Any, CellFault | None]:
    try:
        return column.kind.parse(cell), None
    except CellFault as fault:
        return None, fault


def _find_twins(plan: Plan) -> None:
    """Rows of the file with the same business key: each names the first of them."""
    first: dict[tuple[Any, ...], int] = {}
    names = plan.sheet.business_key
    for row in plan.rows:
        key = tuple(row[name] for name in names)
        if not key or any(part is None for part in key):
            continue
        if key in first:
            row.fault(
                names[0],
                "twice",
                _("Row %(n)d has the same entry.") % {"n": first[key]},
                _("Keep one of the two rows."),
            )
        else:
            first[key] = row.number


def _compare(actor: Actor, plan: Plan, progress: Progress) -> None:
    sheet, rows = plan.sheet, plan.rows
    sheet.check_file(actor, rows)
    kinds = {column.key: column.kind for column in plan.columns if not column.informative}
    met: dict[Any, int] = {}
    # Part by part, so that what is stored of the unchanged rows need not be kept.
    for start in range(0, len(rows), PART):
        part = rows[start : start + PART]
        progress(len(rows) + start, 2 * len(rows))
        found = sheet.find(actor, part)
        _find_met(plan, part, found, met)
        sheet.check(actor, part, found)
        known = [row for row in part if row.number in found]
        stored = sheet.values(actor, [found[row.number] for row in known])
        there = {row.number: values for row, values in zip(known, stored, strict=True)}
        for row in part:
            if row.number in there:
                _add_known(plan, row, found[row.number], there[row.number], kinds)
            else:
                _add_new(plan, row)
    sheet.check_changes(actor, plan.changed)
    plan.changed = [change for change in plan.changed if not change.row.faults]


def _find_met(plan: Plan, part: list[Row], found: dict[int, Any], met: dict[Any, int]) -> None:
    """Rows of the file that mean the same stored row: each names the first of them."""
    for row in part:
        key = getattr(found.get(row.number), "pk", None)
        if key is None or met.setdefault(key, row.number) == row.number or row.faults:
            continue
        row.fault(
            plan.columns[0].key,
            "same_entry",
            _("Row %(n)d means the same entry.") % {"n": met[key]},
            _("Keep one of the two rows."),
        )


def _add_new(plan: Plan, row: Row) -> None:
    for key in row.masked:
        row.fault(
            key,
            "masked",
            _("The number is masked, and this row is new."),
            _("Enter the whole number, or leave the cell empty."),
        )
    if not row.faults:
        plan.new.append(row)


def _add_known(
    plan: Plan, row: Row, stored: Any, before: dict[str, Any], kinds: dict[str, Any]
) -> None:
    if row.faults:
        return
    changes = {
        key: (before.get(key), kinds[key].merged(before.get(key), value))
        for key, value in row.values.items()
        if not kinds[key].same(before.get(key), value)
    }
    if changes:
        plan.changed.append(Change(row, stored, changes))
    else:
        plan.unchanged += 1


def _digest(plan: Plan, file: IO[bytes]) -> str:
    """A name for this file together with what it would do: whoever agreed, agreed to this."""
    digest = hashlib.sha256(plan.sheet.key.encode())
    file.seek(0)
    while piece := file.read(1 << 20):
        digest.update(piece)
    digest.update(json.dumps(plan.figures, sort_keys=True).encode())
    for row in plan.new:
        digest.update(b"+%d" % row.number)
    for change in plan.changed:
        shown = {key: [str(before), str(after)] for key, (before, after) in change.changes.items()}
        text = [change.row.number, str(getattr(change.stored, "pk", "")), shown]
        digest.update(json.dumps(text, sort_keys=True).encode())
    return digest.hexdigest()
