"""P20: no command takes a text or a name; what is refused is not quoted.

``tests/canary`` plays whole places on a real server and searches all that they leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

import pytest
from cycle.stages import SEALED
from pydantic import BaseModel, TypeAdapter, ValidationError

from engine.campaign.commands import CampaignCommand
from engine.cycle.commands import CycleCommand, OpenCycle
from engine.cycle.parse import parse
from engine.record import Id
from engine.refusal import Refused

TEXT = "张三说食堂离工地太远 CANARY"
KNOWN = {"Calendar.version"}
"""Named by whoever publishes a calendar, like the policy it stands in."""


def records(kind: Any) -> Iterator[type[BaseModel]]:
    """Every record in ``kind``, those inside it too."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            yield from records(field.annotation)
    for part in get_args(kind)[: 1 if get_origin(kind) is Annotated else None]:
        yield from records(part)


def takes(field, value) -> bool:
    """Whether ``value`` may stand in ``field``, alone or in a list or a table."""
    kind = field.annotation
    for rule in field.metadata:
        kind = Annotated[kind, rule]
    for shape in (value, [value], {"a": value}, {value: value}, {"a": [value]}, {value: 1}):
        try:
            TypeAdapter(kind).validate_python(shape)
        except (ValidationError, TypeError):
            continue
        return True
    return False


COMMANDS = list(dict.fromkeys(records(CycleCommand | CampaignCommand | OpenCycle)))
REFERENCES = sorted(
    (command.model_fields["kind"].default, name)
    for command in records(CycleCommand)
    if "kind" in command.model_fields
    for name, field in command.model_fields.items()
    if takes(field, SEALED) and not takes(field, SEALED.upper())
)


def test_p20_no_field_of_any_command_takes_free_text():
    free = {
        f"{record.__name__}.{name}"
        for record in COMMANDS
        for name, field in record.model_fields.items()
        if takes(field, TEXT)
    }

    assert len(COMMANDS) > 80
    assert free == KNOWN


@pytest.mark.parametrize("name", ["张三", "Zhang San", "m01 张", "13800138000 张", ""])
def test_p20_a_name_is_no_id(name):
    with pytest.raises(ValidationError):
        TypeAdapter(Id).validate_python(name)


@pytest.mark.parametrize(("kind", "field"), REFERENCES)
def test_p20_a_text_where_a_reference_belongs_is_refused_and_not_quoted(kind, field):
    with pytest.raises(Refused) as refused:
        parse(kind, {"by": "m01", field: TEXT})

    told = "\n".join(map(str, refused.value.reasons))
    assert field in told
    assert "CANARY" not in told
