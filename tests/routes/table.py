"""Who may open what: one row a route (pitfalls P1).

A new route needs a row here. ``Row(right, at=…)`` says that those may open it who hold the right at
the area of what it shows (no ``at``: anywhere; what a list then holds is the querysets' business).
``SIGNED_IN`` and ``PUBLIC`` need a reason. ``there`` and ``not_there`` give the address's own part
for a row of ``world.py`` and for one that does not exist: those who may not see the one must get
the same answer as for the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from activities.calendar.link import token_of
from activities.checkin.codes import code_of
from jiaozuo_grid.area import Level, covers
from jiaozuo_grid.lasting import today
from tests import builders as b
from tests.routes.explain import RECEIPT
from tests.routes.gatherings import GATHERING_ID, NO_GATHERING
from tests.routes.reported import MONTH
from tests.routes.reports import NO_REPORT, REPORT_ID
from tests.routes.world import SESSION_ID, Actor, World

Address = dict[str, Any]
NOBODY = 999_999_999


@dataclass(frozen=True)
class Row:
    """A route's line of the table."""

    # All of these; "" for everybody who is signed in.
    rights: tuple[str, ...] | str = ""
    at: str = ""
    there: Callable[[World], Address] = field(default=lambda world: {})
    not_there: Address | None = None
    method: str = "get"
    data: dict[str, Any] = field(default_factory=dict)
    public: bool = False
    # Why it is open to all, or needs no right.
    reason: str = ""
    # Who may open it, where no right of the table says so.
    only: Callable[[Actor], bool] | None = None
    # A list of the API opens for everybody who is signed in; each of its rows must be one of
    # which this is true (actor, area code).
    holding: Callable[[Actor, str], bool] | None = None

    def opens_for(self, actor: Actor) -> bool:
        if self.public:
            return True
        if actor.user is None:
            return False
        if self.only is not None:
            return self.only(actor)
        if self.holding is not None:
            return True
        rights = (self.rights,) if isinstance(self.rights, str) else self.rights
        return all(actor.holds(right, self.at) for right in rights if right)


def _public(reason: str, **options: Any) -> Row:
    return Row(public=True, reason=reason, **options)


def _signed_in(reason: str, **options: Any) -> Row:
    return Row(reason=reason, **options)


def _area(right: tuple[str, ...] | str, code: str, missing: str, **options: Any) -> Row:
    """A page about the area ``code``; ``missing`` is a code beside it at which nothing stands."""
    more = options.pop("more", {})
    return Row(
        right,
        at=code,
        there=lambda world: {"code": code, **more},
        not_there={"code": missing, **more},
        **options,
    )


def _person(right: str, name: str = "accounts.person", **options: Any) -> Row:
    return Row(
        right, at=b.GRID, there=lambda w: {"pk": w.pk(name)}, not_there={"pk": NOBODY}, **options
    )


def _organisation(right: str, name: str = "grids.organisation") -> Row:
    return Row(right, at=b.VILLAGE, there=lambda w: {"pk": w.pk(name)}, not_there={"pk": NOBODY})


def _station(right: str, name: str = "stations.station", **options: Any) -> Row:
    """Stations stand at the village; who leads a grid of it sees them too."""
    more = options.pop("more", {})
    return Row(
        right,
        at=b.GRID,
        there=lambda w: {"pk": w.pk(name), **more},
        not_there={"pk": NOBODY, **more},
        **options,
    )


def _instructor(right: str, name: str = "instructors.instructor", key: str = "pk") -> Row:
    return Row(right, at=b.VILLAGE, there=lambda w: {key: w.pk(name)}, not_there={key: NOBODY})


def _session(right: str) -> Row:
    return Row(
        right,
        at=b.HOBBY_GRID,
        there=lambda w: {"pk": SESSION_ID},
        not_there={"pk": NO_SESSION},
    )


def _gathering(right: str) -> Row:
    return Row(
        right, at=b.GRID, there=lambda w: {"pk": GATHERING_ID}, not_there={"pk": NO_GATHERING}
    )


def _api_area(right: str, code: str, missing: str) -> Row:
    return Row(
        right, at=code, there=lambda w: {"area_code": code}, not_there={"area_code": missing}
    )


def _write(right: str, at: str, data: Address, missing: str = "") -> Row:
    there = {"area_code": at} if missing else {}
    not_there = {"area_code": missing} if missing else None
    return Row(right, at=at, data=data, there=lambda w: there, not_there=not_there)


NO_SESSION = UUID(int=SESSION_ID.int + 1)
NO_VILLAGE, NO_GRID, NO_HOBBY_GRID = "410882001299", b.VILLAGE + "099", b.GRID + "99"

ACCOUNTS = {
    "": _signed_in("leads on by what one may do"),
    "sign-in/": _public("where one signs in"),
    "sign-out/": _public("harmless to who is not signed in", method="post"),
    "password/": _signed_in("everyone's own password"),
    "audit/": Row("view accounts.auditentry"),
    "demo/sign-in/<str:username>/": Row(
        only=lambda actor: False,
        there=lambda w: {"username": "wangxm"},
        method="post",
        reason="not there outside demo mode (tests/demo)",
    ),
    "i18n/setlang/": _public("the language of the page", method="post"),
}

