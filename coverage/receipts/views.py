"""Looking up a receipt: whoever holds the paper learns that it is genuine, whoever may see the
figures sees them all.
"""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from coverage.forms import DayForm
from coverage.models import Receipt
from coverage.receipts import codes
from coverage.receipts.issuing import PAGE, drawing_of, receipt_for
from coverage.receipts.reading import ReceiptReading
from coverage.registry import INDICATORS, MEASURES
from coverage.views.area import VIEW_COVERAGE, AboutCoverage
from grids.tree import path_to
from jiaozuo_grid.limits import count_up, keyed
from jiaozuo_grid.reach import reach_of

# So many codes that are none, of one address in an hour, before it is told to stop. Good codes are
# answered all the same: an office behind one address must not be locked out by one who guesses.
WRONG_CODES, HOUR = 60, 3600


def guesses(address: str) -> bool:
    """Whether this address sends too many codes that are none; counts one more."""
    return count_up(f"receipt-wrong:{keyed('coverage.receipts', address)}", HOUR) > WRONG_CODES


@method_decorator(never_cache, name="dispatch")
class FindReceipt(View):
    """Where a code is typed in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = request.GET.get("code", "")[:40]
        code = codes.plain(typed)
        if codes.is_well_formed(code):
            return redirect("receipt", code)
        # The last character checks the others: a slip of the finger is told from a forgery.
        return _answer(request, "coverage/find_receipt.html", {"typed": typed})


@method_decorator(never_cache, name="dispatch")
class ReceiptPage(View):
    """A receipt behind its code."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        plain = codes.plain(code[:40])
        receipt = None
        if codes.is_well_formed(plain):
            receipt = Receipt.objects.select_related("issued_by__person").filter(code=plain).first()
        if receipt is None:
            return self.unknown(request, code)
        if plain != code:
            return redirect("receipt", plain)
        context = {
            "receipt": receipt,
            "code": codes.shown(receipt.code),
            "path": path_to(receipt.area_code),
            "drawing": drawing_of(receipt, request),
            "may_see": reach_of(request.user).allows(VIEW_COVERAGE, receipt.area_code),
        }
        if context["may_see"]:
            context["reading"] = ReceiptReading(receipt, request.GET.get("area", ""))
        return _answer(request, "coverage/receipt.html", context)

    def unknown(self, request: HttpRequest, code: str) -> HttpResponse:
        many = guesses(request.META.get("REMOTE_ADDR", ""))
        context = {"typed": code[:40], "unknown": not many, "many": many}
        return _answer(request, "coverage/find_receipt.html", context, 429 if many else 404)


class MakeReceipt(AboutCoverage):
    """A receipt for a figure, or for the area's page, as it is counted now."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        what = request.POST.get("what", "")
        if what != PAGE and what not in MEASURES and what not in INDICATORS:
            raise BadRequest
        form = DayForm(request.POST)
        if not form.is_valid():
            raise BadRequest
        restated = request.POST.get("map") == "today"
        day = form.cleaned_data["on"]
        made = receipt_for(self.code, day, what, request.user, restated=restated)
        return redirect("receipt", made.code)


def _answer(
    request: HttpRequest, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    answer = render(request, template, context, status=status)
    # Papers are not for search engines.
    answer["X-Robots-Tag"] = "noindex"
    return answer
