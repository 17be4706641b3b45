"""``taizhang campaign``: open, list, show, history, do."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from pydantic import ValidationError

from engine.campaign.bodies import VERBS
from engine.campaign.commands import OpenCampaign
from engine.campaign.parse import stream_of
from engine.campaign.rollup import CampaignRollUp, TierCount, rolled_up
from engine.campaign.state import Campaign
from engine.cli.answers import answered
from engine.cli.cycles import show_history
from engine.cli.entering import act_somewhere, holder
from engine.cli.options import (
    ByOption,
    FileOption,
    IdOption,
    JsonOption,
    KindArgument,
    LangOption,
    Output,
    OutputOption,
)
from engine.cli.parts import Parts, Stopped
from engine.cli.sending import COMMAND_ID, ID, body_of
from engine.cli.show import as_json, console, echo, listed, table
from engine.cli.words import Words
from engine.gateway import CampaignExists, CampaignNotFound, Receipt
from engine.misshapen import lines
from engine.people.door import Denied
from engine.people.roles import campaign_act

LISTED = ("campaign", "bodies", *VERBS, "members", "reported")
TIERS = ("tier", "bodies", *VERBS)
SEARCHED = ("tier", "bodies_searched", "too_few", "members", "study", "thought", "action")
CampaignArgument = Annotated[str, typer.Argument(help="活动 | campaign id")]


def commands(parts: Parts) -> typer.Typer:
    """Return the group of commands about campaigns."""
    app = typer.Typer(help="活动 | campaigns", no_args_is_help=True)
    _acting(app, parts)
    _reading(app, parts)
    return app


def _acting(app: typer.Typer, parts: Parts) -> None:
    @app.command("open")
    def open_(
        file: Annotated[Path, typer.Argument(help="JSON,- 为标准输入 | JSON, - stdin")],
        lang: LangOption = "zh",
    ) -> None:
        """开启活动 | Open a campaign: its bodies by tier, its people."""
        with answered(lang) as words:
            opening = _opening(body_of(None, file))
            asyncio.run(_open(parts, opening))
            echo(words.say("done.campaign_opened", campaign=opening.campaign))

    @app.command()
    def do(
        campaign: CampaignArgument, kind: KindArgument, by: ByOption,
        written: JsonOption = None, file: FileOption = None, command_id: IdOption = None,
        output: OutputOption = "table", lang: LangOption = "zh",
    ) -> None:  # fmt: skip
        """办理一件事 | Hand a command to a campaign."""
        body = {**body_of(written, file), "by": by}
        with answered(lang) as words:
            _named(campaign, command_id)
            act_somewhere(parts, campaign_act(kind), by=by)
            _belongs(parts, campaign, by=by)
            receipt = asyncio.run(_send(parts, campaign, kind, body, command_id))
            _show_receipt(words, receipt, output)


def _reading(app: typer.Typer, parts: Parts) -> None:
    @app.command("list")
    def list_(output: OutputOption = "table", lang: LangOption = "zh") -> None:
        """列出活动 | List the campaigns."""
        with answered(lang) as words:
            rows = [
                {**_row(found.total), "campaign": found.campaign, "reported": found.reported}
                for found in map(rolled_up, _visible(parts))
            ]
            title = words.say("title.campaigns")
            listed(output, words, title, LISTED, rows, key="campaign")

    @app.command()
    def show(
        campaign: CampaignArgument, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """一个活动的现状 | Show how far the bodies have come, by tier, and who is missing."""
        with answered(lang) as words:
            _belongs(parts, campaign)
            found = parts.readings().campaign(campaign)
            if found is None:
                raise Stopped(
                    f"台账中没有活动 {campaign} | the ledger has no campaign {campaign}"
                )
            show_campaign(words, found, output)

    @app.command()
    def history(
        campaign: CampaignArgument, output: OutputOption = "table", lang: LangOption = "zh"
    ) -> None:
        """一个活动的经过 | Show what happened in a campaign, oldest first."""
        with answered(lang) as words:
            _belongs(parts, campaign)
            show_history(parts, words, campaign, stream_of(campaign), output)


def _opening(body: dict[str, Any]) -> OpenCampaign:
    try:
        return OpenCampaign.model_validate(body)
    except ValidationError as wrong:
        raise Stopped(*lines(wrong)) from None


async def _open(parts: Parts, opening: OpenCampaign) -> None:
    """Open it; the server forgets an ended campaign in time, and the ledger never does."""
    act_somewhere(parts, opening.kind, by=opening.by)
    if parts.ledger().read(stream=stream_of(opening.campaign), limit=1):
        raise CampaignExists(opening.campaign)
    async with parts.campaigns() as campaigns:
        await campaigns.open(opening)


def _named(campaign: str, command_id: str | None) -> None:
    """Refuse a name that no campaign, or a command id that no command, can have."""
    if not re.fullmatch(ID, campaign):
        raise CampaignNotFound(campaign)
    if command_id is not None and not re.fullmatch(COMMAND_ID, command_id):
        raise Stopped("命令号含有不许用的字符 | the command id has characters it may not have")


def _belongs(parts: Parts, campaign: str, *, by: str | None = None) -> None:
    """Let somebody of the campaign go on; ``by`` has to be the one.

    Raises:
        Refused: nobody is known by the token, or ``Denied``.
    """
    who = holder(parts, "read" if by is None else "act")
    if who is None:
        return
    found = parts.readings().campaign_state(campaign)
    if found is None or who not in found.people or by not in (None, who):
        raise Denied


def _visible(parts: Parts) -> Iterator[Campaign]:
    every = parts.readings().campaigns()
    who = holder(parts, "read")
    return (found for found in every if who is None or who in found.people)


async def _send(
    parts: Parts, campaign: str, kind: str, body: dict[str, Any], command_id: str | None
) -> Receipt:
    async with parts.campaigns() as campaigns:
        return await campaigns.submit(
            campaign, kind, body, command_id=command_id or uuid4().hex
        )


def _show_receipt(words: Words, receipt: Receipt, output: Output) -> None:
    """Print what a command caused; what happened to many bodies is said once."""
    if output == "json":
        return as_json(receipt.model_dump(mode="json"))
    if output == "ids":
        return echo(receipt.command)
    events = ", ".join(
        words.of("event", kind) + (f" ×{count}" if count > 1 else "")
        for kind, count in Counter(receipt.events).items()
    )
    return echo(words.say("done.recorded", events=events, command=receipt.command))


def show_campaign(words: Words, found: CampaignRollUp, output: Output) -> None:
    """Print a campaign by tier: bodies behind each verb, who is missing, the self-search."""
    if output == "json":
        return as_json(found.model_dump(mode="json"))
    if output == "ids":
        return echo(found.campaign)
    screen, whole = console(), found.total.model_copy(update={"tier": words.say("tier.total")})
    every = [_row(tier) for tier in (*found.tiers, whole)]
    progress = [{**row, **{v: f"{row[v]}/{row['bodies']}" for v in VERBS}} for row in every]
    screen.print(table(words, found.campaign, TIERS, progress))
    for verb, bodies in found.missing.items():
        if bodies:
            screen.print(_lacking(words, verb, bodies), soft_wrap=True)
    if found.total.search.bodies:
        screen.print(table(words, words.say("title.self_search"), SEARCHED, every))
    return None


def _row(tier: TierCount) -> dict[str, Any]:
    search = tier.search.model_dump()
    row = {**search, "bodies_searched": search["bodies"], **tier.model_dump(exclude={"search"})}
    return {**row, "tier": tier.tier}


NAMED = 5
"""Bodies that are named; more are counted."""


def _lacking(words: Words, verb: str, bodies: tuple[str, ...]) -> str:
    named = ", ".join(bodies[:NAMED])
    more = words.say("tier.more", count=len(bodies) - NAMED) if len(bodies) > NAMED else ""
    return words.say("tier.lacking", verb=words.of("column", verb), bodies=f"{named}{more}")