GRIDS = {
    "grids/": Row("view grids.grid"),
    "grids/<str:code>/": _area("view grids.grid", b.GRID, NO_GRID),
    "grids/<str:code>/new/": _area("change grids.grid", b.VILLAGE, NO_VILLAGE),
    "grids/<str:code>/missing/": _area("change grids.grid", b.VILLAGE, NO_VILLAGE),
    "grids/<str:code>/edit/": _area("change grids.grid", b.GRID, NO_GRID),
    "grids/<str:code>/end/": _area("change grids.grid", b.GRID, NO_GRID),
    "grids/<str:code>/reopen/": _area("change grids.grid", b.GRID, NO_GRID),
    "grids/<str:code>/reorganise/": _area("reorganise grids", b.GRID, NO_GRID),
    "grids/<str:code>/reorganise/<slug:kind>/": _area(
        "reorganise grids", b.GRID, NO_GRID, more={"kind": "merge-grid"}
    ),
    "reorganisations/": Row("view grids.reorganisation"),
    "reorganisations/<int:pk>/": Row(
        "view grids.reorganisation",
        at=b.VILLAGE,
        there=lambda world: {"pk": world.pk("grids.reorganisation")},
        not_there={"pk": NOBODY},
    ),
    "grids/<str:code>/residents/": _area("change grids.residentcount", b.VILLAGE, NO_VILLAGE),
    "grids/<str:code>/hobby-grids/new/": _area("change grids.hobbygrid", b.GRID, NO_GRID),
    "grids/<str:code>/edit-hobby-grid/": _area(
        "change grids.hobbygrid", b.HOBBY_GRID, NO_HOBBY_GRID
    ),
    "grids/<str:code>/appoint/<str:role>/": _area(
        "appoint grid_member", b.HOBBY_GRID, NO_HOBBY_GRID, more={"role": "grid_member"}
    ),
    "rules/": Row("view grids.rulevalue"),
    "rules/<str:key>/": Row(
        "change grids.rulevalue",
        at=b.CITY,
        there=lambda w: {"key": "instructor.services"},
        not_there={"key": "no.such.rule"},
    ),
    "appointments/": Row("view grids.appointment"),
    "appointments/vacant/": Row("view grids.appointment"),
    "appointments/<int:pk>/end/": Row(
        "appoint grid_member",
        at=b.HOBBY_GRID,
        there=lambda w: {"pk": w.pk("grids.appointment")},
        not_there={"pk": NOBODY},
    ),
    "people/": Row("view accounts.person"),
    "people/new/": Row("change accounts.person"),
    "people/duplicates/": Row("view grids.duplicatepair"),
    "people/duplicates/<int:pk>/": _person("view grids.duplicatepair", "grids.duplicatepair"),
    "people/duplicates/<int:pk>/different/": _person(
        "merge people", "grids.duplicatepair", method="post"
    ),
    "people/<int:pk>/same/": _person("merge people"),
    "people/<int:pk>/handover/": _person("change accounts.person"),
    "people/<int:pk>/leaving/": _person("change accounts.person"),
    "people/<int:pk>/leaving/undo/": _person("change accounts.person", method="post"),
    "people/<int:pk>/back/": _person("change accounts.person", method="post"),
    "people/<int:pk>/merge/undo/": _person("merge people", "merged", method="post"),
    "people/<int:pk>/": _person("view accounts.person"),
    "people/<int:pk>/edit/": _person("change accounts.person"),
    "people/<int:pk>/account/": _person("open account", "newcomer"),
    "people/<int:pk>/account/password/": _person("open account"),
    "people/<int:pk>/account/active/": _person("open account"),
    "organisations/": Row("view grids.organisation"),
    "organisations/terms/": Row("view grids.officer"),
    "organisations/new/": Row("change grids.organisation"),
    "organisations/<int:pk>/": _organisation("view grids.organisation"),
    "organisations/<int:pk>/edit/": _organisation("change grids.organisation"),
    "organisations/<int:pk>/end/": _organisation("change grids.organisation"),
    "organisations/<int:pk>/reopen/": _organisation("change grids.organisation"),
    "organisations/<int:pk>/officers/new/": _organisation("change grids.officer"),
    "officers/<int:pk>/end/": _organisation("change grids.officer", "grids.officer"),
    "officers/<int:pk>/replace/": _organisation("change grids.officer", "grids.officer"),
    "officers/<int:pk>/term/": _organisation("change grids.officer", "grids.officer"),
    "divisions/import/": Row("import divisions"),
    "divisions/import/preview/": Row("import divisions"),
    "divisions/import/problems/": Row("import divisions"),
    "divisions/import/discard/": Row("import divisions", method="post"),
}

