"""The models of the register, gathered for Django."""

from parity.register.agreements.models import Agreement
from parity.register.audit.models import Event, Head
from parity.register.calendars.models import Calendar
from parity.register.engagement.models import Engagement, Stakeholder
from parity.register.evidence.models import SourceDocument, Statement
from parity.register.exchange.models import Upload
from parity.register.governance.models import Board, BoardMember, Decision, Interest
from parity.register.jobs.models import Job
from parity.register.limits.models import Tally
from parity.register.notices.models import Choice, Notice, Progress
from parity.register.organisations.models import Organisation
from parity.register.people.models import Membership, Person
from parity.register.programmes.models import Programme
from parity.register.sharing.models import Grant
from parity.register.thread.models import Link
from parity.register.tokens.models import Answered, Token
from parity.register.webhooks.models import Delivery, Webhook

__all__ = [
    "Agreement",
    "Answered",
    "Board",
    "BoardMember",
    "Calendar",
    "Choice",
    "Decision",
    "Delivery",
    "Engagement",
    "Event",
    "Grant",
    "Head",
    "Interest",
    "Job",
    "Link",
    "Membership",
    "Notice",
    "Organisation",
    "Person",
    "Programme",
    "Progress",
    "SourceDocument",
    "Stakeholder",
    "Statement",
    "Tally",
    "Token",
    "Upload",
    "Webhook",
]
