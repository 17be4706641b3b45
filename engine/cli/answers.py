"""How a command ends: one line a reason on stderr, and an exit code that is true."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import structlog
import typer
from sqlalchemy.exc import DBAPIError

from engine.cli.parts import REFUSED, UNREACHABLE, USAGE, Stopped
from engine.cli.show import echo
from engine.cli.words import Words
from engine.gateway import (
    CampaignClosed,
    CampaignExists,
    CampaignNotFound,
    CommandRefused,
    CycleClosed,
    CycleExists,
    CycleNotFound,
    RunStopped,
    ServerUnreachable,
)
from engine.ledger.port import LedgerError, LedgerUnavailableError
from engine.people.sheets import SheetsRefusedError
from engine.record import Lang
from engine.refusal import Refused
from engine.scenario.load import ScenarioError
from engine.scenario.offscript import OffScriptError
from engine.terminal import one_line
from engine.text import TextRefusedError
from engine.vault.keyring import PayloadKeyError
from engine.vault.keys import MasterKeyError
from engine.vault.port import VaultError
from engine.vault.sealing import TextsRefusedError
from engine.vault.unreadable import PayloadUnreadableError

NOT_TAKEN = (
    CycleNotFound, CycleClosed, CycleExists, CampaignNotFound, CampaignClosed, CampaignExists,
    RunStopped,
)  # fmt: skip


def leave(lines: list[str], code: int) -> NoReturn:
    """Print ``lines`` to stderr and end the command with ``code``."""
    for line in lines:
        echo(one_line(line), err=True)
    raise typer.Exit(code)


@contextmanager
def answered(lang: Lang) -> Iterator[Words]:
    """Give the words of ``lang``, and turn whatever stops the command into its answer."""
    quiet()
    words = Words(lang)
    try:
        yield words
    except CommandRefused as refused:
        leave([f"{r.sentence(lang)} [{r.code}]" for r in refused.reasons], REFUSED)
    except Refused as refused:
        leave([f"{r.sentence(lang)} [{r.code}]" for r in refused.reasons], REFUSED)
    except SheetsRefusedError as error:
        leave([words.half(str(problem)) for problem in error.problems], REFUSED)
    except Stopped as stopped:
        leave([words.half(line) for line in stopped.lines], stopped.code)
    except NOT_TAKEN as error:
        leave([words.say(f"answer.{type(error).__name__}", cycle=error)], REFUSED)
    except ServerUnreachable as error:
        leave([words.say("answer.ServerUnreachable", address=error)], UNREACHABLE)
    except (LedgerUnavailableError, DBAPIError):
        leave([words.say("answer.DatabaseUnreachable")], UNREACHABLE)
    except ScenarioError as error:
        leave([words.half(problem) for problem in error.problems], REFUSED)
    except TextRefusedError as error:
        leave([words.half(str(error))], REFUSED)
    except TextsRefusedError as error:
        leave([f"{path}: {words.half(why)}" for path, why in error.reasons.items()], REFUSED)
    except PayloadKeyError as error:
        leave([words.half(str(error))], USAGE)
    except (
        OffScriptError, MasterKeyError, PayloadUnreadableError, VaultError, LedgerError,
    ) as error:  # fmt: skip
        leave([words.half(line) for line in str(error).splitlines()], REFUSED)


def quiet() -> None:
    """Keep the log to warnings: a person reads this terminal, not a collector."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
