"""Forms as they are printed: what is asked, how to answer, and the plain notice.

Source: domain P27.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from engine.opinions.batch import Batch, Body
from engine.record import Lang

CUT = "\n- - - - - - - - - - - - - - - - ✂ - - - - - - - - - - - - - - - -\n\n"
LANGS: tuple[Lang, ...] = ("zh", "en")


def page(asked: Batch, body: Body, *, days: int, code: str = "", site: str = "") -> str:
    """Return one form; with ``code`` it is answered by link, without one on paper.

    ``days`` is how long originals are kept once the batch is closed.
    """
    facts = {"batch": asked.id, "body": body.body, "k": asked.k, "days": days, "site": site}
    return "\n".join(line for lang in LANGS for line in _half(lang, facts, code))


def _half(lang: Lang, facts: Mapping[str, object], code: str) -> Iterator[str]:
    words = {key: said.format(**facts) for key, said in _words(lang).items()}
    how = "paper" if not code else "link" if facts["site"] else "terminal"
    yield from (
        f"# {words['title']} · {facts['batch']} · {facts['body']}",
        "",
        words["asked"],
        "",
    )
    yield words[how]
    if code:
        yield from ("", f"    {code}")
    else:
        yield from ("", words["space"], *[""] * 6)
    yield from ("", f"**{words['notice']}**", "")
    yield from (f"- {words[key]}" for key in ("stored", "seen", "kept"))
    if code:
        yield f"- {words['code']}"
    yield ""


@cache
def _words(lang: Lang) -> dict[str, str]:
    every = tomllib.loads((files("engine.opinions") / "forms.toml").read_text("utf-8"))
    return dict(every[lang])