_PROMOTION, _COURSE = "instructors.promotion", "instructors.course"
INSTRUCTORS = {
    "instructors/": Row("view instructors.instructor"),
    "instructors/due/": Row("view instructors.instructor"),
    "instructors/new/": Row("change instructors.instructor"),
    "instructors/<int:pk>/": _instructor("view instructors.instructor"),
    "instructors/<int:pk>/record/<int:year>/": Row(
        "view instructors.instructor",
        at=b.VILLAGE,
        there=lambda w: {"pk": w.pk("instructors.instructor"), "year": today().year},
        not_there={"pk": NOBODY, "year": today().year},
    ),
    "instructors/<int:pk>/edit/": _instructor("change instructors.instructor"),
    "instructors/<int:pk>/end/": _instructor("change instructors.instructor"),
    "instructors/<int:pk>/resume/": _instructor(
        "change instructors.instructor", "ended instructor"
    ),
    "instructors/<int:pk>/certificates/new/": _instructor("approve level 3"),
    "instructors/certificates/<int:certificate>/revoke/": _instructor(
        "approve level 3", "instructors.certificate", "certificate"
    ),
    "instructors/<int:pk>/register/": _instructor("change instructors.registration"),
    "instructors/<int:pk>/services/new/": _instructor("change instructors.service"),
    "instructors/services/<int:service>/withdraw/": _instructor(
        "change instructors.service", "instructors.service", "service"
    ),
    "instructors/<int:pk>/nominate/": _instructor("nominate level 2"),
    "instructors/promotions/": Row("view instructors.promotion"),
    "instructors/promotions/<int:pk>/": _instructor("view instructors.promotion", _PROMOTION),
    "instructors/promotions/<int:pk>/verify/": _instructor("verify level 2", _PROMOTION),
    "instructors/promotions/<int:pk>/approve/": _instructor("approve level 2", _PROMOTION),
    "instructors/promotions/<int:pk>/refuse/": _instructor("verify level 2", _PROMOTION),
    "instructors/promotions/<int:pk>/withdraw/": _instructor("nominate level 2", _PROMOTION),
    "instructors/courses/": Row("view instructors.course"),
    "instructors/courses/new/": Row("change instructors.course"),
    "instructors/courses/<int:pk>/": _instructor("view instructors.course", _COURSE),
    "instructors/courses/<int:pk>/edit/": _instructor("change instructors.course", _COURSE),
    "instructors/courses/<int:pk>/enrol/": _instructor("change instructors.attendance", _COURSE),
    "instructors/courses/<int:pk>/nominate/": _instructor("nominate level 3", _COURSE),
    "instructors/ladder/<str:code>/": _area("view instructors.instructor", b.VILLAGE, NO_VILLAGE),
    "instructors/ladder/<str:code>/<str:step>/": _area(
        "view instructors.instructor", b.VILLAGE, NO_VILLAGE, more={"step": "people"}
    ),
    "instructors/ladder/<str:code>/<str:step>/lost/": _area(
        "view instructors.instructor", b.VILLAGE, NO_VILLAGE, more={"step": "people"}
    ),
}

STATIONS = {
    "s/<slug:token>/": _public(
        "the page behind a station's QR code",
        there=lambda w: {"token": w.rows["stations.station"].token},
    ),
    "stations/": Row("view stations.station"),
    "stations/map/": Row("view stations.station"),
    "stations/map/points/": Row("view stations.station"),
    "stations/new/": Row("change stations.station"),
    "stations/new/<str:code>/": _area("change stations.station", b.VILLAGE, NO_VILLAGE),
    "stations/repairs/": Row("view stations.repair"),
    "stations/repairs/<int:pk>/": _station("view stations.repair", "stations.repair"),
    **{
        f"stations/repairs/<int:pk>/{verb}/": _station("change stations.repair", "stations.repair")
        for verb in ("accept", "finish", "reject")
    },
    "stations/posts/<int:pk>/end/": _station("change stations.stationpost", "stations.stationpost"),
    "stations/equipment/<int:pk>/": _station("change stations.equipment", "stations.equipment"),
    "stations/equipment/<int:pk>/remove/": _station(
        "change stations.equipment", "stations.equipment"
    ),
    "stations/photos/<int:pk>/": _station("view stations.stationphoto", "stations.stationphoto"),
    "stations/photos/<int:pk>/remove/": _station(
        "change stations.stationphoto", "stations.stationphoto", method="post"
    ),
    "stations/<int:pk>/": _station("view stations.station"),
    "stations/<int:pk>/edit/": _station("change stations.station"),
    "stations/<int:pk>/move/": _station("change stations.station"),
    "stations/<int:pk>/move/<str:code>/": _station(
        "change stations.station", more={"code": b.COMMUNITY}
    ),
    "stations/<int:pk>/end/": _station("change stations.station"),
    "stations/<int:pk>/reopen/": _station("change stations.station"),
    "stations/<int:pk>/hours/": _station("change stations.openinghours"),
    "stations/<int:pk>/post/<str:role>/": _station(
        "change stations.stationpost", more={"role": "instructor"}
    ),
    "stations/<int:pk>/equipment/": _station("change stations.equipment"),
    "stations/<int:pk>/inspect/": _station("change stations.inspection"),
    "stations/<int:pk>/fault/": _station("change stations.repair"),
    "stations/<int:pk>/photos/": _station("change stations.stationphoto"),
    "stations/<int:pk>/qr.svg": _station("view stations.station"),
    "stations/<int:pk>/qr/": _station("view stations.station"),
}

