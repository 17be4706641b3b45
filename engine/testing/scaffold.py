"""Write a plugin folder like ``plugins/starter``, with the four words changed."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from engine.host.manifest import MANIFEST, RESERVED
from engine.plan.steps import PluginId
from engine.text import TextRefusedError, checked_text

SUFFIX = ".template"
STEP = "visit"
ROOMS = ("workflows", "plugins", "tests", "deploy", "docs")
TITLE_BYTES = 200
SHAPE: TypeAdapter[str] = TypeAdapter(PluginId)


class NotWrittenError(Exception):
    """No folder was written; ``reasons`` says why, one line each, ``zh | en``."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


def scaffold(
    name: str, place: Path, *, step: str = STEP, title_zh: str = "", title_en: str = "",
    taken: Iterable[str] = (),
) -> tuple[Path, ...]:  # fmt: skip
    """Write the plugin ``name`` into a new folder of that name in ``place``.

    Args:
        name: Its id, which is its import name too.
        place: The folder that gets the new one; made when it is not there.
        step: The name of its step, behind the id and a dot.
        title_zh: What it is for, in Chinese; by default what its one step is for.
        title_en: The same in English.
        taken: Ids that other plugins have.

    Returns:
        The files written, by name.

    Raises:
        NotWrittenError: with every reason.
    """
    folder = place / name
    own = {"zh": title_zh, "en": title_en}
    reasons = [*_misnamed(name, taken), *_misnamed_step(step), *_unfit(own)]
    if not reasons and folder.exists():
        reasons = [f"{folder} 已经存在,请另选位置 | {folder} is there already, choose another"]
    if reasons:
        raise NotWrittenError(reasons)
    written = _written(name, step, {lang: title for lang, title in own.items() if title})
    folder.mkdir(parents=True)
    for file, text in written.items():
        (folder / file).write_text(text, "utf-8")
    return tuple(folder / file for file in sorted(written))


def template() -> dict[str, str]:
    """Return the files of the shipped starter by name."""
    shipped = files("engine.testing") / "starter"
    return {
        file.name.removesuffix(SUFFIX): file.read_text("utf-8")
        for file in shipped.iterdir()
        if file.name.endswith(SUFFIX)
    }


def _written(name: str, step: str, titles: dict[str, str]) -> dict[str, str]:
    """Return the starter's files with its words replaced, all in one pass."""
    texts = template()
    starter = tomllib.loads(texts[MANIFEST])
    old = starter["id"]
    words = {
        f"taizhang-{old}": f"taizhang-{name.replace('_', '-')}",
        f"{old}.{STEP}": f"{name}.{step}",
        old: name,
        **{starter[f"title_{lang}"]: title for lang, title in titles.items()},
    }
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    return {
        pattern.sub(lambda found: words[found[0]], file): pattern.sub(
            lambda found: words[found[0]], text
        )
        for file, text in texts.items()
    }


def _misnamed(name: str, taken: Iterable[str]) -> Iterator[str]:
    """Yield why a plugin cannot be called ``name``."""
    try:
        SHAPE.validate_python(name)
    except ValidationError:
        yield (
            f"标识 {name!r} 不合格:小写字母开头,只用小写字母、数字、下划线,至多 40 个 | "
            f"{name!r} is no id: lower case letters, digits and underscores, a letter first, "
            "40 at most"
        )
        return
    if name in (*RESERVED, *ROOMS):
        yield f"{name} 是引擎自己的名称 | {name} is a name of the engine's own"
    elif iskeyword(name) or name in sys.stdlib_module_names:
        yield f"{name} 是 Python 自己的名称 | {name} is a name of Python's own"
    elif name in taken:
        yield f"已有插件 {name} | there is a plugin {name} already"
    elif find_spec(name) is not None:
        yield f"{name} 会遮住已安装的 Python 包 | {name} would hide an installed package"


def _misnamed_step(step: str) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,38}", step):
        yield (
            f"步骤名 {step!r} 不合格:小写字母开头,只用小写字母、数字、下划线,至多 39 个 | "
            f"{step!r} names no step: lower case letters, digits and underscores, a letter "
            "first, 39 at most"
        )


def _unfit(titles: dict[str, str]) -> Iterator[str]:
    """Yield why a title cannot be written between quotation marks on one line."""
    for lang, title in titles.items():
        if not title:
            continue
        if re.search(r'["\\\x00-\x1f\x7f]', title):
            yield (
                f"标题({lang})不能有引号、反斜线和换行 | "
                f"title ({lang}): no quotation mark, backslash or line break"
            )
            continue
        try:
            checked_text(title, limit_bytes=TITLE_BYTES)
        except TextRefusedError as error:
            yield str(error)
