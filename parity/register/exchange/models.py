"""An upload between the moment it was read and the moment it is taken in."""

import hashlib
import json
import uuid
from datetime import datetime, timedelta
from typing import Self

import polars as pl
from django.conf import settings
from django.db import models

from parity.register.organisations.models import Organisation
from parity.register.programmes.models import Programme
from parity.register.sharing.models import Sharing

KEPT_FOR = timedelta(days=1)


class Upload(models.Model):
    """The cells of a file that somebody brought for a register, and how its new records would be kept.

    It belongs to its person alone. It is gone once it was taken in, once they bring another for the same register, or
    after a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    stem = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    sharing = models.CharField(max_length=10, choices=Sharing.choices, default=Sharing.PRIVATE)
    lot = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    cells = models.TextField()
    made_at = models.DateTimeField(db_index=True)

    @staticmethod
    def kept(at: datetime) -> models.Q:
        """The uploads that are still kept at an instant."""
        return models.Q(made_at__gt=at - KEPT_FOR)

    def hold(self, content: bytes, cells: pl.DataFrame) -> Self:
        """The upload itself, holding the cells that were read from a file of this content."""
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.cells = json.dumps(cells.to_dict(as_series=False), ensure_ascii=False)
        return self

    def frame(self) -> pl.DataFrame:
        """The cells as text, one row for each of the file's below its header."""
        columns = json.loads(self.cells)
        return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
