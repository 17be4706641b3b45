"""Print links: each is drawn, written on its form, and only then made good; none is kept."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from engine.opinions.answers.batches import Batches
from engine.opinions.forms import CUT, page
from engine.opinions.refusals import FileNotWritten
from engine.opinions.token import Keys, drawn, read
from engine.opinions.tokens.store import Tokens


class Printing:
    """Draws the links of a batch onto forms, once."""

    def __init__(self, tokens: Tokens, batches: Batches, keys: Keys) -> None:
        self._tokens = tokens
        self._batches = batches
        self._keys = keys

    def links(self, batch: str, to: Path, *, days: int, site: str = "") -> int:
        """Write a form for every link not yet printed into the new file ``to``.

        Only its owner may read the file. The links are good when this returns; whoever is
        cut off before has a file of forms that take nothing, and issues new ones. ``days``
        is how long originals are kept, as the forms say.

        Returns:
            How many forms were written.

        Raises:
            Refused: the file is there or cannot be made, the batch is not open, or every
                link was printed before.
        """
        self._batches.get(batch)
        file = _made(to)
        try:
            asked, wanted = self._batches.draw(batch)
            codes = [
                (body, drawn(self._keys, batch, body.number))
                for body in asked.bodies
                for _ in range(wanted.get(body.body, 0))
            ]
            forms = [page(asked, body, days=days, code=code, site=site) for body, code in codes]
            with os.fdopen(os.dup(file), "w", encoding="utf-8") as written:
                written.write(CUT.join(forms))
                written.flush()
                os.fsync(file)
            self._tokens.add(batch, [read(self._keys, batch, code).kept for _, code in codes])
        except BaseException:
            with suppress(OSError):
                to.unlink()
            raise
        finally:
            os.close(file)
        return len(codes)


def _made(to: Path) -> int:
    try:
        return os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise FileNotWritten(str(to), error.strerror or "") from None
