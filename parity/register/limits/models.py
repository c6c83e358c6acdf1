"""How often somebody came in one stretch of time."""

from django.db import models


class Tally(models.Model):
    """A count. `key` is a hash of what is counted and of whom; `ends_at` is the second at which it is of no use."""

    key = models.CharField(max_length=64)
    ends_at = models.BigIntegerField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "ends_at"), name="one_tally_a_stretch"),)
