"""People, users, and the trail of who changed what."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.identity import name_key
from accounts.querysets import AppendOnly, AuditQuerySet, PersonQuerySet
from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.reach import reach_of


class Sex(models.TextChoices):
    MALE = "m", _("male")
    FEMALE = "f", _("female")


class Person(AreaRow):
    """Someone who holds a post, teaches, or uses the system; ``area_code`` is where they live.

    The number of an identity card is never stored: ``id_hash`` is a keyed hash of it, which tells
    whether two entries are one person and nothing else (accounts/identity.py).
    """

    name = models.CharField(_("name"), max_length=50)
    phone = models.CharField(
        _("phone"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^1[0-9]{10}$", _("A mobile number has 11 digits."))],
    )
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, blank=True)
    id_hash = models.CharField(_("identity"), max_length=64, blank=True, editable=False)
    # The name as it is searched: characters, pinyin and initials (accounts/identity.py).
    name_key = models.CharField(_("search key"), max_length=200, blank=True, editable=False)
    died_on = models.DateField(_("died on"), null=True, blank=True)
    moved_away_on = models.DateField(_("moved away on"), null=True, blank=True)
    # The entry that this one, found to be the same person, was merged into.
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_from",
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["area_code", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_person_per_identity",
                fields=["id_hash"],
                condition=~Q(id_hash="") & Q(merged_into__isnull=True),
                violation_error_message=_("A person with this identity number is entered already."),
            ),
        ]
        indexes = [
            models.Index(fields=["name", "born_on"], name="person_by_name"),
            models.Index(fields=["phone"], name="person_by_phone"),
        ]

    def clean_fields(self, exclude: Any = None) -> None:
        self.name_key = name_key(self.name)
        super().clean_fields(exclude)

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        return f"{self.phone[:3]}****{self.phone[-4:]}" if self.phone else ""


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """A user without a password signs in by other means (demo buttons) or not at all."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A sign-in. What it may do comes from its person's appointments, and from nothing else.

    There are no groups, no superusers and no per-user permissions: ``has_perm`` asks the same
    reach as every page (grids/authority.py).
    """

    username = models.CharField(
        _("user name"), max_length=50, unique=True, validators=[UnicodeUsernameValidator()]
    )
    person = models.OneToOneField(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="user"
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_demo = models.BooleanField(_("demo account"), default=False, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.person.name

    def get_short_name(self) -> str:
        return self.person.name

    @property
    def is_staff(self) -> bool:
        """Whether the admin opens; Django's admin asks for this name."""
        return reach_of(self).allows("use admin")

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's question, answered by the reach: add, change and delete are all "change"."""
        app_label, codename = perm.split(".", 1)
        verb, _sep, model = codename.partition("_")
        verb = "view" if verb == "view" else "change"
        area_code = getattr(obj, "area_code", None)
        return self.is_active and reach_of(self).allows(f"{verb} {app_label}.{model}", area_code)

    def has_perms(self, perms: list[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return any(r.split(" ", 1)[-1].startswith(f"{app_label}.") for r in reach_of(self).areas)


class Door(models.TextChoices):
    """By which way a change came in."""

    PAGE = "page", _("page")
    PHONE = "phone", _("phone")
    ADMIN = "admin", _("admin")
    API = "api", _("API")
    COMMAND = "command", _("command")
    TASK = "task", _("background task")


class AuditEntry(AreaRow):
    """Who changed what, when, from where, by which door; before and after. Only ever added to.

    Written by the same function that writes the row (grids/writing.py), so bulk changes, which
    signal-based trails miss, stand here too, and each entry has an area, so it can be scoped.
    """

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        User, verbose_name=_("who"), on_delete=models.PROTECT, null=True, blank=True
    )
    door = models.CharField(_("door"), max_length=10, choices=Door.choices)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    verb = models.CharField(_("action"), max_length=50)
    model = models.CharField(_("kind of row"), max_length=50, blank=True)
    object_id = models.CharField(_("row"), max_length=40, blank=True)
    label = models.CharField(_("name of the row"), max_length=100, blank=True)
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # What was written together (an import, a reorganisation), and can be undone together.
    batch = models.UUIDField(_("batch"), null=True, blank=True, db_index=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["model", "object_id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("Entries of the audit trail are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnly("Entries of the audit trail are never removed.")