SESSIONS = {
    "m/": _signed_in("what waits on the phone is sent whatever post its author holds by now"),
    "m/shell/": _public("the page without anything of anybody"),
    "m/sw.js": _public("a script"),
    "m/manifest.webmanifest": _public("name and icons"),
    "m/log/<str:code>/": _area("log", b.HOBBY_GRID, NO_HOBBY_GRID),
    "sessions/": Row("view activities.session"),
    "phones/waiting/": Row("view activities.waitingrecord"),
    "burden/": _signed_in("what is asked of everybody, and why; nothing of a person"),
    "sessions/paper/": Row(
        only=lambda actor: actor.holds("log") and len(actor.area) <= Level.VILLAGE,
        reason="who logs for whole villages; the others have their own groups on the phone",
    ),
    "sessions/paper/<str:code>/": _area("log", b.VILLAGE, NO_VILLAGE),
    "sessions/review/": Row("view activities.sessionflag"),
    "sessions/review/<int:pk>/fine/": Row(
        "change activities.sessionflag",
        at=b.HOBBY_GRID,
        there=lambda w: {"pk": w.pk("activities.sessionflag")},
        not_there={"pk": NOBODY},
        method="post",
    ),
    "sessions/<uuid:pk>/": _session("view activities.session"),
    "sessions/<uuid:pk>/correct/": _session("log"),
    "sessions/<uuid:pk>/withdraw/": _session("log"),
    "sessions/<uuid:pk>/photo/": _session("view activities.session"),
    "schedules/<str:code>/": _area("view activities.schedule", b.HOBBY_GRID, NO_HOBBY_GRID),
    "schedules/<str:code>/new/": _area("change activities.schedule", b.HOBBY_GRID, NO_HOBBY_GRID),
    **{
        f"schedules/<str:code>/<int:pk>/{verb}/": Row(
            "change activities.schedule",
            at=b.HOBBY_GRID,
            there=lambda w: {"code": b.HOBBY_GRID, "pk": w.pk("activities.schedule")},
            not_there={"code": NO_HOBBY_GRID, "pk": NOBODY},
        )
        for verb in ("change", "end")
    },
    "m/off/<str:code>/": _area("log", b.HOBBY_GRID, NO_HOBBY_GRID),
    "m/off/<uuid:pk>/held/": Row(
        "log",
        at=b.HOBBY_GRID,
        there=lambda w: {"pk": w.pk("activities.calledoff")},
        not_there={"pk": NO_SESSION},
        method="post",
    ),
    "m/calendar/<str:token>.ics": _public(
        "the address is a secret of its own, which dies with the password",
        there=lambda w: {"token": token_of(w.rows["accounts.user"])},
    ),
}

GATHERINGS = {
    route: row
    for kind in ("lecture", "event")
    for route, row in {
        f"m/{kind}/<str:code>/": _area("log", b.GRID, NO_GRID),
        f"{kind}s/": Row(f"view activities.{kind}"),
        f"{kind}s/<uuid:pk>/": _gathering(f"view activities.{kind}"),
        f"{kind}s/<uuid:pk>/correct/": _gathering("log"),
        f"{kind}s/<uuid:pk>/withdraw/": _gathering("log"),
    }.items()
}

CHECK_INS = {
    "m/qr/<str:code>/": _area("log", b.HOBBY_GRID, NO_HOBBY_GRID),
    "c/s/<slug:token>/": _public(
        "residents check in without an account, at a station",
        there=lambda w: {"token": w.rows["stations.station"].token},
    ),
    "c/<slug:code>/": _public(
        "residents check in without an account, by the code on the leader's phone",
        there=lambda w: {"code": code_of(b.HOBBY_GRID)},
    ),
    "check-ins/": Row("view activities.checkin"),
    "check-ins/<str:code>/<str:day>/": Row(
        "view activities.checkin",
        at=b.HOBBY_GRID,
        there=lambda w: {"code": b.HOBBY_GRID, "day": today().isoformat()},
        not_there={"code": NO_HOBBY_GRID, "day": today().isoformat()},
    ),
}

JOBS = {
    # The job of the world belongs to a user who is none of the actors.
    route: Row(
        only=lambda actor: False,
        there=lambda w: {"pk": w.pk("jiaozuo_grid.job")},
        not_there={"pk": NOBODY},
        method=method,
        reason="a job is its owner's",
    )
    for route, method in (("jobs/<int:pk>/", "get"), ("jobs/<int:pk>/cancel/", "post"))
}

