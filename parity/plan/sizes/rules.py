"""How a question of sizes stands in an address."""

from parity.plan.choice.rules import address_of as choice_of
from parity.plan.choice.rules import in_address, number_in_address
from parity.plan.flow_choice import Question
from parity.plan.flow_sizes import SizesQuestion

BECAUSE = "An answer to the question in the address of the page on how much of each option to buy; it is not kept."
DEFAULT = SizesQuestion(Question(""))


def address_of(question: SizesQuestion) -> dict[str, str]:
    """What an address asks for the question; what is asked anyway is empty."""
    return {
        **choice_of(question.asked.as_dict()),
        "step": "" if question.step == DEFAULT.step else number_in_address(question.step),
        "times": "" if question.times == DEFAULT.times else str(question.times),
        "staff": number_in_address(question.most_staff),
        "must": in_address(question.must),
    }
