"""A person who signs in or acts."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class Person(AbstractUser):
    """A person; `username` is how they sign in. A person without a usable password acts but cannot sign in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