_FOLD: dict[str, Any] = {"there": lambda w: {"name": "fold"}, "not_there": {"name": "nothing"}}
PERIODIC = {
    "jobs/": Row("view jiaozuo_grid.jobrun"),
    "jobs/of/<slug:name>/": Row("view jiaozuo_grid.jobrun", **_FOLD),
    "jobs/of/<slug:name>/run/": Row("run jobs", method="post", **_FOLD),
}

_IMPORT: dict[str, Any] = {
    "only": lambda actor: False,
    "there": lambda w: {"pk": w.pk("jiaozuo_grid.sheetimport")},
    "not_there": {"pk": NOBODY},
    "reason": "an import is its owner's",
}
_A_SHEET: dict[str, Any] = {
    "there": lambda w: {"key": "instructors"},
    "not_there": {"key": "nothing"},
}
SHEETS = {
    "sheets/": Row(
        only=lambda actor: actor.holds("view grids.hobbygrid"),
        reason="every post lets its holder export at least the hobby grids that they see",
    ),
    "sheets/imports/<int:pk>/": Row(**_IMPORT),
    "sheets/imports/<int:pk>/marked/": Row(**_IMPORT),
    "sheets/<str:key>/": Row("view instructors.instructor", **_A_SHEET),
    "sheets/<str:key>/template/": Row("change instructors.instructor", **_A_SHEET),
    "sheets/<str:key>/export/": Row("view instructors.instructor", **_A_SHEET),
}

_REPORT: dict[str, Any] = {
    "rights": "view coverage",
    "at": b.VILLAGE,
    "there": lambda w: {"pk": REPORT_ID},
    "not_there": {"pk": NO_REPORT},
}
COVERAGE = {
    "coverage/definitions/": _signed_in("what each figure means"),
    "reports/": Row("view coverage"),
    "reports/<uuid:pk>/": Row(**_REPORT),
    "reports/<uuid:pk>/<str:form>/": Row(
        "view coverage",
        at=b.VILLAGE,
        there=lambda w: {"pk": REPORT_ID, "form": "pdf"},
        not_there={"pk": NO_REPORT, "form": "pdf"},
    ),
    "coverage/<str:code>/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
    "coverage/<str:code>/live/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
    "coverage/<str:code>/past/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
    "coverage/<str:code>/todo/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
    "coverage/<str:code>/wall/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
    "coverage/<str:code>/wall/live/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
    "coverage/<str:code>/print/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
    **{
        f"compare/{page}": Row(
            # Of the reader's own area, which must be entered; an area that the query names is
            # asked for as in other pages (tests/coverage/test_compare.py).
            only=lambda actor: actor.holds("view coverage") and covers(b.CITY, actor.area),
            reason="the areas of the reader's own",
        )
        for page in ("", "periods/", "lines/", "spread/", "indicators/")
    },
    "coverage/<str:code>/rows/<str:measure>/": _area(
        "view coverage", b.VILLAGE, NO_VILLAGE, more={"measure": "grids"}
    ),
    "coverage/<str:code>/gaps/<str:gap>/": _area(
        "view coverage", b.VILLAGE, NO_VILLAGE, more={"gap": "grids_without_leader"}
    ),
    "coverage/<str:code>/bridge/<str:measure>/": _area(
        "view coverage", b.VILLAGE, NO_VILLAGE, more={"measure": "led_share"}
    ),
    "coverage/<str:code>/bridge/<str:measure>/<str:part>/": _area(
        "view coverage", b.VILLAGE, NO_VILLAGE, more={"measure": "grids", "part": "new"}
    ),
    "coverage/<str:code>/receipt/": _area(
        "view coverage", b.VILLAGE, NO_VILLAGE, method="post", data={"what": "grids"}
    ),
    "coverage/<str:code>/targets/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
    "coverage/<str:code>/targets/<str:indicator>/": _area(
        "view coverage", b.VILLAGE, NO_VILLAGE, more={"indicator": "led_share"}
    ),
    "coverage/<str:code>/targets/<str:indicator>/withdraw/": _area(
        ("view coverage", "change coverage.target"),
        b.VILLAGE,
        NO_VILLAGE,
        more={"indicator": "led_share"},
    ),
    "coverage/<str:code>/targets/<str:indicator>/allocate/": _area(
        ("view coverage", "change coverage.target"),
        b.TOWNSHIP,
        "410882099",
        more={"indicator": "led_share"},
    ),
    "coverage/<str:code>/snapshots/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
    "coverage/<str:code>/snapshots/<str:month>/": _area(
        "view coverage", b.VILLAGE, NO_VILLAGE, more={"month": MONTH}
    ),
    **{
        f"coverage/<str:code>/snapshots/<str:month>/{verb}/": Row(
            only=lambda actor: (
                actor.in_force and (actor.role, actor.area) == ("county_official", b.COUNTY)
            ),
            there=lambda w: {"code": b.COUNTY, "month": MONTH},
            method="post",
            reason="only who answers for exactly this area: tests/coverage/test_snapshots.py",
        )
        for verb in ("sign", "reissue", "remark")
    },
    "coverage/<str:code>/gaps/<str:gap>/remind/": Row(
        ("view coverage", "remind"),
        at=b.VILLAGE,
        there=lambda w: {"code": b.VILLAGE, "gap": "grids_without_leader"},
        not_there={"code": NO_VILLAGE, "gap": "grids_without_leader"},
        method="post",
        data={"row": "0"},
    ),
    "coverage/<str:code>/gaps/<str:gap>/call/": Row(
        only=lambda actor: False,
        there=lambda w: {"code": b.VILLAGE, "gap": "grids_without_leader"},
        method="post",
        data={"row": "0"},
        reason="of a row of the gap only: tests/coverage/test_reminders.py",
    ),
    "reminders/<str:gap>/<str:sender>/answer/": Row(
        only=lambda actor: False,
        there=lambda w: {"gap": "grids_without_leader", "sender": b.CITY},
        method="post",
        data={"answer": "arranged"},
        reason="those only who were reminded: tests/coverage/test_reminders.py",
    ),
    "r/": _public("where the code of a paper is typed in"),
    "r/<str:code>/": _public(
        "that a paper is genuine: area, day, title; figures are for those in reach",
        there=lambda w: {"code": RECEIPT},
    ),
}


