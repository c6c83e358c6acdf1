"""How a question of sizes stands in an address."""

from parity.plan.choice.rules import address_of as choice_of
from parity.plan.choice.rules import in_address
from parity.plan.flow_choice import Question
from parity.plan.flow_sizes import SizesQuestion
from parity.terms.units import write_number

BECAUSE = "An answer to the question in the address of the page on how much of each option to buy; it is not kept."
DEFAULT = SizesQuestion(Question(""))


def address_of(question: SizesQuestion) -> dict[str, str]:
    """What an address asks for the question; what is asked anyway is empty."""
    return {
        **choice_of(question.asked.as_dict()),
        "step": "" if question.step == DEFAULT.step else write_number(question.step),
        "times": "" if question.times == DEFAULT.times else str(question.times),
        "staff": "" if question.most_staff is None else write_number(question.most_staff).replace(",", ""),
        "must": in_address(question.must),
    }
