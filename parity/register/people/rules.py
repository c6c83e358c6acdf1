"""Who may sign in, the roles people have, and the few things each lets them do."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Known(Protocol):
    """What is asked of a person who wants to come in."""

    is_active: bool
    is_demo: bool


def may_sign_in(person: Known, *, demo: bool) -> bool:
    """True for an active person; the people of the demo only while the demo is on."""
    return person.is_active and (demo or not person.is_demo)


class May(Enum):
    """What a role can allow. Each holds for the person's own organisation, in one programme or lot."""

    READ = "read what their organisation keeps and what is shared with it by name"
    PARTNER = "read what is shared among the partners"
    EDIT = "add and change what their organisation keeps"
    EDIT_HELD = "change the records that name them as their holder"
    SHARE = "decide with whom their organisation's records are shared, and withdraw them"
    DECIDE = "record decisions"
    MANAGE = "say who acts for their organisation"
    AUDIT = "read the record of who did what"


@dataclass(frozen=True, slots=True)
class Role:
    """A role of commissioning practice: its title and what it allows."""

    title: str
    may: frozenset[May]


def _role(title: str, *may: May) -> Role:
    return Role(title, frozenset(may))


_PARTNER = (May.READ, May.PARTNER)
_OFFICER = (*_PARTNER, May.EDIT)
_LEAD = (*_OFFICER, May.SHARE, May.MANAGE, May.AUDIT)

ROLES: dict[str, Role] = {
    "lead_commissioner_nhs": _role("Lead commissioner (NHS)", *_LEAD),
    "lead_commissioner_council": _role("Lead commissioner (council)", *_LEAD),
    "planning_officer": _role("Planning officer", *_OFFICER),
    "director": _role("Director", *_LEAD, May.DECIDE),
    "executive_member": _role("Cabinet or executive member", *_PARTNER, May.DECIDE),
    "scrutiny_member": _role("Overview and scrutiny member", *_PARTNER, May.AUDIT),
    "board_member": _role("Programme board member", *_PARTNER, May.DECIDE),
    "contract_manager": _role("Contract manager", *_OFFICER),
    "procurement_lead": _role("Procurement lead, evaluator or moderator", May.READ, May.EDIT),
    "finance_lead": _role("Finance lead", *_OFFICER),
    "legal_and_governance": _role("Legal and governance", *_OFFICER, May.AUDIT),
    "performance_analyst": _role("Performance and data quality analyst", *_OFFICER),
    "public_health_analyst": _role("Public health analyst", *_OFFICER),
    "provider": _role("Provider", May.READ, May.EDIT),
    "care_coordinator": _role("Care coordinator or assessor", May.READ, May.EDIT),
    "representative": _role("Service user or carer representative", May.READ),
    "equality_lead": _role("Equality lead", *_OFFICER),
    "workforce_lead": _role("Workforce development lead", *_OFFICER),
    "housing_lead": _role("Housing lead", *_OFFICER),
    "external_reviewer": _role("Facilitator or external reviewer", May.READ),
    "accountable_manager": _role("Accountable manager", *_PARTNER, May.EDIT_HELD),
    "risk_owner": _role("Risk or action owner", *_PARTNER, May.EDIT_HELD),
}
"""Every role by its code."""
ROLE_CHOICES = tuple((code, role.title) for code, role in ROLES.items())
