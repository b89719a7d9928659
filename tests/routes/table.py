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

from jiaozuo_grid.area import Level, covers
from jiaozuo_grid.lasting import today
from tests import builders as b
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


def _area(right: str, code: str, missing: str, **options: Any) -> Row:
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
    "m/": Row("log"),
    "m/log/<str:code>/": _area("log", b.HOBBY_GRID, NO_HOBBY_GRID),
    "sessions/": Row("view activities.session"),
    "sessions/<uuid:pk>/": _session("view activities.session"),
    "sessions/<uuid:pk>/correct/": _session("log"),
    "sessions/<uuid:pk>/withdraw/": _session("log"),
    "sessions/<uuid:pk>/photo/": _session("view activities.session"),
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

COVERAGE = {
    "coverage/definitions/": _signed_in("what each figure means"),
    "coverage/<str:code>/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
    "coverage/<str:code>/live/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
    "coverage/<str:code>/rows/<str:measure>/": _area(
        "view coverage", b.VILLAGE, NO_VILLAGE, more={"measure": "grids"}
    ),
    "coverage/<str:code>/gaps/<str:gap>/": _area(
        "view coverage", b.VILLAGE, NO_VILLAGE, more={"gap": "grids_without_leader"}
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
    "api/v1/coverage/<str:code>/": _area("view coverage", b.VILLAGE, NO_VILLAGE),
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
    ("coverage.stalemark", "", b.VILLAGE, False),
    ("coverage.spell", "", b.VILLAGE, False),
    ("coverage.stocktally", "", b.VILLAGE, False),
    ("coverage.flowtally", "", b.VILLAGE, False),
    ("coverage.stockshift", "", b.VILLAGE, False),
    ("coverage.flowshift", "", b.VILLAGE, False),
    ("coverage.foldstate", "", b.CITY, False),
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
    missing = str(NO_SESSION if model == "activities.session" else NOBODY)
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

# Its drift names areas everywhere, so only whole cities' people see it.
for _pattern in ("history", "change"):
    ADMIN[f"admin/coverage/foldstate/<path:object_id>/{_pattern}/"] = Row(
        only=lambda actor: actor.holds("view coverage.foldstate") and len(actor.area) == Level.CITY,
        there=lambda world: {"object_id": world.pk("coverage.foldstate")},
        not_there={"object_id": str(NOBODY)},
        reason="one row for the whole",
    )

TABLE: dict[str, Row] = {
    **ACCOUNTS,
    **GRIDS,
    **INSTRUCTORS,
    **STATIONS,
    **SESSIONS,
    **JOBS,
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