def _around(actor: Actor, code: str) -> bool:
    """Divisions at, below and above one's own areas: everyone may know where they are."""
    near = covers(actor.area, code) or covers(code, actor.area)
    return actor.holds("view grids.division") and near


def _list(right: str) -> Row:
    return Row(
        holding=lambda actor, code: actor.holds(right, code), reason="holds one's own rows only"
    )


API = {
    "api/v1/^grids/$": _list("view grids.grid"),
    "api/v1/^grids/missing/$": _signed_in("has no GET; its POST stands in WRITES"),
    "api/v1/^grids/(?P<area_code>[0-9]{15,17})/$": _api_area("view grids.grid", b.GRID, NO_GRID),
    "api/v1/^hobby-grids/$": _list("view grids.hobbygrid"),
    "api/v1/^hobby-grids/(?P<area_code>[0-9]{15,17})/$": _api_area(
        "view grids.hobbygrid", b.HOBBY_GRID, NO_HOBBY_GRID
    ),
    "api/v1/divisions/": Row(holding=_around, reason="divisions above one's own are no secret"),
    "api/v1/outlines/<str:code>/": Row(
        only=lambda actor: _around(actor, b.VILLAGE),
        there=lambda w: {"code": b.VILLAGE},
        not_there={"code": NO_VILLAGE},
        reason="divisions above one's own are no secret",
    ),
    "api/v1/^activities/$": _list("view activities.session"),
    "api/v1/^activities/(?P<pk>[^/.]+)/$": _session("view activities.session"),
    **{
        f"api/v1/^activities/(?P<pk>[^/.]+)/{verb}/$": _signed_in(
            "has no GET; its POST stands in WRITES", there=lambda w: {"pk": SESSION_ID}
        )
        for verb in ("correct", "withdraw")
    },
    **{
        route: row
        for kind in ("lecture", "event")
        for route, row in {
            f"api/v1/^{kind}s/$": _list(f"view activities.{kind}"),
            f"api/v1/^{kind}s/(?P<pk>[^/.]+)/$": _gathering(f"view activities.{kind}"),
        }.items()
    },
    **{
        f"api/v1/outbox/{part}": _signed_in(
            "has no GET; its writes stand in WRITES", there=lambda w: {"pk": SESSION_ID}
        )
        for part in ("", "manifest/", "photos/<uuid:pk>/")
    },
    "api/v1/phone/": _signed_in("one's own hobby grids, none without a post"),
    "api/v1/coverage/<str:code>/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
    "api/v1/coverage/<str:code>/snapshots/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
    "api/v1/coverage/<str:code>/snapshots/<str:month>/": _area(
        "view coverage", b.VILLAGE, NO_VILLAGE, more={"month": MONTH}
    ),
    "api/v1/coverage/<str:code>/trend/": _area(
        "view coverage", b.VILLAGE, NO_VILLAGE, data={"measure": "grids"}
    ),
    "api/v1/coverage/<str:code>/gaps/": _area(
        "view coverage", b.VILLAGE, NO_VILLAGE, data={"indicator": "led_share"}
    ),
    "api/v1/coverage/<str:code>/rows/": _area(
        "view coverage", b.VILLAGE, NO_VILLAGE, data={"measure": "grids"}
    ),
    "api/v1/schema/": _public("describes the API; holds no rows"),
    "api/v1/docs/": _public("describes the API; holds no rows"),
}

