"""Entry point of ``workbench`` and ``python -m workbench``.

Whatever is at fault gets one line on standard error and an exit status: 2 for the request or its input, 130 for an
interruption, 1 for a defect, whose traceback goes to a log. Qt is imported only when a window is to open.

Invariant: garbage is not looked for while modules are imported and a window is built, for all of that stays until the
end; the search begins with the work of a command, or when the window has been painted.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from workbench.cli import failures
from workbench.cli.arguments import UsageError, parse

DONE, AT_FAULT, INTERRUPTED = 0, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments ask for and return the exit status.

    Args:
        argv: without the program's name; those of the process when None.
    """
    _replace_closed_streams()
    before = sys.excepthook
    sys.excepthook = failures.report
    gc.disable()
    try:
        status = _run(sys.argv[1:] if argv is None else argv)
    finally:
        gc.enable()
    # A defect leaves this function as an exception, and then the hook must still be there to log it.
    sys.excepthook = before
    return status


def _replace_closed_streams() -> None:
    """Let output go nowhere where there is no stream for it: closed by the shell, or never there, as in ``pythonw``."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # open until the program ends
            setattr(sys, name, nowhere)


def _run(arguments: Sequence[str]) -> int:
    try:
        return _dispatch(parse(arguments))
    except UsageError as error:
        print(f"workbench: {error}", file=sys.stderr)
        return AT_FAULT
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else DONE
    except KeyboardInterrupt:
        with suppress(OSError):
            print("workbench: Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads our output has seen enough. Python would complain when it flushes the rest at the end.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _dispatch(options: argparse.Namespace) -> int:
    from nncore.errors import InputError
    from nncore.storage.files import reason
    from workbench.cli import text

    text.prepare_streams()
    try:
        return _command(options.command)(options)
    except InputError as error:
        text.complain(error.sentence, error.remedy)
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.filename is None:
            raise
        text.complain(f"{error.filename} cannot be used: {reason(error)}.", "Check the name.")
    except MemoryError:
        text.complain("There is not enough memory for this.", "Use a smaller network, batch size or data set.")
    return AT_FAULT


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """Return the function of one command; each module is imported only when it is asked for."""
    match name:
        case "presets" | "datasets" | "layers":
            from workbench.cli.catalogue import run
        case "summary":
            from workbench.cli.summary import run
        case "train":
            from workbench.cli.train import run
        case "evaluate" | "predict" | "export":
            from workbench.cli.trained import run
        case _:
            from workbench.cli.window import run

            return run  # it has still to import and build the greater part
    gc.enable()
    return run


if __name__ == "__main__":
    sys.exit(main())
