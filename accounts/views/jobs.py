"""The periodic jobs: how each stands, what its runs came to, and having one run now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.running_again import RUN_JOBS, run_again
from jiaozuo_grid.pages import PAGE_SIZE, Crumb, Needs
from jiaozuo_grid.periodic import PeriodicJob, declared
from jiaozuo_grid.periodic.models import JobRun
from jiaozuo_grid.periodic.reading import GIVEN_UP, LATE, Told, standing_of, standings
from jiaozuo_grid.reach import reach_of


class JobsPage(Needs):
    """All jobs; htmx asks for the list again every few seconds."""

    right = "view jiaozuo_grid.jobrun"

    def get(self, request: HttpRequest) -> HttpResponse:
        part = request.headers.get("HX-Request") == "true"
        found = standings()
        context: dict[str, Any] = {
            "standings": found,
            "wanting": [s for s in found if s.state in (GIVEN_UP, LATE)],
            "may_run": reach_of(request.user).allows(RUN_JOBS),
        }
        return render(request, "accounts/_jobs.html" if part else "accounts/jobs.html", context)


class OneJob(Needs):
    right = "view jiaozuo_grid.jobrun"
    job: PeriodicJob

    def prepare(self) -> None:
        job = declared().get(self.kwargs["name"])
        if job is None:
            raise Http404
        self.job = job


class JobPage(OneJob):
    """One job and its runs, newest first; ``?before=`` continues with older ones."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        runs = JobRun.objects.filter(name=name).select_related("asked_by__person").order_by("-id")
        before = request.GET.get("before", "")
        if before.isascii() and before.isdigit() and len(before) < 19:
            runs = runs.filter(id__lt=int(before))
        read = list(runs[: PAGE_SIZE + 1])
        shown = read[:PAGE_SIZE]
        context = {
            "crumbs": [
                Crumb(_("Periodic jobs"), reverse("jobs")),
                Crumb(str(self.job.title)),
            ],
            "standing": standing_of(self.job),
            "runs": [Told(run, self.job) for run in shown],
            "older": shown[-1].pk if len(read) > PAGE_SIZE else None,
            "may_run": reach_of(request.user).allows(RUN_JOBS),
        }
        return render(request, "accounts/job.html", context)


class RunAgain(OneJob):
    right = RUN_JOBS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, name: str) -> HttpResponse:
        try:
            run_again(request.user, self.job)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            told = _("“%(job)s” runs within a minute. This page shows what came of it.")
            messages.success(request, told % {"job": self.job.title})
        return redirect("jobs")
