"""What can be asked for on the command line.

The bounds of numbers are not repeated here: values stay text until the declared field that they belong to checks them.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Sequence
from typing import NoReturn

_DESCRIPTION = "Build a neural network by dragging layers, press Train, and watch it learn."
_USAGE = "workbench [PROJECT]\n       workbench COMMAND ..."
_EPILOG = """\
Without a command, the window opens with PROJECT. "workbench COMMAND --help" tells more of a command.

PROJECT is the name of a preset or a .nnw file. SOURCE is the name of a built-in data set, a .csv, .xlsx, .parquet or
.npz file, or a folder with IDX files like those of MNIST. A network that has learned texts also reads a .txt file with
one text in each line, and a table with a column called "text".

Exit status: 0 done, 2 the request or its input is at fault, 1 a defect of the program, 130 interrupted."""

_PROJECT = "name of a preset, or a .nnw file"
_SOURCE = "name of a built-in data set, a file or a folder"
_JSON = "print one JSON object, on one line"


class UsageError(Exception):
    """The command line cannot be understood; the same two sentences as an ``InputError``."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(f"{sentence} {remedy}")
        self.sentence = sentence
        self.remedy = remedy


class Parser(argparse.ArgumentParser):
    """An argument parser that raises ``UsageError`` with sentences instead of printing its usage and leaving."""

    def error(self, message: str) -> NoReturn:
        see = f'See "{self.prog} --help".'
        missing = re.search(r"arguments are required: (.*)", message)
        if missing:
            raise UsageError(f"{self.prog} needs {missing[1].replace(', ', ' and ')}.", see)
        valueless = re.search(r"argument (\S+): expected one argument", message)
        if valueless:
            raise UsageError(f"The option {valueless[1]} needs a value.", see)
        raise UsageError(f"The command line cannot be understood: {message}.", see)

    def refuse(self, extra: Sequence[str]) -> NoReturn:
        """Raise ``UsageError`` for arguments that nothing asked for, with the nearest option there is."""
        name = extra[0].split("=")[0]
        if not name.startswith("-"):
            raise UsageError(f'{self.prog} has no use for "{name}".', f'See "{self.prog} --help".')
        known = [option for action in self._actions for option in action.option_strings]
        near = difflib.get_close_matches(name, known, n=1)
        remedy = f"Did you mean {near[0]}?" if near else f'See "{self.prog} --help".'
        raise UsageError(f"{self.prog} has no option {name}.", remedy)


def _commands() -> dict[str, Parser]:
    """Return the parser of each command; ``description`` is its line in the overview."""
    parsers: dict[str, Parser] = {}

    def command(name: str, description: str, *, project: bool = True, json: bool = True) -> Parser:
        parser = Parser(prog=f"workbench {name}", description=description, allow_abbrev=False)
        parser.set_defaults(command=name)
        if project:
            parser.add_argument("project", metavar="PROJECT", help=_PROJECT)
        if json:
            parser.add_argument("--json", action="store_true", help=_JSON)
        parsers[name] = parser
        return parser

    command("presets", "List the ready projects.", project=False)
    command("datasets", "List the built-in data sets.", project=False)
    command("layers", "List every layer with its fields, bounds and defaults.", project=False)
    command("summary", "Show a network row by row: shapes, parameters, costs, and what is wrong with it.")

    train = command("train", "Train a project without a window; Ctrl+C stops and keeps what was learned.")
    train.add_argument("--data", metavar="SOURCE", help=f"learn from other data: {_SOURCE}")
    train.add_argument("--target", metavar="COLUMN", help="for tables: the column to predict, if not the last one")
    train.add_argument("--test", metavar="SOURCE", help=f"data to test on at the end: {_SOURCE}")
    train.add_argument(
        "--epochs",
        metavar="N",
        help="passes through the data, those of an earlier training included; if all are done, as many more",
    )
    train.add_argument("--batch-size", metavar="B", help='samples per step, or "full"')
    train.add_argument("--learning-rate", metavar="R", help="size of a step along the gradient")
    train.add_argument("--seed", metavar="S", help="start of all random numbers: same seed, same result")
    train.add_argument("--output", metavar="DIR", help="folder to write project.nnw and history.csv to")

    evaluate = command("evaluate", "Measure loss and metrics of a trained project.")
    evaluate.add_argument("--data", metavar="SOURCE", required=True, help=f"{_SOURCE}; its test part, if it has one")

    predict = command("predict", "Write what a trained project says of each sample to a CSV file.", json=False)
    predict.add_argument("--data", metavar="SOURCE", required=True, help=f"{_SOURCE}; its test part, if it has one")
    predict.add_argument("--output", metavar="FILE.csv", required=True, help="the file to write")

    export = command("export", "Write the weights of a trained project for other programs.", json=False)
    export.add_argument("--format", metavar="FORMAT", required=True, help="format of the file, for example npz")
    export.add_argument("--output", metavar="FILE", required=True, help="the file to write")
    return parsers


COMMANDS = ("presets", "datasets", "layers", "summary", "train", "evaluate", "predict", "export")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; ``command`` is "window" when no command was named.

    Raises:
        UsageError: an unknown option, or one missing.
        SystemExit: help or version was asked for, and has been printed.
    """
    first = next((argument for argument in arguments if not argument.startswith("-")), None)
    commands = _commands()
    if first in commands and arguments[0] == first:
        parser, rest = commands[first], arguments[1:]
    else:
        parser, rest = _overview(commands), arguments
    options, extra = parser.parse_known_args(list(rest))
    if extra:
        if options.command == "window":
            for near in difflib.get_close_matches(options.project or "", commands, n=1, cutoff=0.7):
                raise UsageError(f'There is no command called "{options.project}".', f"Did you mean {near}?")
        parser.refuse(extra)
    return options


def _overview(commands: dict[str, Parser]) -> Parser:
    lines = [f"  {name:10} {parser.description}" for name, parser in commands.items()]
    parser = Parser(
        prog="workbench",
        usage=_USAGE,
        description=_DESCRIPTION,
        epilog="\n".join(["commands:", *lines, "", _EPILOG]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(command="window")
    parser.add_argument("project", metavar="PROJECT", nargs="?", help=_PROJECT)
    parser.add_argument(
        "--window",
        action="store_true",
        help="open the window even if PROJECT cannot be opened, and say why there; file managers need it",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    return parser


class _Version(argparse.Action):
    """Looks the version up when it is asked for: that takes as long as a fifth of all imports."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("neural-network-workbench")
        except PackageNotFoundError:
            number = "(not installed)"
        print(f"workbench {number}")
        parser.exit()
