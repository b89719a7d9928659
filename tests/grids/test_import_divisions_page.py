"""Importing divisions in the browser: upload, look, agree, be told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Door
from grids.divisions import uploads
from grids.divisions.work import KIND
from grids.models import Appointment, Division
from jiaozuo_grid import jobs
from jiaozuo_grid.jobs import Job, State
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "code,name\n410800000000,焦作市\n410882000000,沁阳市\n410883000000,孟州市\n"
PREVIEW = "/divisions/import/preview/"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def bureau(client: Client) -> Client:
    builders.division("4108", "焦作市")
    client.force_login(builders.user("bureau_staff"))
    return client


def upload(client: Client, text: str = LIST, **fields: str) -> Any:
    file = SimpleUploadedFile("list.csv", text.encode(), content_type="text/csv")
    return client.post(reverse("division-import"), {"file": file, **fields})


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found
    return found[1]


def agree(client: Client, **fields: str) -> Any:
    html = client.get(PREVIEW).content.decode()
    agreed = {name: hidden(html, name) for name in ("on", "digest")}
    return client.post(PREVIEW, {**agreed, **fields})


def shown_figures(html: str) -> dict[str, int]:
    found = re.findall(r'data-outcome="(\w+)" data-count="(\d+)"', html)
    return {kind: int(count) for kind, count in found}


def stored_uploads() -> list[str]:
    return default_storage.listdir(uploads.FOLDER)[1]


def test_the_preview_shows_what_would_change_and_writes_nothing(bureau: Client) -> None:
    assert upload(bureau).headers["Location"] == PREVIEW
    html = bureau.get(PREVIEW).content.decode()
    figures = shown_figures(html)
    assert (figures["added"], figures["unchanged"], figures["absent"]) == (2, 1, 0)
    assert Division.objects.count() == 1


def test_what_was_agreed_to_is_imported_by_a_job_with_a_result(bureau: Client) -> None:
    upload(bureau)
    response = agree(bureau)
    job = Job.objects.get(kind=KIND)
    assert response.headers["Location"] == job.get_absolute_url()
    assert job.state == State.DONE
    assert (job.result or {})["figures"]["added"] == 2
    assert set(Division.objects.values_list("name", flat=True)) == {"焦作市", "沁阳市", "孟州市"}
    entry = AuditEntry.objects.get(area_code="410882")
    assert entry.actor == job.owner
    assert entry.door == Door.TASK
    assert stored_uploads() == []


def test_bad_rows_are_listed_and_cannot_be_agreed_to(bureau: Client) -> None:
    upload(bureau, LIST + "41088400,济源市\n410882001000,\n")
    html = bureau.get(PREVIEW).content.decode()
    rows = re.findall(r'data-kind="(\w+)" data-line="(\d*)"', html)
    assert rows == [("code_length", "5"), ("name_missing", "6")]
    assert 'name="digest"' not in html
    download: Any = bureau.get(reverse("division-import-problems"))
    lines = b"".join(download.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert Division.objects.count() == 1


def test_a_value_of_the_file_is_shown_as_text(bureau: Client) -> None:
    upload(bureau, LIST + "<script>alert(1)</script>,济源市\n")
    html = bureau.get(PREVIEW).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_absent_divisions_are_ended_only_when_ticked(bureau: Client) -> None:
    upload(bureau)
    agree(bureau)
    shorter = LIST.rsplit("\n", 2)[0]
    upload(bureau, shorter)
    assert shown_figures(bureau.get(PREVIEW).content.decode())["absent"] == 1
    agree(bureau)
    assert Division.objects.get(area_code="410883").ended_on is None
    upload(bureau, shorter)
    agree(bureau, end_absent="on")
    assert Division.objects.get(area_code="410883").ended_on is not None


def test_an_absent_division_with_grids_is_explained_instead_of_offered(bureau: Client) -> None:
    builders.division("410883", "孟州市")
    builders.grid("410883001201001")
    upload(bureau, "code,name\n410800000000,焦作市\n410882000000,沁阳市\n")
    html = bureau.get(PREVIEW).content.decode()
    assert 'data-kept="410883"' in html
    assert 'name="end_absent"' not in html


def test_a_register_that_moved_since_the_preview_is_left_alone(bureau: Client) -> None:
    upload(bureau)
    html = bureau.get(PREVIEW).content.decode()
    builders.division("410882", "别名")
    bureau.post(PREVIEW, {name: hidden(html, name) for name in ("on", "digest")})
    job = Job.objects.get(kind=KIND)
    assert job.state == State.FAILED
    assert job.error
    assert Division.objects.filter(name="孟州市").count() == 0


def test_rights_lost_before_the_job_runs_are_lost(bureau: Client) -> None:
    """P5: the job has the rights that its owner has when it runs."""
    upload(bureau)
    html = bureau.get(PREVIEW).content.decode()
    owner = bureau.session["_auth_user_id"]
    fields = {name: hidden(html, name) for name in ("on", "digest")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "send", lambda job_id: None)
        bureau.post(PREVIEW, fields)
    Appointment.objects.filter(person__user=owner).update(ended_on=builders.BEGINNING)
    job = Job.objects.get(kind=KIND)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert Division.objects.count() == 1


def test_two_imports_are_never_open_at_once(bureau: Client) -> None:
    """I2: the second one is told to wait, and keeps its file."""
    open_job = Job.objects.create(kind=KIND, key=KIND, state=State.RUNNING, language="zh-hans")
    upload(bureau)
    assert agree(bureau).headers["Location"] == PREVIEW
    assert list(Job.objects.all()) == [open_job]
    assert len(stored_uploads()) == 1


def test_a_job_delivered_twice_imports_once(bureau: Client) -> None:
    """J2: a task delivered again has no effect."""
    upload(bureau)
    agree(bureau)
    entries = AuditEntry.objects.count()
    jobs.run(Job.objects.get(kind=KIND).pk)
    assert AuditEntry.objects.count() == entries


def test_the_chosen_day_is_the_day_from_which_the_list_holds(bureau: Client) -> None:
    upload(bureau, on="2025-03-01")
    agree(bureau)
    assert str(Division.objects.get(area_code="410882").started_on) == "2025-03-01"


def test_a_day_to_come_and_a_missing_file_are_named_at_their_field(bureau: Client) -> None:
    assert upload(bureau, on="2999-01-01").context["form"].errors.keys() == {"on"}
    response = bureau.post(reverse("division-import"), {})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"file"}


def test_a_file_that_is_too_large_is_refused_at_once(bureau: Client) -> None:
    """I4: 200 MB and the like."""
    response = upload(bureau, "x" * (10 * 1024 * 1024 + 1))
    assert response.context["form"].errors.keys() == {"file"}
    assert "division_import" not in bureau.session


def test_an_empty_file_is_explained(bureau: Client) -> None:
    upload(bureau, "")
    assert 'data-kind="empty_file"' in bureau.get(PREVIEW).content.decode()


def test_a_discarded_file_is_gone(bureau: Client) -> None:
    upload(bureau)
    bureau.post(reverse("division-import-discard"))
    assert stored_uploads() == []
    assert bureau.get(PREVIEW).headers["Location"] == reverse("division-import")


@pytest.mark.parametrize("role", ["county_official", "auditor", "township_officer", None])
@pytest.mark.parametrize(
    "page",
    [
        "division-import",
        "division-import-preview",
        "division-import-problems",
        "division-import-discard",
    ],
)
def test_pages_are_closed_to_those_who_may_not_import(
    client: Client, page: str, role: str | None
) -> None:
    """P1: each route refuses who has no right, and sends who is not signed in to sign in."""
    assert client.post(reverse(page)).headers["Location"].startswith(reverse("sign-in"))
    client.force_login(builders.user(role))
    assert client.get(reverse(page)).status_code == 403
    assert client.post(reverse(page)).status_code == 403


def test_a_row_out_of_reach_is_shown_with_its_line(client: Client) -> None:
    """P3: one foreign row refuses the file."""
    builders.division("4109", "濮阳市")
    client.force_login(builders.user("bureau_staff", "4109"))
    upload(client)
    html = client.get(PREVIEW).content.decode()
    assert re.findall(r'data-kind="(\w+)" data-line="(\d*)"', html) == [
        ("out_of_reach", "2"),
        ("out_of_reach", "3"),
        ("out_of_reach", "4"),
    ]


def test_the_number_of_queries_does_not_grow_with_the_rows(
    bureau: Client, django_assert_max_num_queries: Any
) -> None:
    """L2: a preview of many rows costs as many queries as one of few."""
    rows = "".join(f"410882001{n:03},村{n}\n" for n in range(1, 300))
    upload(bureau, LIST + "410882001000,覃怀街道\n" + rows)
    with django_assert_max_num_queries(12):
        bureau.get(PREVIEW)
