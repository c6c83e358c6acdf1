"""The models of the register, gathered for Django."""

from parity.register.audit.models import Event, Head
from parity.register.evidence.models import Statement
from parity.register.organisations.models import Organisation
from parity.register.people.models import Membership, Person
from parity.register.programmes.models import Programme
from parity.register.sharing.models import Grant
from parity.register.thread.models import Link
from parity.register.tokens.models import Answered, Token

__all__ = [
    "Answered",
    "Event",
    "Grant",
    "Head",
    "Link",
    "Membership",
    "Organisation",
    "Person",
    "Programme",
    "Statement",
    "Token",
]
