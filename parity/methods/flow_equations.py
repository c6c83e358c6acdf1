"""What an equation of stocks and flows comes to, as far as people who flow between settings can follow it.

An equation comes to a sum of stocks times numbers, to such a sum held back where places are short, or to something
beyond: then a clause says why. Nothing of a file is ever executed: signs are matched one by one, and the tree of the
expression is walked.
"""

import ast
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

LONGEST = 20_000
"""Characters of an equation."""
TINY = 1e-6
"""What guards a division against 0 is no more than this."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A number, and stocks each times a number."""

    constant: float
    stocks: Mapping[str, float]

    @property
    def is_constant(self) -> bool:
        """Whether it never changes."""
        return not self.stocks

    @property
    def is_never_below(self) -> bool:
        """Whether it cannot be below 0, as no stock is."""
        return min(self.constant, *self.stocks.values(), 0) == 0

    def times(self, factor: float) -> "Sum":
        """Each part times the factor; a stock times 0 stays named, as a rate may be 0 for the time being."""
        return Sum(self.constant * factor, {name: number * factor for name, number in self.stocks.items()})

    def plus(self, other: "Sum") -> "Sum":
        """Both together."""
        names = dict.fromkeys([*self.stocks, *other.stocks])
        stocks = {name: self.stocks.get(name, 0) + other.stocks.get(name, 0) for name in names}
        return Sum(self.constant + other.constant, stocks)


@dataclass(frozen=True, slots=True)
class Floored:
    """A sum, or 0 where it is below."""

    of: Sum


@dataclass(frozen=True, slots=True)
class Ratio:
    """Free places for each one who asks for them: one sum (0 where below) over another."""

    free: Sum
    asking: Sum


@dataclass(frozen=True, slots=True)
class Limited:
    """What is wanted, times the share of those who ask that the free places are enough for, 1 where they are all."""

    wanted: Sum
    by: Ratio


@dataclass(frozen=True, slots=True)
class Beyond:
    """What cannot be followed, with the clause that says why."""

    why: str


Value = Sum | Floored | Ratio | Limited | Beyond

ONE = Sum(1, {})
_LEFT_OUT = re.compile(r"\{[^}]*\}")
_SIGN = re.compile(
    r'\s*(?:(?P<quoted>"[^"]*")|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d][\w.]*)|'
    r"(?P<sign>//|[-+*/^(),]))"
)
_WORDS = {"if", "then", "else", "and", "or", "not", "mod"}
_ONE_NUMBER: Mapping[str, Callable[[float], float]] = {
    "exp": math.exp, "ln": math.log, "sqrt": math.sqrt, "abs": abs,
}  # fmt: skip
CONDITION = "it depends on a condition"
UNREADABLE = "its equation cannot be followed"
OF_PEOPLE = "it multiplies or divides numbers of people by each other"
NO_NUMBER = "it comes to no number"
BOUND = "it is bound by something else than free places"


def value_of(equation: str, meaning: Callable[[str], Value], key: Callable[[str], str]) -> Value:
    """What the equation comes to, where `meaning` tells what the name with a `key` comes to.

    Arithmetic on numbers, with EXP, LN, SQRT, ABS, MIN and MAX, and sums of stocks times numbers are followed; so is
    a sum times MIN(1, MAX(0, free) / MAX(asking, tiny)), and MIN(asking, free), which is the same.

    Source: the expressions of XMILE 1.0 (OASIS 2015), section 3.
    """
    signs, names, fault = _signs(equation)
    if fault:
        return Beyond(fault)
    try:
        tree = ast.parse(signs, mode="eval").body
        return _Reader([key(name) for name in names], meaning).value(tree)
    except (SyntaxError, RecursionError, MemoryError):
        return Beyond(UNREADABLE)
    except (ArithmeticError, ValueError):
        return Beyond(NO_NUMBER)


def names_in(equation: str) -> Iterator[str]:
    """Everything in the equation that may be a name, in its order.

    Source: the expressions of XMILE 1.0 (OASIS 2015), section 3.
    """
    for found in _SIGN.finditer(_LEFT_OUT.sub(" ", equation)):
        if name := found["name"] or found["quoted"]:
            yield name


def _signs(equation: str) -> tuple[str, list[str], str]:
    """The equation as an expression in which every name is a number of the list, and why it is none."""
    text = _LEFT_OUT.sub(" ", equation).strip()
    if not text or len(text) > LONGEST:
        return "", [], UNREADABLE
    place, signs = 0, []
    names: dict[str, int] = {}
    while place < len(text):
        found = _SIGN.match(text, place)
        if not found or (found["name"] or "").lower() in _WORDS:
            return "", [], CONDITION if found or text[place:].strip()[:1] in "<>=" else UNREADABLE
        place = found.end()
        if name := found["name"] or found["quoted"]:
            signs.append(f"n{names.setdefault(name, len(names))}")
        elif found["number"]:
            signs.append(f"{float(found['number'])!r}".replace("inf", "1e999"))
        else:
            signs.append(found["sign"].replace("^", "**"))
    return " ".join(signs), [*names], ""


