"""The form that narrows the list of events."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from parity.layout.forms import DateBoxes
from parity.register.people.models import Person

NO_DATE = "Enter a real date, such as 31 3 2027."


class EventsForm(forms.Form):
    """Of which kind, by whom and from when to when the events are."""

    kind = forms.ChoiceField(label="About", required=False)
    who = forms.CharField(label="Done by", help_text="A name or a part of it.", required=False, max_length=150)
    since = forms.DateField(label="From", widget=DateBoxes(), required=False, error_messages={"invalid": NO_DATE})
    until = forms.DateField(label="To", widget=DateBoxes(), required=False, error_messages={"invalid": NO_DATE})

    def __init__(self, kinds: Iterable[tuple[str, str]], **more: object) -> None:
        super().__init__(**more)  # type: ignore[arg-type]
        self.fields["kind"].choices = [("", "Everything"), *kinds]  # type: ignore[attr-defined]

    def narrowed(self, events: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the events that fit what was asked, and of which the viewer may know more than that they are there.

        Without a question, or with one that is wrong, all of them: whether a hidden event fits is hidden too.
        """
        said = self.cleaned_data if self.is_valid() else {}
        asked = {name: value for name, value in said.items() if value}
        if not asked:
            return events
        found = events.filter(told=True)
        if "kind" in asked:
            found = found.filter(kind=asked["kind"])
        if "who" in asked:
            found = found.filter(by__in=[str(key) for key in _people(asked["who"]).values_list("pk", flat=True)])
        if "since" in asked:
            found = found.filter(on__gte=asked["since"].isoformat())
        if "until" in asked:
            found = found.filter(on__lte=asked["until"].isoformat())
        return found


def _people(words: str) -> QuerySet[Person]:
    """The people in whose name or sign-in name these words stand."""
    named = Person.objects.annotate(called=Concat("first_name", Value(" "), "last_name"))
    return named.filter(Q(called__icontains=words) | Q(username__icontains=words))
