"""What day it is for a plugin's own command: the real one, or the day of a rehearsal."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

REHEARSALS = "_rehearsals"
"""Below a plugin's folder; no unit is called so: an id begins with a letter or a digit."""

LOCAL = timezone(timedelta(hours=8))
VARIABLE = "TAIZHANG_REHEARSED_DAY"


def today(folder: str = "") -> date:
    """Return the day in China on which a command works in ``folder``.

    A folder of rehearsals has the rehearsal's day where the play names one; whatever else
    there is has the wall clock's, so nobody sets a real passbook back.
    """
    rehearsed = os.environ.get(VARIABLE, "")
    if rehearsed and REHEARSALS in Path(folder).parts:
        return date.fromisoformat(rehearsed)
    return datetime.now(LOCAL).date()  # noqa: TID251  a person types, here and now
