"""The only exceptions from the rules of the house, each with its reason. The list may only shrink.

A rule's test compares what it finds with this list: an exception that is no longer needed fails it too.
"""

EXCEPTIONS: dict[str, dict[str, str]] = {
    "arguments": {
        "parity/terms/indicator.py: indicator": "they are the parts of a definition, each named at every use",
    },
    "file names": {
        "parity/register/records/tables.py": "hands the tables of every stage's records down to parity/tables",
    },
    "function length": {
        "parity/terms/indicator.py: indicator": "half of it names the parts of a definition, one a line",
    },
    "imports in functions": {
        "parity/cli.py: main": "`--help` starts in a fraction of the time that Django takes",
        "parity/cli.py: _function": "loads the function of one verb, after the arguments are parsed",
        "parity/methods/kernels.py: compiled": "an extra, loaded where it is used",
    },
    "unnamed numbers": {
        "parity/methods/intervals.py: byar 3": "a coefficient of Byar's formula",
        "parity/methods/intervals.py: byar 9": "a coefficient of Byar's formula",
    },
    "written numbers": {
        "parity/methods/tie_out.py: _rounding": "the digits are counted, not shown",
        "parity/terms/units.py: Unit._written": "the one place where a number with a unit becomes text",
        "parity/terms/units.py: write_number": "the one place where a number of no one unit becomes text",
    },
}
MOST = 11
"""How many exceptions there are. This number is only ever lowered."""


def excepted(rule: str) -> list[str]:
    """The places excepted from a rule, in order."""
    return sorted(EXCEPTIONS.get(rule, {}))
