"""The models of the register, gathered for Django."""

from parity.register.evidence.models import Statement
from parity.register.organisations.models import Organisation
from parity.register.people.models import Person
from parity.register.programmes.models import Programme
from parity.register.thread.models import Link

__all__ = ["Link", "Organisation", "Person", "Programme", "Statement"]
