"""Signing a month, issuing another edition of it, and saying why a figure is restated."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from coverage.folding import fold, lock_fold_state
from coverage.models import Snapshot, SnapshotRemark, SnapshotSignature
from coverage.models.snapshots import SIGN
from coverage.registry import MEASURES
from coverage.snapshots.digests import changed_areas
from coverage.snapshots.freezing import moment_after, store_edition
from grids.authority import ROLE_RIGHTS, division_names, posts_of
from grids.models import Role
from grids.writing import keep
from jiaozuo_grid.reach import Actor, OutOfReach, System, reach_of


def may_sign(actor: Actor, area_code: str) -> bool:
    """Only who answers for exactly this area: the bureau does not sign for a county."""
    reach = reach_of(actor)
    return reach.everywhere or area_code in reach.areas_for(SIGN)


def _require(actor: Actor, area_code: str) -> None:
    if not may_sign(actor, area_code):
        raise OutOfReach


def newest(area_code: str, snapshot: Snapshot) -> bool:
    """Whether there is no later edition of the same month."""
    later = Snapshot.objects.filter(
        area_code=area_code, month=snapshot.month, number__gt=snapshot.number
    )
    return not later.exists()


def post_of(actor: Actor, area_code: str) -> str:
    """The post in which somebody signs, with the name of the area: 沁阳市 · 县级主管."""
    roles = [
        post.role
        for post in posts_of(actor)
        if post.area_code == area_code and SIGN in ROLE_RIGHTS[post.role]
    ]
    names = division_names([area_code])
    role = str(Role(roles[0]).label) if roles else ""
    return " · ".join(filter(None, (names.get(area_code, area_code), role)))[:100]


@transaction.atomic
def sign(actor: Actor, snapshot: Snapshot, *, remark: str = "") -> SnapshotSignature:
    """Put one's name to an edition. Raises ``OutOfReach`` or ``ValidationError``."""
    _require(actor, snapshot.area_code)
    if isinstance(actor, System):
        raise OutOfReach
    # One signature an edition: the second of two at once waits here.
    snapshot = Snapshot.objects.select_for_update().get(pk=snapshot.pk)
    if hasattr(snapshot, "signature"):
        raise ValidationError(_("This edition is signed already."))
    if not newest(snapshot.area_code, snapshot):
        raise ValidationError(_("There is a later edition; sign that one."))
    if changed_areas(snapshot):
        raise ValidationError(
            _("The stored figures are not those that were frozen. They cannot be signed.")
        )
    signature = SnapshotSignature(
        snapshot=snapshot,
        area_code=snapshot.area_code,
        signed_by=actor,
        name=actor.person.name,
        post=post_of(actor, snapshot.area_code),
        signed_at=timezone.now(),
        digest=snapshot.digest,
        remark=remark.strip(),
    )
    return keep(actor, signature, "sign month")


def reissue(actor: Actor, area_code: str, snapshot: Snapshot, *, reason: str) -> Snapshot:
    """Another edition of the same month, from what is known now; the earlier stay as they are."""
    _require(actor, area_code)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why another edition is issued.")})
    fold()
    with transaction.atomic():
        state = lock_fold_state()
        if not newest(area_code, snapshot):
            raise ValidationError(_("There is a later edition already."))
        edition = Snapshot(
            area_code=area_code,
            month=snapshot.month,
            number=snapshot.number + 1,
            reason=reason.strip(),
            frozen_at=moment_after(state),
        )
        store_edition(edition, actor)
        record(
            actor,
            "issue edition",
            area_code=area_code,
            row=edition,
            after={"month": f"{edition.month:%Y-%m}", "edition": edition.number},
            reason=reason.strip(),
        )
    return edition


def add_remark(actor: Actor, snapshot: Snapshot, measure: str, text: str) -> SnapshotRemark:
    """Say why a figure of an edition is restated otherwise; earlier remarks stay."""
    _require(actor, snapshot.area_code)
    if isinstance(actor, System):
        raise OutOfReach
    if measure not in MEASURES:
        raise ValidationError(_("There is no such measure."))
    if not text.strip():
        raise ValidationError({"text": _("Write the reason.")})
    row = SnapshotRemark(
        snapshot=snapshot,
        area_code=snapshot.area_code,
        measure=measure,
        text=text.strip(),
        written_by=actor,
        name=actor.person.name,
        written_at=timezone.now(),
    )
    return keep(actor, row, "remark on month")
