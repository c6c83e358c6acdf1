"""Choosing what to be told, and telling it: events become notices, once each, and notices e-mails that hold a link.

The events are the source. How far they were told is noted in the transaction that writes the notices, so that nothing
is lost or told twice, whenever a worker ends. What may be told is asked of the policy again when it is sent.
"""

import logging
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parity.layout.addresses import record_url, stage_url
from parity.register.audit.actions import Happening, append_events
from parity.register.audit.models import Event, Head
from parity.register.notices.models import Choice, Notice, Progress
from parity.register.notices.rules import ALWAYS, JOBS, PACES, REASONS, SEATS, STOPPED, Reader, due_at, reason_for
from parity.register.people.models import Person
from parity.register.people.rules import May
from parity.register.policy import Viewer, enters, viewer_of
from parity.register.programmes.models import Programme
from parity.register.webhooks.actions import deliver_due, expect, remove_old_deliveries, seen_records
from parity.register.webhooks.rules import pause
from parity.sources.reading.outgoing import DIRECT, Way
from parity.terms.errors import Fault, InputRefused, NotFound

TELL = "parity.register.notices.actions.tell_all"
LOG = logging.getLogger("parity.notices")
SALT = "parity.register.notices"
EVENTS_AT_ONCE = 500
LEASE = timedelta(minutes=5)
"""Longer than one e-mail can take: whoever sends it has it for so long."""
KEPT_DAYS = 30
"""How long a notice is listed."""
SUBJECT = "Parity: something new for you"
SENTENCES = (
    "Something happened that you want to be told of:",
    "{news}",
    "You chose this yourself. To get no more e-mails about this programme:",
    "{stop}",
)
GONE = "There is no such link."


@transaction.atomic
def choose_notices(programme: Programme, reasons: Iterable[str], pace: str, *, by: Person, on: date) -> Choice:
    """What the person is told from now on. Raises NotFound, and InputRefused where we cannot write to them."""
    if not enters(viewer_of(by, programme, on=on)):
        raise NotFound("There is no such programme.")
    chosen = [reason for reason in REASONS if reason in set(reasons)]
    if chosen and not by.email:
        raise InputRefused([Fault("notices", "We know no e-mail address of yours. Ask whoever invited you.")])
    if pace not in PACES:
        raise InputRefused([Fault("notices", "Choose how soon you want to be told.", column="pace")])
    choice, _ = Choice.objects.get_or_create(person=by, programme=programme)
    if (choice.reasons, choice.pace) != (chosen, pace):
        choice.reasons, choice.pace = chosen, pace
        choice.save(update_fields=("reasons", "pace"))
        choice.notices.filter(sent_at=None).exclude(reason__in=(*chosen, *ALWAYS)).delete()
        _tell("chose", choice, by=by, on=on)
    return choice


@transaction.atomic
def stop_notices(choice: Choice, *, by: Person, on: date) -> None:
    """Nothing; the person gets no more e-mails about the programme."""
    _tell("stopped", choice, by=by, on=on)
    choice.delete()


def stop_token(choice: Choice) -> str:
    """The text in the link by which somebody stops these e-mails without signing in; it holds as long as they last."""
    return signing.dumps(str(choice.pk), salt=SALT)


def choice_of(token: str) -> Choice | None:
    """The choice that the link stops; None where it was stopped already. Raises NotFound for a link of another form."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotFound(GONE) from None
    return Choice.objects.filter(pk=key).select_related("person", "programme").first()


def tell_all(*, way: Way = DIRECT) -> None:
    """Nothing; what happened since the last time is noted, and sent as far as it is due. A worker calls this."""
    heads = dict(Head.objects.values_list("chain", "number"))
    told = dict(Progress.objects.values_list("chain", "number"))
    for programme in Programme.objects.filter(slug__in=heads):
        while told.get(programme.slug, 0) < heads[programme.slug]:
            told[programme.slug] = note_events(programme)
    send_letters()
    deliver_due(way=way)
    remove_old_deliveries()
    Notice.objects.filter(sent_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()


@transaction.atomic
def note_events(programme: Programme) -> int:
    """How far the programme's events are told now: a few more, each as a notice or a delivery to whom it concerns."""
    Progress.objects.get_or_create(chain=programme.slug)
    progress = Progress.objects.select_for_update().get(chain=programme.slug)
    later = Event.objects.filter(chain=programme.slug, number__gt=progress.number)
    events = list(later.order_by("number")[:EVENTS_AT_ONCE])
    if events:
        on = timezone.localdate()
        for person in {one.by for one in events if (one.kind, one.verb) == ("webhook", "registered")}:
            # they are told in any case when it is stopped
            Choice.objects.get_or_create(person_id=person, programme=programme)
        for choice in Choice.objects.filter(programme=programme).select_related("person", "programme"):
            _note_for(choice, events, viewer_of(choice.person, programme, on=on))
        expect(programme, events, on=on)
        progress.number = events[-1].number
        progress.save()
    return progress.number