class _Reader:
    """The values of the parts of one expression."""

    def __init__(self, keys: list[str], meaning: Callable[[str], Value]) -> None:
        self.keys = keys
        self.meaning = meaning

    def value(self, node: ast.expr) -> Value:
        """What the part comes to."""
        match node:
            case ast.Constant(value=float() as number):
                return Sum(number, {})
            case ast.Name(id=name):
                return self.meaning(self.keys[int(name[1:])])
            case ast.UnaryOp(op=ast.USub(), operand=part):
                return _product(Sum(-1, {}), self.value(part))
            case ast.UnaryOp(op=ast.UAdd(), operand=part):
                return self.value(part)
            case ast.BinOp(left=left, op=sign, right=right):
                return _joined(sign, self.value(left), self.value(right))
            case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]):
                return self._call(self.keys[int(name[1:])], [self.value(part) for part in parts])
        return Beyond(UNREADABLE)

    def _call(self, name: str, values: list[Value]) -> Value:
        """What a function comes to."""
        match name, values:
            case (("min" | "max"), [first, second]):
                beyond = next((value for value in values if isinstance(value, Beyond)), None)
                return beyond or (_least if name == "min" else _most)(first, second)
            case (("safediv" | "zidz"), [over, under] | [over, under, _]):
                return _quotient(over, under)
            case _, [Sum(number, {}) as value] if name in _ONE_NUMBER and value.is_constant:
                return Sum(_ONE_NUMBER[name](number), {})
        return Beyond(f"it uses the function {name.upper()}")


def _joined(sign: ast.operator, first: Value, second: Value) -> Value:
    """What two values come to that a sign joins."""
    match sign:
        case ast.Add():
            return _total(first, second)
        case ast.Sub():
            return _total(first, _product(Sum(-1, {}), second))
        case ast.Mult():
            return _product(first, second)
        case ast.Div() | ast.FloorDiv():
            return _quotient(first, second)
    return _power(first, second)


def _total(first: Value, second: Value) -> Value:
    match first, second:
        case Sum(), Sum():
            return first.plus(second)
        case Beyond(), _:
            return first
        case _, Beyond():
            return second
    return Beyond(BOUND)


def _product(first: Value, second: Value) -> Value:
    """A number times something, or something wanted times the share who get it, in either order."""
    for value, other in ((first, second), (second, first)):
        match value, other:
            case Beyond(), _:
                return value
            case Sum(), _ if value.is_constant:
                return _times(other, value.constant)
            case Sum(), Limited(wanted=share) if share.is_constant:
                return Limited(value.times(share.constant), other.by)
    return Beyond(OF_PEOPLE)


def _times(value: Value, factor: float) -> Value:
    """The value times a number."""
    match value:
        case Beyond():
            return value
        case Sum():
            return value.times(factor)
        case Limited():
            return Limited(value.wanted.times(factor), value.by)
        case Ratio():
            return Ratio(value.free.times(factor), value.asking)
        case Floored() if factor > 0:
            return Floored(value.of.times(factor))
    return Beyond(BOUND)


def _quotient(over: Value, under: Value) -> Value:
    """A value divided by a number, or free places divided by those who ask."""
    match over, under:
        case (Beyond() as beyond, _) | (_, Beyond() as beyond):
            return beyond
        case _, Sum() as number if number.is_constant:
            return _times(over, 1 / number.constant)
        case (Sum() as free, Sum() as asking) | (Floored(free), Sum() as asking):
            return Ratio(free, asking)
    return Beyond(OF_PEOPLE)


def _power(first: Value, second: Value) -> Value:
    match first, second:
        case (Beyond() as beyond, _) | (_, Beyond() as beyond):
            return beyond
        case Sum(number), Sum(exponent) if not (first.stocks or second.stocks):
            return Sum(math.pow(number, exponent), {})
    return Beyond(OF_PEOPLE)


def _least(first: Value, second: Value) -> Value:
    """The smaller of two: a number, or what is wanted, held back by what is free."""
    for value, other in ((first, second), (second, first)):
        match value, other:
            case Sum(number), Sum(limit) if value.is_constant and other.is_constant:
                return Sum(min(number, limit), {})
            case Sum(1), Ratio() if value.is_constant:
                return Limited(ONE, other)
            case Sum() as wanted, (Sum() as free) | Floored(free) if wanted.stocks and wanted.is_never_below:
                return Limited(wanted, Ratio(free, wanted))
    return Beyond(BOUND)


def _most(first: Value, second: Value) -> Value:
    """The larger of two: a number, or what cannot fall below the other, or a sum that is held at 0."""
    for value, other in ((first, second), (second, first)):
        match value, other:
            case Sum(number), Sum(least) if value.is_constant and other.is_constant:
                return Sum(max(number, least), {})
            case (Sum(least), Sum() as free) if value.is_constant and 0 <= least <= TINY and free.is_never_below:
                return free
            case Sum(0), Sum() if value.is_constant:
                return Floored(other)
    return Beyond(BOUND)
