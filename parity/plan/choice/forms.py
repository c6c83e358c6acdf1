"""The form that asks a question of choice."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from parity.layout.forms import FaultForm
from parity.methods.flow_case import Told
from parity.methods.portfolios import MOST_OPTIONS
from parity.plan.choice.rules import LIMITS, from_address
from parity.plan.flow_choice import FEWER, MORE, Question, options_of
from parity.terms.units import Unit

DRAWS = (1_000, 2_000, 5_000)
APART, TOGETHER = "", "yes"
NO_AIM = "Nothing more: what is out at once is set against what it is worth"
NUMBER = "{label}: enter a number of 0 or more, such as {example}, or leave it empty."


class QuestionForm(FaultForm):
    """What is asked, as the address has it; `told` is the model that it is about, `models` are all that there are."""

    long = False

    def __init__(self, models: Sequence[str], told: Told, *, asked: QueryDict) -> None:
        self.every = options_of(told)
        sent = asked.copy()
        named = from_address(asked.get("options", "")) or asked.getlist("option")
        sent.setlist("option", named or list(self.every[:MOST_OPTIONS]))
        sent["model"] = told.name
        sent.setdefault("draws", str(DRAWS[0]))
        super().__init__(data=sent)
        self.model = told.name
        self.fields["option"] = forms.MultipleChoiceField(
            label="Options to choose among", choices=[(name, name) for name in self.every],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose at least one option.", "invalid_choice": "There is no such option."},
        )  # fmt: skip
        self.fields["at_once"] = limit_field(
            "Budget: most that may be out at once, in pounds (optional)",
            "What is spent beyond what was saved until then, at its highest.",
        )
        self.fields["in_year"] = limit_field(
            "Most that any one year may cost more, in pounds (optional)", "Beyond what services cost as they are."
        )
        self.fields["waiting"] = limit_field("Most people who were to move and have not at the end (optional)", "")
        self.fields["aim"] = forms.ChoiceField(
            label="What else is wanted", required=False, choices=[("", NO_AIM), *_aims(told)]
        )
        self.fields["share"] = forms.ChoiceField(
            label="Options that move people out of the same setting", required=False,
            choices=[(APART, "are alternatives: at most one is chosen"), (TOGETHER, "can be combined")],
        )  # fmt: skip
        self.fields["draws"] = forms.ChoiceField(
            label="Draws", choices=[(str(number), Unit.COUNT.write(number, bare=True)) for number in DRAWS]
        )

    def clean_option(self) -> list[str]:
        """The options, of which there are not too many."""
        names: list[str] = self.cleaned_data["option"]
        if len(names) > MOST_OPTIONS:
            raise forms.ValidationError(f"At most {MOST_OPTIONS} options can be combined in every way: choose fewer.")
        return names

    @property
    def question(self) -> Question:
        """The question, of a form that is valid."""
        said: dict[str, Any] = self.cleaned_data
        return Question(
            self.model,
            tuple(name for name in self.every if name in said["option"]),
            **{name: said[short] for name, short in LIMITS.items()},
            draws=int(said["draws"]),
            aim=said["aim"],
            may_share=said["share"] == TOGETHER,
        )

    @property
    def is_as_ever(self) -> bool:
        """Whether it asks what is answered unasked: among all options, without limits. Of a form that is valid."""
        return self.question == Question(self.model, self.every)


def limit_field(label: str, hint: str, *, example: str = "250000") -> forms.FloatField:
    """A limit that may be left empty, with an example in the sentence that says what else it can be."""
    sentence = NUMBER.format(label=label.partition(",")[0].removesuffix(" (optional)"), example=example)
    return forms.FloatField(
        label=label, required=False, min_value=0, help_text=hint,
        widget=forms.TextInput({"inputmode": "decimal", "width": "10"}),
        error_messages=dict.fromkeys(("invalid", "min_value"), sentence),
    )  # fmt: skip


def _aims(told: Told) -> list[tuple[str, str]]:
    names = [f"{way}{setting}" for setting in told.settings["setting"] for way in (FEWER, MORE)]
    return [(name, name[:1].upper() + name[1:]) for name in names]
