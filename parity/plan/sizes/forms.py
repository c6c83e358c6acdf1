"""The form that asks a question of sizes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from parity.layout.forms import FaultForm
from parity.methods.flow_case import Told
from parity.plan.choice.forms import APART, DRAWS, TOGETHER, limit_field
from parity.plan.choice.rules import LIMITS, from_address
from parity.plan.flow_choice import Question, options_of
from parity.plan.flow_sizes import STEPS, TIMES, SizesQuestion
from parity.plan.sizes.rules import DEFAULT
from parity.terms.units import Unit, write_number

STEP_WORDS = {0.25: "a quarter of what is stated", 0.5: "half of what is stated", 1.0: "all of what is stated"}
TIMES_WORDS = {1: "as much as is stated", 2: "twice as much", 3: "three times as much"}


class SizesForm(FaultForm):
    """What is asked, as the address has it; `told` is the model that it is about, `models` are all that there are."""

    long = False

    def __init__(self, models: Sequence[str], told: Told, *, asked: QueryDict) -> None:
        self.every = options_of(told)
        sent = asked.copy()
        for field, name in (("option", "options"), ("need", "must")):
            sent.setlist(field, from_address(asked.get(name, "")) or asked.getlist(field))
        if not sent.getlist("option"):
            sent.setlist("option", list(self.every))
        usual = {"step": write_number(DEFAULT.step), "times": str(DEFAULT.times), "draws": str(DRAWS[0])}
        for name, value in {"model": told.name, **usual}.items():
            sent[name] = sent.get(name) or value
        super().__init__(data=sent)
        self.model = told.name
        self.fields |= {**_of_options(self.every), **_of_sizes(), **_limits(), **_rest()}

    def clean(self) -> dict[str, Any]:
        """What was sent, of which what must be in the plan is among the options."""
        said: dict[str, Any] = super().clean() or {}
        missing = [name for name in said.get("need", []) if name not in said.get("option", [])]
        if missing:
            self.add_error("need", f"“{missing[0]}” must be in the plan: choose it among the options too.")
        return said

    @property
    def question(self) -> SizesQuestion:
        """The question, of a form that is valid."""
        said: dict[str, Any] = self.cleaned_data
        asked = Question(
            self.model,
            tuple(name for name in self.every if name in said["option"]),
            **{name: said[short] for name, short in LIMITS.items()},
            draws=int(said["draws"]),
            may_share=said["share"] == TOGETHER,
        )
        must = tuple(name for name in self.every if name in said["need"])
        return SizesQuestion(asked, float(said["step"]), int(said["times"]), said["staff"], must)

    @property
    def is_as_ever(self) -> bool:
        """Whether it asks what is answered unasked: of all options, without limits. Of a form that is valid."""
        return self.question == SizesQuestion(Question(self.model, self.every))


def _of_options(every: Sequence[str]) -> dict[str, forms.Field]:
    names, told = [(name, name) for name in every], {"invalid_choice": "There is no such option."}
    return {
        "option": forms.MultipleChoiceField(
            label="Options to choose among", choices=names, widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose at least one option.", **told},
        ),
        "need": forms.MultipleChoiceField(
            label="Options that must be in the plan (optional)", choices=names, required=False,
            help_text="In whichever size: the plan that is worth most says in which.",
            widget=forms.CheckboxSelectMultiple, error_messages=told,
        ),
    }  # fmt: skip


def _of_sizes() -> dict[str, forms.Field]:
    return {
        "step": forms.ChoiceField(
            label="Options come in steps of", choices=[(write_number(step), STEP_WORDS[step]) for step in STEPS]
        ),
        "times": forms.ChoiceField(
            label="Most of an option that can be bought", choices=[(str(most), TIMES_WORDS[most]) for most in TIMES]
        ),
    }


def _limits() -> dict[str, forms.Field]:
    return {
        "at_once": limit_field(
            "Budget: most that may be out at once, in pounds (optional)",
            "What is spent beyond what was saved until then, at its highest.",
        ),
        "in_year": limit_field(
            "Most that any one year may cost more, in pounds (optional)", "Beyond what services cost as they are."
        ),
        "staff": limit_field(
            "Most staff beyond those of today, in whole-time equivalents (optional)", "At any time.", example="2.5"
        ),
        "waiting": limit_field("Most people who were to move and have not at the end (optional)", "", example="4"),
    }


def _rest() -> dict[str, forms.Field]:
    return {
        "share": forms.ChoiceField(
            label="Options that move people out of the same setting", required=False,
            choices=[(APART, "are alternatives: at most one is chosen"), (TOGETHER, "can be combined")],
        ),
        "draws": forms.ChoiceField(
            label="Draws", choices=[(str(number), Unit.COUNT.write(number, bare=True)) for number in DRAWS]
        ),
    }  # fmt: skip
