"""The terminal: every verb has help, stands in the documentation, and every command written there can be given."""

import argparse
import re
import shlex

import pytest

from parity.cli import VERBS, _function, parser
from tests.architecture.source import HOUSE, texts

OWN_VERBS = {"test", "check", "map"}
"""What `start.py` does by itself; everything else it passes on."""

COMMANDS = [
    (name, found["command"])
    for name, text in texts(".md")
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    for found in re.finditer(r"^(?:python3? start\.py|py start\.py|parity) ?(?P<command>[^#\n]*)", block, re.MULTILINE)
]


def verbs() -> dict[str, argparse.ArgumentParser]:
    """The parser of each verb."""
    actions = parser()._actions  # the standard library offers no public way to the verbs
    return next(action.choices for action in actions if isinstance(action, argparse._SubParsersAction))


def test_every_verb_has_a_parser_and_a_function() -> None:
    assert list(verbs()) == list(VERBS)
    assert [verb for verb, (address, _) in VERBS.items() if not _function(address).__doc__] == []


@pytest.mark.parametrize("verb", VERBS)
def test_help_stands_in_the_documentation(verb: str) -> None:
    page = (HOUSE / "docs" / "generated" / "terminal.md").read_text("utf-8")
    written = [page.partition(f"\n## `parity {verb}`\n")[2].partition("\n## ")[0]]
    helped = [verbs()[verb].description, *(action.help for action in verbs()[verb]._actions if action.dest != "help")]
    assert [words for words in helped if not words or words not in written[0]] == []


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=[f"{name}: {command}" for name, command in COMMANDS])
def test_commands_in_the_documentation_can_be_given(name: str, command: str) -> None:
    words = shlex.split(command)
    if words and words[0] not in OWN_VERBS:
        assert parser().parse_args(words).verb == words[0]


def test_the_documentation_shows_the_two_commands() -> None:
    shown = [command.strip() for name, command in COMMANDS if name == "README.md"]
    assert shown[:2] == ["", "test"]