# The administration: (model, right of which model, area of the world's row, may add).
ADMIN_MODELS: list[tuple[str, str, str, bool]] = [
    ("accounts.person", "", b.GRID, True),
    ("accounts.user", "", b.GRID, True),
    ("accounts.auditentry", "", b.VILLAGE, False),
    ("grids.division", "", b.VILLAGE, False),
    ("grids.residentcount", "", b.VILLAGE, True),
    ("grids.outline", "", b.VILLAGE, False),
    ("grids.sport", "", "", True),
    ("grids.grid", "", b.GRID, True),
    ("grids.hobbygrid", "", b.HOBBY_GRID, True),
    ("grids.appointment", "", b.HOBBY_GRID, True),
    ("grids.organisation", "", b.VILLAGE, True),
    ("grids.officer", "", b.VILLAGE, True),
    ("grids.duplicatepair", "", b.GRID, False),
    ("instructors.instructor", "", b.VILLAGE, True),
    ("instructors.instructorplace", "", b.VILLAGE, False),
    ("instructors.certificate", "", b.VILLAGE, False),
    ("instructors.registration", "", b.VILLAGE, False),
    ("instructors.service", "", b.VILLAGE, False),
    ("instructors.course", "", b.VILLAGE, False),
    ("instructors.attendance", "", b.VILLAGE, False),
    ("instructors.promotion", "", b.VILLAGE, False),
    ("stations.station", "", b.VILLAGE, True),
    ("stations.stationplace", "", b.VILLAGE, False),
    ("stations.stationpost", "", b.VILLAGE, False),
    ("stations.stationphoto", "", b.VILLAGE, False),
    ("stations.openinghours", "", b.VILLAGE, False),
    ("stations.equipment", "", b.VILLAGE, False),
    ("stations.inspection", "", b.VILLAGE, False),
    ("stations.repair", "", b.VILLAGE, False),
    ("activities.session", "", b.HOBBY_GRID, False),
    ("activities.sessionrevision", "activities.session", b.HOBBY_GRID, False),
    ("activities.sessionflag", "", b.HOBBY_GRID, False),
    ("activities.schedule", "", b.HOBBY_GRID, False),
    ("activities.calledoff", "", b.HOBBY_GRID, False),
    ("activities.lecture", "", b.GRID, False),
    ("activities.event", "", b.GRID, False),
    ("activities.checkin", "", b.HOBBY_GRID, False),
    ("activities.waitingrecord", "", b.GRID, False),
    ("activities.submission", "activities.waitingrecord", b.GRID, False),
    ("activities.photoupload", "activities.waitingrecord", b.GRID, False),
    ("activities.sessionjoin", "activities.session", b.HOBBY_GRID, False),
    ("coverage.stalemark", "", b.VILLAGE, False),
    ("jiaozuo_grid.jobclock", "", "", False),
    ("jiaozuo_grid.jobrun", "", "", False),
    ("coverage.spell", "", b.VILLAGE, False),
    ("coverage.stocktally", "", b.VILLAGE, False),
    ("coverage.flowtally", "", b.VILLAGE, False),
    ("coverage.stockshift", "", b.VILLAGE, False),
    ("coverage.flowshift", "", b.VILLAGE, False),
    ("coverage.foldstate", "", b.CITY, False),
    ("coverage.report", "", b.VILLAGE, False),
    ("coverage.datedtally", "coverage.flowtally", b.VILLAGE, False),
    ("coverage.datedshift", "coverage.flowshift", b.VILLAGE, False),
    ("coverage.nearstation", "coverage.spell", b.VILLAGE, False),
    ("coverage.journalline", "", b.VILLAGE, False),
    ("coverage.journalopening", "", b.CITY, False),
    ("coverage.definitionversion", "", b.CITY, False),
    ("coverage.receipt", "", b.VILLAGE, False),
    ("coverage.reminder", "", b.VILLAGE, False),
    ("coverage.target", "", b.VILLAGE, False),
    ("coverage.snapshot", "", b.COUNTY, False),
    ("coverage.snapshotarea", "", b.VILLAGE, False),
    ("coverage.snapshotsignature", "", b.VILLAGE, False),
    ("coverage.snapshotremark", "", b.VILLAGE, False),
    ("grids.reorganisation", "", b.VILLAGE, False),
    ("grids.succession", "grids.reorganisation", b.VILLAGE, False),
    ("grids.rulevalue", "", b.VILLAGE, False),
    ("jiaozuo_grid.job", "", b.GRID, False),
    ("jiaozuo_grid.sheetimport", "jiaozuo_grid.job", b.GRID, False),
    ("jiaozuo_grid.savedview", "jiaozuo_grid.job", b.GRID, False),
]
STAFF = "use admin"


def _admin_rows(model: str, right_of: str, at: str, may_add: bool) -> dict[str, Row]:
    base = f"admin/{model.replace('.', '/')}/"
    view = (STAFF, f"view {right_of or model}")
    by_uuid = {
        f"activities.{name}"
        for name in (
            *("session", "lecture", "event", "calledoff"),
            *("waitingrecord", "submission", "photoupload", "sessionjoin"),
        )
    }
    by_uuid.add("coverage.report")
    missing = str(NO_SESSION if model in by_uuid else NOBODY)
    one: dict[str, Any] = {
        "at": at,
        "there": lambda world: {"object_id": world.pk(model)},
        "not_there": {"object_id": missing},
    }
    nobody: dict[str, Any] = {"only": lambda actor: False, "reason": "not added by hand"}
    return {
        base: Row(view),
        f"{base}add/": Row((STAFF, f"change {model}")) if may_add else Row(**nobody),
        f"{base}<path:object_id>/history/": Row(view, **one),
        f"{base}<path:object_id>/change/": Row(view, **one),
        f"{base}<path:object_id>/": Row(STAFF, there=one["there"], not_there=one["not_there"]),
    }


