"""People who sign in, and the dated posts they hold."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiefa.access.rules import Role
from jiefa.areas.models import Division

ROLE_LABELS = {
    Role.PROVINCE_OFFICER: _("Province officer"),
    Role.PREFECTURE_OFFICER: _("Prefecture officer"),
    Role.COUNTY_OFFICER: _("County officer"),
    Role.TOWNSHIP_OFFICER: _("Township officer"),
    Role.VILLAGE_OFFICER: _("Village officer"),
    Role.FINANCE_OFFICER: _("Finance officer"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.HELPER: _("Household helper"),
    Role.AUDITOR: _("Auditor"),
    Role.EVALUATOR: _("Evaluator"),
    Role.HOTLINE_CLERK: _("Hotline clerk"),
    Role.HOTLINE_KEEPER: _("Hotline keeper"),
    Role.SYSTEM_ADMINISTRATOR: _("System administrator"),
}


class User(AbstractBaseUser):
    """A person with a name to sign in. What they may do follows from their posts alone; there are no superusers."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name or self.username


class Post(models.Model):
    """A role in an area from one day to another. Without a valid post one sees nothing."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=24, choices=[(role.value, label) for role, label in ROLE_LABELS.items()])
    area = models.ForeignKey(Division, models.PROTECT, related_name="+")
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("user", "from_date")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(to_date__isnull=True) | models.Q(to_date__gte=models.F("from_date")),
                name="access_post_dates",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.area_id}"
