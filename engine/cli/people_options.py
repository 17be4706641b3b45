"""What the commands about people share: ids that are checked, roles in either language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, TypeAlias

import typer

from engine.people.refusals import NoSuchRole
from engine.people.roles import RoleId
from engine.people.titles import ROLES
from engine.refusal import refuse
from engine.vault.door import is_id


def checked_id(value: str | None) -> str | None:
    """Return an opaque id unchanged.

    Raises:
        typer.BadParameter: it is none; a name, for instance.
    """
    if value is not None and not is_id(value):
        raise typer.BadParameter("须为编号,不可用姓名 | an id is needed, never a name")
    return value


ByOption: TypeAlias = Annotated[
    str, typer.Option("--by", callback=checked_id, help="办理人 | who does this")
]
PersonArgument: TypeAlias = Annotated[
    str, typer.Argument(callback=checked_id, help="人员编号 | person id")
]


def roles_named(written: Iterable[str]) -> tuple[RoleId, ...]:
    """Return the roles a person wrote, by id or in Chinese.

    Raises:
        NoSuchRole: for each that is none.
    """
    written = list(written)
    refuse(NoSuchRole(word, tuple(ROLES)) for word in written if word not in ROLES)
    return tuple(ROLES[word] for word in written)
