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
PROGRAMME = "short name of the programme, as in its address"

VERBS: dict[str, tuple[str, str]] = {
    "demo": ("parity.web.verbs:demo", "load the three examples, write their packs and serve them"),
    "load": ("parity.web.verbs:load", "take in a programme's folder, all of it or nothing"),
    "import": ("parity.web.publishing:import_files", "take in official files of England, each by itself"),
    "fetch": ("parity.web.publishing:fetch_file", "download a publication's file from its publisher"),
    "sources": ("parity.web.publishing:list_sources", "list the publications that can be taken in, and what was read"),
    "invite": ("parity.web.inviting:invite", "let a person act for an organisation, the first of a programme too"),
    "figure": ("parity.web.verbs:figure", "print one figure with what it rests on"),
    "figures": ("parity.web.verbs:figures", "write a programme's figures as CSV"),
    "tie-out": ("parity.web.verbs:tie_out", "recompute every published figure and tell which do not follow"),
    "pack": (
        "parity.web.verbs:pack",
        "write a programme's strategy, or an assessment of an area of England",
    ),
    "verify": ("parity.web.verifying:verify", "check that nobody altered events or records past the workspace"),
    "serve": ("parity.web.verbs:serve", "serve the pages on this machine"),
    "work": ("parity.web.working:work", "do the jobs that people ask for, one after the other"),
    "backup": ("parity.web.backup.verbs:backup", "write all records and tables into one encrypted file"),
    "restore": ("parity.web.backup.verbs:restore", "take a backup into an empty instance, all of it or nothing"),
    "drill": ("parity.web.backup.verbs:run_drill", "restore a backup beside this instance and compare the two"),
    "digest": (
        "parity.web.exit_pack.verbs:digest",
        "print the digest of every table and file, to compare two instances",
    ),
    "export": ("parity.web.exit_pack.verbs:export", "write a whole programme into one file, its exit pack"),
    "look-at": (
        "parity.web.interchange:look_at",
        "tell what is read of a model from another program, and what cannot be run",
    ),
    "scenario": (
        "parity.web.interchange:scenario",
        "write a scenario with its model as JSON, and its model's monthly series as CSV",
    ),
    "take-in": ("parity.web.exit_pack.verbs:take", "take in an exit pack where no such programme is, all or nothing"),
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
    made["demo"].add_argument("--no-serve", action="store_true", help="stop after the packs are written")
    made["demo"].add_argument("--into", metavar="DIR", default="packs", help="folder for the packs (default: packs)")
    _add_address(made["demo"])
    made["load"].add_argument("folder", metavar="DIR", help="folder with programme.toml, tables/ and relations.toml")
    made["import"].add_argument(
        "what",
        metavar="STEM|FILE",
        nargs="+",
        help="name of a publication and files of it; or files and folders that are known by their names",
    )
    _add_invite(made["invite"])
    _add_figures(made["figure"], made["figures"])
    made["tie-out"].add_argument("programme", nargs="?", metavar="PROGRAMME", help=PROGRAMME)
    made["tie-out"].add_argument(
        "--table",
        metavar="FILE",
        action="append",
        default=[],
        help="CSV file of your own, instead of a programme; may be repeated",
    )
    made["tie-out"].add_argument("--relations", metavar="FILE", help="TOML file with the relations of your tables")
    made["tie-out"].add_argument("--csv", metavar="FILE", help="file to write every row to")
    made["fetch"].add_argument("stem", metavar="STEM", help="name of a publication, as `parity sources` lists it")
    made["fetch"].add_argument("--into", metavar="DIR", default=".", help="folder to write into (default: this one)")
    _add_pack(made["pack"])
    made["verify"].add_argument("programme", nargs="?", metavar="PROGRAMME", help=f"{PROGRAMME}; left out: every one")
    made["verify"].add_argument("--events", metavar="FILE", help="file to write the programme's events to, one a line")
    made["verify"].add_argument("--head", metavar="HASH", help="hash of an event as you noted it; it must still stand")
    _add_address(made["serve"])
    until = "stop when standard input ends, as beside the server"
    made["work"].add_argument("--until-input-ends", action="store_true", help=until)
    _add_backup(made["backup"], made["restore"])
    made["digest"].add_argument("programme", nargs="?", metavar="PROGRAMME", help=f"{PROGRAMME}; left out: everything")
    made["export"].add_argument("programme", metavar="PROGRAMME", help=PROGRAMME)
    made["export"].add_argument("file", metavar="FILE", help="file to write, ending in .zip; it must not exist")
    made["take-in"].add_argument("file", metavar="FILE", help="exit pack to take in")
    _add_models(made["look-at"], made["scenario"])
    return whole


def _add_models(look: argparse.ArgumentParser, scenario: argparse.ArgumentParser) -> None:
    look.add_argument("file", metavar="FILE", help="model (.xmile, .stmx, .xml, .mdl), or scenario (.json)")
    scenario.add_argument("code", metavar="CODE", help="code of the scenario, as in its register")
    scenario.add_argument("--programme", required=True, metavar="P", help=PROGRAMME)
    scenario.add_argument("--json", metavar="FILE", help="file to write the scenario to")
    scenario.add_argument("--csv", metavar="FILE", help="file to write every series of all scenarios of its model to")


def _add_pack(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("programme", metavar="PROGRAMME", help=f"{PROGRAMME}; or england, for the assessment of an area")
    verb.add_argument("--into", required=True, metavar="DIR", help="folder to write into")
    verb.add_argument("--area", metavar="A", help="of England: code or name of the area")
    verb.add_argument("--compare", metavar="A, B, …", default="", help="of England: areas it is compared with")
    verb.add_argument("--year", metavar="Y", default="", help="of England: year asked for (default: this year)")


def _add_invite(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("email", metavar="EMAIL", help="the person's address, with which they will sign in")
    verb.add_argument("--programme", required=True, metavar="P", help=PROGRAMME)
    verb.add_argument(
        "--organisation", required=True, metavar="CODE", help="code of the organisation, as in its folder"
    )
    verb.add_argument("--role", required=True, metavar="R", help="role, such as director, which may invite others")
    verb.add_argument("--lot", default="", metavar="L", help="only for this lot (default: all)")
    verb.add_argument("--name", default="", metavar="NAME", help="what the person is called")


def _add_figures(one: argparse.ArgumentParser, many: argparse.ArgumentParser) -> None:
    one.add_argument("key", metavar="KEY", help="key of the indicator, as on its page")
    one.add_argument("--programme", required=True, metavar="P", help=PROGRAMME)
    one.add_argument("--area", metavar="A", help="code or name of an area")
    one.add_argument("--period", metavar="T", help="period, such as 2009/10")
    one.add_argument(
        "--where", metavar="NAME=VALUE", action="append", default=[], help="value of a dimension; may be repeated"
    )
    one.add_argument("--json", action="store_true", help="print the figures as JSON, as the API gives them")
    many.add_argument("--programme", required=True, metavar="P", help=PROGRAMME)
    many.add_argument(
        "--where",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="only figures with this stage, topic, key, area, period or dimension; may be repeated",
    )
    many.add_argument("--csv", required=True, metavar="FILE", help="file to write")


def _add_backup(backup: argparse.ArgumentParser, restore: argparse.ArgumentParser) -> None:
    backup.add_argument("file", metavar="FILE", help="file to write; it must not exist")
    backup.add_argument(
        "--to",
        metavar="RECIPIENT",
        action="append",
        default=[],
        help="public key of age, age1…, whose holder may open it; may be repeated",
    )
    restore.add_argument("file", metavar="FILE", help="backup to take in")
    restore.add_argument("--into-empty", action="store_true", required=True, help="say that nothing is here to lose")
    restore.add_argument("--identity", metavar="FILE", help="file with the key of age that opens it")
    for verb in (backup, restore):
        verb.add_argument("--passphrase-file", metavar="FILE", help="file with the passphrase on its first line")
    backup.add_argument("--plain", action="store_true", help="do not encrypt it: anybody who has it reads it")


def _add_address(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    verb.add_argument("--port", type=_port, default=8000, help="port to listen on (default: 8000)")
    verb.add_argument("--no-work", action="store_true", help="start no worker for jobs beside the server")


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
        address, home = os.environ.get("DATABASE_URL"), os.environ.get("PARITY_HOME", ".parity")
        place = "that DATABASE_URL names" if address else f"in {home}"
        reason = " ".join(str(error).split()).rstrip(".")
        return _refused(f"The records {place} cannot be used: {reason}. Nothing was changed; try again.")
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
