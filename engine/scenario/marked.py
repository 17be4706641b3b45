"""Read YAML without its surprises, and remember on which line everything stands.

Only ``true`` and ``false`` are yes and no, only plain digits are numbers, nothing is
turned into a date, no tag builds an object. What YAML would guess is a problem instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

Place: TypeAlias = tuple[int | str, ...]

TAG = "tag:yaml.org,2002:"
TEXT = frozenset({"str", "timestamp", "merge", "value"})
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
MOST_NODES = 200_000
DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place in a file, in both languages."""

    place: Place
    zh: str
    en: str


@dataclass
class Marked:
    """What a file says, the line of each place (from 1), and what is wrong with its YAML."""

    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, place: Sequence[int | str]) -> int | None:
        """Return the line of ``place`` or of the nearest place around it."""
        for length in range(len(place), 0, -1):
            if (line := self.lines.get(tuple(place[:length]))) is not None:
                return line
        return None


def read(text: str) -> Marked:
    """Return what ``text`` says; broken YAML gives one problem and no value."""
    marked = Marked()
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is not None:
            marked.value = _Reader(marked).value(node, ())
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        marked.lines[("yaml",)] = mark.line + 1 if mark else 1
        marked.problems.append(_broken(str(wrong.problem or wrong.context)))
    except (yaml.YAMLError, RecursionError) as wrong:
        marked.problems.append(_broken(" ".join(str(wrong).split())))
    return marked


def _broken(said: str) -> Problem:
    hint = "'@'" in said or "'`'" in said or "'%'" in said
    quote = (":请加引号", ": put it in quotes") if hint else ("", "")
    return Problem(("yaml",), f"不是 YAML:{said}{quote[0]}", f"not YAML: {said}{quote[1]}")


class _Reader:
    """Turns nodes into plain values."""

    def __init__(self, marked: Marked) -> None:
        self._marked = marked
        self._nodes = 0

    def value(self, node: yaml.Node, place: Place) -> Any:
        """Return the value of ``node``, which stands at ``place``."""
        self._nodes += 1
        if self._nodes > MOST_NODES or len(place) > DEEPEST:
            raise yaml.YAMLError("too large, too deep or an anchor inside itself")
        self._marked.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            self._tagged(node, place, "map")
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            self._tagged(node, place, "seq")
            return [self.value(inner, (*place, n)) for n, inner in enumerate(node.value)]
        return self._scalar(node, place)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> Any:
        if word := _bare_placeholder(node):
            self._wrong(place, f'请加引号:"{word}"', f'put it in quotes: "{word}"')
            return word
        found: dict[str, Any] = {}
        for key, inner in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            here = (*place, name)
            self._marked.lines.setdefault(here, key.start_mark.line + 1)
            if not isinstance(key, yaml.ScalarNode):
                self._wrong(place, "键须为一个词", "a key is a word")
            elif name in found:
                line = key.start_mark.line + 1
                self._wrong(
                    here,
                    f"键 {name} 重复(第 {line} 行)",
                    f"key {name} is there twice (again on line {line})",
                )
                continue
            found[name] = self.value(inner, here)
        return found

    def _scalar(self, node: yaml.Node, place: Place) -> Any:
        kind, said = node.tag.removeprefix(TAG), str(node.value)
        if getattr(node, "style", None) or kind in TEXT:
            return said
        if kind == "null":
            return None
        if kind == "bool":
            return self._boolean(said, place)
        if kind in ("int", "float"):
            return self._number(said, place)
        self._wrong(place, f"不用标签 {node.tag}", f"no tags: {node.tag}")
        return said

    def _boolean(self, said: str, place: Place) -> Any:
        if said.lower() in ("true", "false"):
            return said.lower() == "true"
        self._wrong(
            place,
            f'{said} 含义不明:是非写 true 或 false,文字写 "{said}"',
            f'{said} is ambiguous: write true or false, or "{said}" for the word',
        )
        return said

    def _number(self, said: str, place: Place) -> Any:
        if INTEGER.fullmatch(said):
            return int(said)
        if DECIMAL.fullmatch(said):
            return float(said)
        if ":" not in said:  # 09:30 and 1:2 are no numbers here
            self._wrong(
                place,
                f'数只写普通数字;文字写 "{said}"',
                f'a number is plain digits; write "{said}" for the text',
            )
        return said

    def _tagged(self, node: yaml.Node, place: Place, kind: str) -> None:
        if node.tag != TAG + kind:
            self._wrong(place, f"不用标签 {node.tag}", f"no tags: {node.tag}")

    def _wrong(self, place: Place, zh: str, en: str) -> None:
        self._marked.problems.append(Problem(place, zh, en))


def _bare_placeholder(node: yaml.MappingNode) -> str:
    """Return ``{it}`` for a placeholder whose quotes were forgotten, else nothing."""
    if not node.flow_style or len(node.value) != 1:
        return ""
    key, inner = node.value[0]
    empty = isinstance(inner, yaml.ScalarNode) and not inner.value and not inner.style
    return f"{{{key.value}}}" if empty and isinstance(key, yaml.ScalarNode) else ""