def send_letters() -> int:
    """How many e-mails were sent to people for whom there is something new."""
    due = Choice.objects.filter(due_at__lte=timezone.now()).select_related("person", "programme")
    return sum(_send(choice) for choice in due if _claimed(choice))


def told(choice: Choice, viewer: Viewer, notices: Iterable[Notice]) -> list[tuple[Notice, Event]]:
    """Those of the notices of which the viewer may hear today, each with its event."""
    kept = list(notices) if enters(viewer) else []
    numbered = Event.objects.filter(chain=choice.programme.slug, number__in=[one.number for one in kept])
    events = {event.number: event for event in numbered}
    seen = seen_records(viewer, events.values())
    pairs = [(one, events[one.number]) for one in kept]
    return [(one, event) for one, event in pairs if _may_hear(one, event, viewer, seen)]


def place_of_notice(slug: str, notice: Notice, event: Event) -> str:
    """The address of what a notice is about, in the programme of this name."""
    if notice.reason == JOBS:
        return reverse("job", args=(event.record,))
    if notice.reason == STOPPED:
        return reverse("webhook", args=(slug, event.record))
    return stage_url(slug, "people") if notice.reason == SEATS else record_url(slug, event.kind, event.record)


def _may_hear(notice: Notice, event: Event, viewer: Viewer, seen: Mapping[tuple[str, str], object]) -> bool:
    """True where the viewer may hear of this today."""
    if notice.reason in (JOBS, STOPPED):
        return True
    if notice.reason == SEATS:
        return event.organisation in {str(one.organisation) for one in viewer.standings}
    return (event.kind, event.record) in seen


def _note_for(choice: Choice, events: Sequence[Event], viewer: Viewer) -> None:
    since = choice.since.astimezone(UTC).isoformat(timespec="microseconds")
    fresh = [event for event in events if event.at > since] if enters(viewer) else []
    reader = Reader(choice.person_id, choice.reasons, viewer.may(May.READ))
    seen = seen_records(viewer, fresh)
    why = {
        one.number: reason_for(reader, one, seen.get((one.kind, one.record)) if one.after else None) for one in fresh
    }
    notices = [Notice(choice=choice, number=number, reason=reason) for number, reason in why.items() if reason]
    Notice.objects.bulk_create(notices)
    if notices:
        at = due_at(choice.pace, timezone.now())
        Choice.objects.filter(pk=choice.pk, due_at=None).update(due_at=at, attempts=0)


def _claimed(choice: Choice) -> bool:
    """True where nobody else sends this e-mail: it is ours for a while."""
    same = Choice.objects.filter(pk=choice.pk, due_at=choice.due_at)
    choice.due_at, choice.attempts = timezone.now() + LEASE, choice.attempts + 1
    return bool(same.update(due_at=choice.due_at, attempts=choice.attempts))


def _send(choice: Choice) -> bool:
    """True where there was something that the person may still be told, and it was sent."""
    viewer = viewer_of(choice.person, choice.programme, on=timezone.localdate())
    if not enters(viewer):
        choice.delete()
        return False
    waiting = list(choice.notices.filter(sent_at=None))
    news = [notice.number for notice, _ in told(choice, viewer, waiting)]
    if news and choice.person.email:
        try:
            _letter(choice, max(news)).send()
        except (OSError, SMTPException):
            LOG.exception("The server for e-mail did not take a notice; it is tried again")
            again = timezone.now() + timedelta(seconds=pause(choice.attempts, random.random()))  # noqa: S311 -- as there
            Choice.objects.filter(pk=choice.pk, due_at=choice.due_at).update(due_at=again)
            return False
    _settle(choice, [notice.number for notice in waiting])
    return bool(news)


@transaction.atomic
def _settle(choice: Choice, numbers: Sequence[int]) -> None:
    """Nothing; these notices are sent, and the next e-mail goes when there is more to tell."""
    choice.notices.filter(number__in=numbers).update(sent_at=timezone.now())
    more = choice.notices.filter(sent_at=None).exists()
    at = due_at(choice.pace, timezone.now()) if more else None
    Choice.objects.filter(pk=choice.pk).update(due_at=at, attempts=0)


def _letter(choice: Choice, number: int) -> EmailMessage:
    """The e-mail: one link to what is new and one to stop them. It says neither what happened nor to what."""
    news = settings.ADDRESS + stage_url(choice.programme.slug, "notices")
    stop = settings.ADDRESS + reverse("stop-notices", args=(stop_token(choice),))
    text = "\n\n".join(SENTENCES).format(news=news, stop=stop) + "\n"
    host = settings.ADDRESS.partition("://")[2].partition(":")[0]
    headers = {
        # the same for the same news, so that one that was sent twice can be told from two
        "Message-ID": f"<{choice.pk}.{number}@{host}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(SUBJECT, text, None, [choice.person.email], headers=headers)


def reason_words(reason: str) -> str:
    """Why somebody is told, in words."""
    return {**REASONS, **ALWAYS}[reason]


def _tell(verb: str, choice: Choice, *, by: Person, on: date) -> None:
    append_events(choice.programme.slug, [Happening(verb, "notices", str(choice.pk))], by=by, on=on)
