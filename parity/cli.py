"""The same verbs from a terminal: `parity VERB …`. Bad input ends in a plain sentence and exit status 2."""

import argparse
import importlib
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence

DONE = 0
OUR_FAULT = 1
BAD_INPUT = 2
INTERRUPTED = 130
LAST_PORT = 65_535

VERBS: dict[str, tuple[str, str]] = {
    "demo": ("parity.web.verbs:demo", "load the three examples, write their packs and serve them"),
    "load": ("parity.web.verbs:load", "take in a programme's folder, all of it or nothing"),
    "figure": ("parity.web.verbs:figure", "print one figure with what it rests on"),
    "figures": ("parity.web.verbs:figures", "write a programme's figures as CSV"),
    "tie-out": ("parity.web.verbs:tie_out", "recompute every published figure and tell which do not follow"),
    "pack": ("parity.web.verbs:pack", "write a programme's strategy as HTML, PDF, Word and a workbook"),
    "serve": ("parity.web.verbs:serve", "serve the pages on this machine"),
}
"""Each verb: the function that does it, loaded only when it is asked for, and what it does."""


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; its help is printed in `docs/generated/terminal.md`."""
    whole = argparse.ArgumentParser(
        prog="parity",
        description="Parity: one workspace for commissioning mental-health care.",
        epilog="Tables and records rest in the folder PARITY_HOME names, by default .parity in the working folder.",
    )
    verbs = whole.add_subparsers(dest="verb", required=True, metavar="VERB")
    made = {
        name: verbs.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
        for name, (_, words) in VERBS.items()
    }
    programme = "short name of the programme, as in its address"
    made["demo"].add_argument("--no-serve", action="store_true", help="stop after the packs are written")
    made["demo"].add_argument("--into", metavar="DIR", default="packs", help="folder for the packs (default: packs)")
    _add_address(made["demo"])
    made["load"].add_argument("folder", metavar="DIR", help="folder with programme.toml, tables/ and relations.toml")
    made["figure"].add_argument("key", metavar="KEY", help="key of the indicator, as on its page")
    made["figure"].add_argument("--programme", required=True, metavar="P", help=programme)
    made["figure"].add_argument("--area", metavar="A", help="code or name of an area")
    made["figure"].add_argument("--period", metavar="T", help="period, such as 2009/10")
    made["figure"].add_argument(
        "--where", metavar="NAME=VALUE", action="append", default=[], help="value of a dimension; may be repeated"
    )
    made["figure"].add_argument("--json", action="store_true", help="print the figures as JSON, as the API gives them")
    made["figures"].add_argument("--programme", required=True, metavar="P", help=programme)
    made["figures"].add_argument(
        "--where",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="only figures with this stage, topic, key, area, period or dimension; may be repeated",
    )
    made["figures"].add_argument("--csv", required=True, metavar="FILE", help="file to write")
    made["tie-out"].add_argument("programme", nargs="?", metavar="PROGRAMME", help=programme)
    made["tie-out"].add_argument(
        "--table",
        metavar="FILE",
        action="append",
        default=[],
        help="CSV file of your own, instead of a programme; may be repeated",
    )
    made["tie-out"].add_argument("--relations", metavar="FILE", help="TOML file with the relations of your tables")
    made["tie-out"].add_argument("--csv", metavar="FILE", help="file to write every row to")
    made["pack"].add_argument("programme", metavar="PROGRAMME", help=programme)
    made["pack"].add_argument("--into", required=True, metavar="DIR", help="folder to write into")
    _add_address(made["serve"])
    return whole


def _add_address(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    verb.add_argument("--port", type=_port, default=8000, help="port to listen on (default: 8000)")


def _port(text: str) -> int:
    """A port number; 0 takes any free one. Raises ArgumentTypeError for anything else."""
    if not (text.isascii() and text.isdecimal()) or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"“{text}” is no port: give a number from 0 to {LAST_PORT}")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status of the command: 0 done, 2 bad input, 1 a fault of our own, the last two with a sentence."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a terminal that has no “ shows a ? and not an error
            stream.reconfigure(errors="replace")
    given = parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parity.web.settings")
    errors = importlib.import_module("parity.terms.errors")
    database = importlib.import_module("django.db")
    try:
        importlib.import_module("django").setup()
        status = _function(VERBS[given.verb][0])(given)
        sys.stdout.flush()
        return status
    except errors.ParityError as error:
        return _refused(str(error))
    except BrokenPipeError:
        # whoever read our words has read enough, and Python must not try to write the rest when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        return _refused(f"{error.filename or 'A file'}: {error.strerror or error}.")
    except database.OperationalError as error:
        home = os.environ.get("PARITY_HOME", ".parity")
        return _refused(f"The records in {home} cannot be used: {error}. Nothing was changed; try again.")
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 -- the edge of the house: nobody at a terminal is shown a stack of calls
        return _our_fault(error)


def _refused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return BAD_INPUT


def _our_fault(error: Exception) -> int:
    """The exit status after an error nobody foresaw: what happened is kept in a file for whoever can mend it."""
    with tempfile.NamedTemporaryFile("w", prefix="parity-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.writelines(traceback.format_exception(error))
    print(
        f"Something went wrong, and it is our fault, not yours: {type(error).__name__}. What happened stands in "
        f"{file.name}; please pass it on to whoever maintains Parity.",
        file=sys.stderr,
    )
    return OUR_FAULT


def _function(address: str) -> Callable[[argparse.Namespace], int]:
    """The function of `module:name`."""
    module, _, name = address.partition(":")
    function: Callable[[argparse.Namespace], int] = getattr(importlib.import_module(module), name)
    return function


if __name__ == "__main__":
    sys.exit(main())
