"""A person who signs in or acts, and for whom they act."""

import uuid
from datetime import date

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from parity.register.organisations.models import Organisation
from parity.register.people.rules import ROLE_CHOICES
from parity.register.programmes.models import Programme


class Person(AbstractUser):
    """A person; `username` is how they sign in. A person without a usable password acts but cannot sign in by one.

    `is_demo` is one of the demo's people, `is_public` a member of the public. `session_epoch` counts how often all
    sessions of the person were ended at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_demo = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)
    session_epoch = models.PositiveIntegerField(default=0)

    class Meta(AbstractUser.Meta):
        constraints = (
            models.UniqueConstraint(Lower("email"), name="one_person_an_address", condition=~models.Q(email="")),
        )

    def get_session_auth_hash(self) -> str:
        """What a session must hold to be this person's: another after a new password and after every epoch."""
        parts = f"{super().get_session_auth_hash()} {self.session_epoch}"
        return salted_hmac("parity.register.people.session", parts, algorithm="sha256").hexdigest()


class Membership(models.Model):
    """Who acts for which organisation in a programme, in which role, for one lot or for all, and when.

    It holds from `starts_on` to the day before `ends_on`: a membership that ends today holds no longer. `invited_at` is
    when its person was invited to it; until they sign in, it waits for them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=40, choices=ROLE_CHOICES)
    lot = models.CharField(max_length=60, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("organisation__name", "person__username", "role")

    @staticmethod
    def on(day: date) -> models.Q:
        """The memberships that hold on a day."""
        return models.Q(starts_on__lte=day) & (models.Q(ends_on=None) | models.Q(ends_on__gt=day))

    @staticmethod
    def taken_up() -> models.Q:
        """The memberships without an invitation, or whose person has signed in since they were invited."""
        return models.Q(invited_at=None) | models.Q(person__last_login__gte=models.F("invited_at"))

    @property
    def waits(self) -> bool:
        """True where its person was invited and has not signed in since."""
        seen = self.person.last_login
        return self.invited_at is not None and (seen is None or seen < self.invited_at)
