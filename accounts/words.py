"""What the audit trail calls things: actions, kinds of rows, fields and values, in words."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, User

# The verbs that actions write into the trail, in the order of the filter.
VERBS: dict[str, Promise] = {
    "sign in": _("sign in"),
    "sign-in failed": _("sign-in failed"),
    "sign out": _("sign out"),
    "change password": _("change password"),
    "open account": _("open account"),
    "close account": _("close account"),
    "re-open account": _("re-open account"),
    "renew password": _("renew password"),
    "enter person": _("enter person"),
    "hand over": _("hand over"),
    "record death": _("record a death"),
    "record moving away": _("record moving away"),
    "record return": _("record a return"),
    "merge people": _("merge entries of a person"),
    "suspect duplicate": _("name a possible duplicate"),
    "decide duplicate": _("decide on a duplicate"),
    "appoint": _("appoint"),
    "import": _("import a spreadsheet"),
    "export": _("export a spreadsheet"),
    "run job": _("have a periodic job run"),
    "undo": _("undo"),
    "import divisions": _("import divisions"),
    "import outlines": _("import outlines"),
    "record residents": _("record residents"),
    "establish grid": _("establish grid"),
    "form hobby grid": _("form hobby grid"),
    "move station": _("move station"),
    "set opening hours": _("set opening hours"),
    "post": _("post at a station"),
    "add equipment": _("add equipment"),
    "inspect": _("inspect station"),
    "report fault": _("report fault"),
    "accept repair": _("accept repair"),
    "finish repair": _("finish repair"),
    "reject repair": _("reject repair"),
    "hand repair": _("hand on repair"),
    "add photo": _("add photo"),
    "remove photo": _("remove photo"),
    "enter instructor": _("enter instructor"),
    "grant certificate": _("record certificate"),
    "revoke certificate": _("revoke certificate"),
    "register instructor": _("register instructor"),
    "enter service": _("enter service"),
    "withdraw service": _("take back service"),
    "open course": _("open course"),
    "enrol": _("enrol in course"),
    "record result": _("record result of course"),
    "nominate": _("nominate for promotion"),
    "verify promotion": _("verify promotion"),
    "approve promotion": _("approve promotion"),
    "refuse promotion": _("refuse promotion"),
    "withdraw promotion": _("withdraw promotion"),
    "place": _("place"),
    "set rule": _("set rule"),
    "log": _("log session"),
    "correct": _("correct session"),
    "withdraw": _("withdraw session"),
    "join": _("join a record to a session"),
    "dismiss": _("no longer wait for a record"),
    "discard": _("discard a record that waited"),
    "doubt": _("name a session to look at"),
    "drop doubt": _("a doubt is gone"),
    "find fine": _("find it as it says"),
    "set schedule": _("set meeting time"),
    "change schedule": _("change meeting time"),
    "end schedule": _("end meeting time"),
    "call off": _("note a meeting as not held"),
    "hold after all": _("held after all"),
    "log gathering": _("log lecture or event"),
    "correct gathering": _("correct lecture or event"),
    "withdraw gathering": _("withdraw lecture or event"),
    "check in": _("check in"),
    "forget": _("forget what was only needed for a while"),
    "add": _("add"),
    "edit": _("edit"),
    "end": _("end"),
    "re-open": _("re-open"),
}


def verb_in_words(verb: str) -> str:
    return str(VERBS.get(verb, verb))


def recorded_models() -> list[type[models.Model]]:
    """The kinds of rows that the trail speaks of: scoped rows, and sign-ins."""
    scoped = [m for m in apps.get_models() if hasattr(m._default_manager, "visible_to")]
    return [*(m for m in scoped if m is not AuditEntry), User]


def model_called(label: str) -> type[models.Model] | None:
    """The model of an entry; None when the entry has none, or the model is no more."""
    try:
        return apps.get_model(label) if label else None
    except LookupError:
        return None


def field_called(model: type[models.Model] | None, name: str) -> Any:
    """The field that an entry's key names; None when there is none."""
    if model is None:
        return None
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        named = (f for f in model._meta.concrete_fields if f.attname == name)
        return next(named, None)


def field_in_words(field: Any, name: str) -> str:
    return str(field.verbose_name) if field is not None else name