APPS = "coverage|activities|stations|instructors|grids|accounts|jiaozuo_grid"
ADMIN = {
    "admin/": Row(STAFF),
    "admin/login/": Row(STAFF, reason="leads to the site's own signing in"),
    "admin/logout/": _public("harmless to who is not signed in", method="post"),
    "admin/password_change/": Row(STAFF),
    "admin/password_change/done/": Row(STAFF),
    "admin/autocomplete/": Row(
        (STAFF, "view accounts.person"),
        data={"app_label": "grids", "model_name": "appointment", "field_name": "person"},
    ),
    "admin/jsi18n/": Row(STAFF),
    f"admin/^(?P<app_label>{APPS})/$": Row(STAFF, there=lambda w: {"app_label": "grids"}),
    "admin/(?P<url>.*)$": Row(
        only=lambda actor: False,
        there=lambda w: {"url": "nothing"},
        reason="answers whatever else is asked of the administration",
    ),
    **{
        pattern: row
        for model, right_of, at, may_add in ADMIN_MODELS
        for pattern, row in _admin_rows(model, right_of, at, may_add).items()
    },
}

# The saved view of the world belongs to a user who is none of the actors.
for _pattern in ("history", "change"):
    ADMIN[f"admin/jiaozuo_grid/savedview/<path:object_id>/{_pattern}/"] = Row(
        only=lambda actor: False,
        there=lambda world: {"object_id": world.pk("jiaozuo_grid.savedview")},
        not_there={"object_id": str(NOBODY)},
        reason="a saved view is its owner's",
    )


def _of_the_whole(model: str) -> Row:
    return Row(
        only=lambda actor: actor.holds(f"view {model}") and len(actor.area) == Level.CITY,
        there=lambda world: {"object_id": world.pk(model)},
        not_there={"object_id": str(NOBODY)},
        reason="it belongs to no area, or names areas everywhere: for whole cities' people",
    )


for _model in ("foldstate", "journalopening", "definitionversion"):
    for _pattern in ("history", "change"):
        ADMIN[f"admin/coverage/{_model}/<path:object_id>/{_pattern}/"] = _of_the_whole(
            f"coverage.{_model}"
        )

TABLE: dict[str, Row] = {
    **ACCOUNTS,
    **GRIDS,
    **INSTRUCTORS,
    **STATIONS,
    **SESSIONS,
    **GATHERINGS,
    **CHECK_INS,
    **JOBS,
    **PERIODIC,
    **SHEETS,
    **COVERAGE,
    **API,
    **ADMIN,
}

NEW_SESSION = {
    "id": str(NO_SESSION),
    "area_code": b.HOBBY_GRID,
    "held_on": today().isoformat(),
    "start_time": "00:00",
    "minutes": 1,
    "participants": 20,
}
# What writes through the API; the bodies are right but for the area, so that authority decides.
WRITES: dict[str, Row] = {
    "post api/v1/^grids/$": _write("change grids.grid", b.VILLAGE, {"village_code": b.VILLAGE}),
    "post api/v1/^grids/missing/$": _write(
        "change grids.grid", b.COMMUNITY, {"villages": [b.COMMUNITY]}
    ),
    "patch api/v1/^grids/(?P<area_code>[0-9]{15,17})/$": _write(
        "change grids.grid", b.GRID, {"name": "新名"}, missing=NO_GRID
    ),
    "post api/v1/^hobby-grids/$": _write(
        "change grids.hobbygrid", b.GRID, {"parent_code": b.GRID, "sport": "square-dance"}
    ),
    "post api/v1/^activities/$": _write("log", b.HOBBY_GRID, NEW_SESSION),
    **{
        f"{verb} api/v1/outbox/{part}": Row(
            only=lambda actor: False,
            there=lambda w: {"pk": SESSION_ID},
            data={"author": "0" * 16, "id": str(NO_SESSION)},
            reason="answers only who has the author's key; tests/activities/outbox has the matrix",
        )
        for verb, part in (
            ("post", ""),
            ("post", "manifest/"),
            ("post", "photos/<uuid:pk>/"),
            ("put", "photos/<uuid:pk>/"),
        )
    },
    **{
        f"post api/v1/^activities/(?P<pk>[^/.]+)/{verb}/$": Row(
            "log",
            at=b.HOBBY_GRID,
            there=lambda w: {"pk": SESSION_ID},
            not_there={"pk": NO_SESSION},
            data={"version": 2, "reason": "笔误"},
        )
        for verb in ("correct", "withdraw")
    },
    "patch api/v1/^hobby-grids/(?P<area_code>[0-9]{15,17})/$": _write(
        "change grids.hobbygrid", b.HOBBY_GRID, {"name": "新名"}, missing=NO_HOBBY_GRID
    ),
}
