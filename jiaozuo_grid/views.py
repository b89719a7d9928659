"""The page of a job: how far it is, what came of it. Only its owner sees it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from jiaozuo_grid import jobs
from jiaozuo_grid.jobs import Job


@require_GET
@login_required
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; to htmx only the progress component, which asks again while the job is open."""
    found = get_object_or_404(Job, pk=pk, owner=request.user)
    part = request.headers.get("HX-Request") == "true"
    template = "jiaozuo_grid/_job.html" if part else "jiaozuo_grid/job.html"
    return render(request, template, {"job": found})


@require_POST
@login_required
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Job, pk=pk, owner=request.user)
    jobs.cancel(found)
    return redirect(found)
