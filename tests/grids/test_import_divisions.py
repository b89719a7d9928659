"""Importing the official list: what is accepted, what is refused with which line, what changes."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from grids.divisions.importing import import_divisions
from grids.divisions.planning import plan_import
from grids.divisions.problems import Refused
from grids.models import Division, ResidentCount
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM, OutOfReach
from tests import builders

pytestmark = pytest.mark.django_db

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "jiaozuo-divisions.csv"
TREE = [
    ("410800000000", "焦作市"),
    ("410882000000", "沁阳市"),
    ("410882001000", "覃怀街道办事处"),
    ("410882001001", "文化社区居委会"),
    ("410882001203", "东关村委会"),
]


def csv(*rows: tuple[object, ...], columns: str = "code,name") -> bytes:
    lines = [columns, *(",".join(map(str, row)) for row in rows)]
    return "\r\n".join(lines).encode()


def tree(*more: tuple[str, str]) -> bytes:
    return csv(*TREE, *more)


def written() -> dict[str, str]:
    return dict(Division.objects.values_list("area_code", "name"))


def load(data: bytes, **options: object) -> dict[str, int]:
    return import_divisions(SYSTEM, data, **options).figures  # type: ignore[arg-type]


def figures(**given: int) -> dict[str, int]:
    kinds = ("added", "reopened", "renamed", "changed", "unchanged", "absent")
    return {kind: given.get(kind, 0) for kind in kinds}


# --- What is accepted ---


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(tree(), id="utf-8"),
        pytest.param(b"\xef\xbb\xbf" + tree(), id="utf-8 with byte order mark"),
        pytest.param(tree().decode().encode("gb18030"), id="gb18030"),
        pytest.param(csv(*reversed(TREE)), id="any row order"),
        pytest.param(tree().replace(b"\r\n", b"\n"), id="unix line ends"),
        pytest.param(tree().replace(b"\r\n", b"\r"), id="old mac line ends"),
        pytest.param(tree() + b"\r\n\r\n,\r\n", id="blank rows at the end"),
        pytest.param(tree().replace(b"code,name", " Code ,ＮＡＭＥ".encode()), id="untidy header"),
        pytest.param(
            tree().replace(b"410882001203", "４１０８８２００１２０３　".encode()), id="full width"
        ),
        pytest.param(
            tree().replace("东关村委会".encode(), " \u200b\u3000东关村委会 ".encode()), id="spaces"
        ),
        pytest.param(tree().replace(b"\r\n", b",,\r\n") + b",,", id="empty columns at the end"),
    ],
)
def test_the_tree_of_the_file_is_written_whatever_its_form(data: bytes) -> None:
    load(data)
    assert written() == {
        "4108": "焦作市",
        "410882": "沁阳市",
        "410882001": "覃怀街道办事处",
        "410882001001": "文化社区居委会",
        "410882001203": "东关村委会",
    }


def test_optional_columns_are_stored() -> None:
    columns = (
        "code,name,level,parent_code,urban_rural_class,population,households,villager_groups,"
        "longitude,latitude"
    )
    rows = [
        ("410800000000", "焦作市", "city", "410000000000", "", 3521078, "", "", 113.24, 35.21),
        ("410882000000", "沁阳市", "county", "410800000000", *[""] * 6),
        ("410882001000", "覃怀街道", "town", "410882000000", *[""] * 6),
        ("410882001203", "东关村", "village", "410882001000", 220, 1203, 350, 6, 112.9, 35.1),
    ]
    load(csv(*rows, columns=columns), source="list 2026")
    village = Division.objects.get(area_code="410882001203")
    count = ResidentCount.objects.get(area_code="410882001203")
    assert (village.urban_rural_class, village.longitude, village.latitude) == ("220", 112.9, 35.1)
    assert (count.population, count.households, count.villager_groups) == (1203, 350, 6)
    assert count.source == "list 2026"
    assert ResidentCount.objects.get(area_code="4108").households is None
    assert ResidentCount.objects.count() == 2


def test_a_part_of_the_tree_hangs_on_what_is_in_the_register() -> None:
    load(tree())
    assert load(csv(("410882002000", "怀庆街道")))["added"] == 1


@pytest.mark.skipif(not REAL.exists(), reason="the real list is not on this machine")
def test_the_real_list_is_imported_completely() -> None:
    done = import_divisions(SYSTEM, REAL.read_bytes())
    assert done.levels == {4: 1, 6: 11, 9: 112, 12: 1894}
    assert done.figures == figures(added=2018)
    counts = {digits: Division.objects.filter(digits=digits).count() for digits in (4, 6, 9, 12)}
    assert counts == {4: 1, 6: 11, 9: 112, 12: 1894}
    assert load(REAL.read_bytes()) == figures(unchanged=2018)


def test_the_first_list_of_a_city_holds_from_the_day_on_which_figures_begin(settings) -> None:
    settings.FIGURES_BEGIN = "2024-01-01"
    load(tree())
    assert set(Division.objects.values_list("started_on", flat=True)) == {date(2024, 1, 1)}
    load(tree(("410882001204", "南关村委会")))
    assert Division.objects.get(area_code="410882001204").started_on == today()


def test_each_row_is_in_the_audit_trail() -> None:
    load(tree())
    entries = AuditEntry.objects.filter(model="grids.division", verb="import divisions")
    assert entries.count() == len(TREE)
    load(tree().replace("东关村".encode(), "东关新村".encode()))
    renamed = AuditEntry.objects.get(area_code="410882001203", before__isnull=False)
    assert (renamed.before, renamed.after) == ({"name": "东关村委会"}, {"name": "东关新村委会"})


# --- Importing again ---


def test_importing_again_changes_nothing() -> None:
    load(tree())
    entries = AuditEntry.objects.count()
    assert load(tree()) == figures(unchanged=5)
    assert AuditEntry.objects.count() == entries


def test_importing_again_changes_only_what_differs() -> None:
    columns = "code,name,urban_rural_class,households"
    before = [(*row, "", "") for row in TREE]
    after: list[tuple[object, ...]] = [*before]
    after[3] = ("410882001001", "文化社区居委会", "111", 1580)
    after[4] = ("410882001203", "东关新村委会", "", "")
    load(csv(*before, columns=columns))
    assert load(csv(*after, columns=columns)) == figures(renamed=1, changed=1, unchanged=3)
    assert Division.objects.get(area_code="410882001001").urban_rural_class == "111"
    assert ResidentCount.objects.get().households == 1580
    assert Division.objects.get(area_code="410882001203").name == "东关新村委会"


def test_an_empty_cell_leaves_what_is_known() -> None:
    columns = "code,name,urban_rural_class,population,households"
    load(csv(*[(*row, "111", 900, 300) for row in TREE], columns=columns))
    done = load(csv(*[(*row, "", "", 310) for row in TREE], columns=columns))
    assert done == figures(changed=5)
    count = ResidentCount.objects.get(area_code="410882001203", ended_on=None)
    assert (count.population, count.households) == (900, 310)
    assert Division.objects.get(area_code="410882001203").urban_rural_class == "111"


def test_newer_resident_figures_begin_where_the_earlier_ones_end() -> None:
    columns = "code,name,households"
    load(csv(*[(*row, 300) for row in TREE], columns=columns), on=date(2024, 1, 1))
    load(csv(*[(*row, 310) for row in TREE], columns=columns), on=date(2025, 6, 1))
    village = ResidentCount.objects.filter(area_code="410882001203").order_by("started_on")
    assert list(village.values_list("started_on", "ended_on", "households")) == [
        (date(2024, 1, 1), date(2025, 6, 1), 300),
        (date(2025, 6, 1), None, 310),
    ]


def test_a_list_of_the_same_day_corrects_the_resident_figures() -> None:
    columns = "code,name,households"
    for households in (300, 310):
        load(csv(*[(*row, households) for row in TREE], columns=columns), on=date(2024, 1, 1))
    assert set(ResidentCount.objects.values_list("households", flat=True)) == {310}
    assert ResidentCount.objects.count() == len(TREE)


def test_an_older_list_fills_the_past_and_leaves_the_present() -> None:
    columns = "code,name,households"
    load(csv(*[(*row, 310) for row in TREE], columns=columns), on=date(2025, 1, 1))
    load(csv(*[(*row, 300) for row in TREE], columns=columns), on=date(2024, 1, 1))
    counts = ResidentCount.objects.filter(area_code="410882001203").order_by("started_on")
    assert list(counts.values_list("ended_on", "households")) == [
        (date(2025, 1, 1), 300),
        (None, 310),
    ]


# --- Absent, ended, re-opened ---


def test_absent_divisions_are_reported_and_stay_in_force() -> None:
    load(tree())
    assert load(csv(*TREE[:4])) == figures(unchanged=4, absent=1)
    assert Division.objects.get(area_code="410882001203").ended_on is None


def test_absent_divisions_are_ended_on_request() -> None:
    load(tree())
    load(csv(*TREE[:4]), end_absent=True)
    assert Division.objects.get(area_code="410882001203").ended_on == today()
    assert Division.objects.filter(ended_on=None).count() == 4


def test_only_what_the_file_covers_can_be_absent() -> None:
    load(tree(("410883000000", "孟州市"), ("410883001000", "大定街道")))
    done = load(csv(*TREE[1:4]), end_absent=True)
    assert done == figures(unchanged=3, absent=1)
    assert Division.objects.get(area_code="410883001").ended_on is None
    assert Division.objects.get(area_code="410882001203").ended_on == today()


def test_a_list_without_villages_says_nothing_about_villages() -> None:
    load(tree())
    assert load(csv(*TREE[:3]))["absent"] == 0


def test_a_division_that_returns_is_reopened() -> None:
    load(tree())
    load(csv(*TREE[:4]), end_absent=True)
    assert load(tree()) == figures(reopened=1, unchanged=4)
    assert Division.objects.get(area_code="410882001203").ended_on is None


def test_a_division_with_grids_in_force_is_not_ended() -> None:
    load(tree())
    builders.grid("410882001203001")
    with pytest.raises(Refused) as refused:
        load(csv(*TREE[:4]), end_absent=True)
    assert [(one.kind, one.value) for one in refused.value.problems] == [
        ("still_in_force", "410882001203")
    ]
    assert Division.objects.filter(ended_on=None).count() == 5
    assert plan_import(SYSTEM, csv(*TREE[:4])).kept == refused.value.problems


def test_a_township_is_not_ended_while_its_villages_are_in_force() -> None:
    load(tree())
    new = [*TREE[:2], ("410882002000", "怀庆街道"), TREE[4]]
    plan = plan_import(SYSTEM, csv(*new))
    assert [one.area_code for one in plan.of("absent")] == ["410882001", "410882001001"]
    assert [one.value for one in plan.kept] == ["410882001"]


def test_a_township_is_ended_together_with_all_its_villages() -> None:
    load(tree(("410882002000", "怀庆街道"), ("410882002201", "西关村")))
    done = load(
        csv(*TREE[:2], ("410882002000", "怀庆街道"), ("410882002201", "西关村")), end_absent=True
    )
    assert done == figures(unchanged=4, absent=3)
    assert Division.objects.within("410882001").filter(ended_on=None).count() == 0


# --- Authority (P3) ---


def test_an_import_is_refused_as_a_whole_when_one_row_is_out_of_reach() -> None:
    """P3: the whole batch is refused when one row is foreign."""
    load(tree())
    bureau = builders.user("bureau_staff", "4109")
    foreign = csv(("410900000000", "濮阳市"), ("410902000000", "华龙区"))
    assert import_divisions(bureau, foreign).figures == figures(added=2)
    with pytest.raises(Refused) as refused:
        import_divisions(bureau, tree(("410882001204", "南关村")))
    assert {(one.kind, one.line) for one in refused.value.problems} == {
        ("out_of_reach", line) for line in range(2, 8)
    }
    assert "410882001204" not in written()


def test_rows_out_of_reach_are_not_compared_with_the_register() -> None:
    """P4: the answer about a foreign row does not tell what exists there."""
    bureau = builders.user("bureau_staff", "4109")
    orphan = csv(("410882001204", "南关村"))
    kinds = [[one.kind for one in plan_import(bureau, orphan).problems]]
    load(tree())
    kinds.append([one.kind for one in plan_import(bureau, orphan).problems])
    assert kinds == [["out_of_reach"], ["out_of_reach"]]


@pytest.mark.parametrize(
    ("role", "area"),
    [
        ("county_official", "410882"),
        ("auditor", "4108"),
        ("township_officer", "410882001"),
        (None, "4108"),
    ],
)
def test_who_may_not_import_is_refused(role: str | None, area: str) -> None:
    """P3: scope holds for imports too."""
    with pytest.raises(OutOfReach):
        import_divisions(builders.user(role, area), tree())
    assert written() == {}


def test_a_list_cannot_hold_from_a_day_to_come() -> None:
    with pytest.raises(ValidationError):
        load(tree(), on=date(2999, 1, 1))
    assert written() == {}


def test_what_was_not_agreed_to_is_not_written() -> None:
    load(tree())
    new = tree(("410882001204", "南关村"))
    agreed = plan_import(SYSTEM, new).digest
    Division.objects.filter(area_code="410882001203").update(name="别名")
    with pytest.raises(ValidationError):
        load(new, expected=agreed)
    assert "410882001204" not in written()


# --- The command ---


def command(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_divisions", str(path), *options, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_imports_and_reports_counts(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(tree())
    assert "added: 5" in command(path)
    assert "unchanged: 5" in command(path)
    assert len(written()) == 5


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(tree())
    assert "added: 5" in command(path, "--dry-run")
    assert written() == {}


def test_the_command_ends_absent_divisions_on_request(tmp_path: Path) -> None:
    load(tree())
    path = tmp_path / "list.csv"
    path.write_bytes(csv(*TREE[:4]))
    command(path)
    assert Division.objects.filter(ended_on=None).count() == 5
    command(path, "--end-absent", "--on", "2024-06-01")
    assert Division.objects.get(area_code="410882001203").ended_on == date(2024, 6, 1)


def test_the_command_lists_every_bad_row_and_fails(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(tree(("41088200120", "甲村"), ("410882001205", "")))
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("import_divisions", str(path), stderr=err)
    lines = [line for line in err.getvalue().splitlines() if line]
    assert len(lines) == 2
    assert "41088200120" in lines[0]
    assert "7" in lines[0]
    assert "8" in lines[1]
    assert written() == {}


def test_a_missing_file_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        command(tmp_path / "nowhere.csv")
