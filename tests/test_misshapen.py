"""A value of the wrong shape is told in both languages, and not repeated."""

from __future__ import annotations

import pytest
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from engine.cycle.errors import BadCommand
from engine.misshapen import lines


class Shape(BaseModel):
    """Fields that can be wrong in many ways."""

    model_config = ConfigDict(extra="forbid", strict=False)

    count: int = Field(default=1, ge=1, le=9)
    kind: str = Field(default="a", pattern="^[a-z]+$", max_length=3)
    when: AwareDatetime | None = None
    own: str = ""

    @field_validator("own")
    @classmethod
    def _ours(cls, own: str) -> str:
        if own:
            raise ValueError("须空着 | has to be empty")
        return own


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"count": "SECRET"}, "count:应为整数 | count: must be a whole number"),
        ({"count": 0}, "count:不能小于 1 | count: must be at least 1"),
        ({"kind": "SECRET"}, "kind:至多 3 个字 | kind: takes at most 3 characters"),
        ({"own": "SECRET"}, "own:须空着 | own: has to be empty"),
        ({"more": "SECRET"}, "more:没有这一项 | more: is not a field"),
    ],
)
def test_a_field_that_does_not_fit_is_told_in_both_languages(given, told):
    with pytest.raises(ValidationError) as wrong:
        Shape.model_validate(given)

    assert list(lines(wrong.value)) == [told]


def test_every_field_that_does_not_fit_has_a_line():
    with pytest.raises(ValidationError) as wrong:
        Shape.model_validate({"count": 10, "kind": "", "when": "2021-07-01T00:00:00"})

    assert [line.partition(":")[0] for line in lines(wrong.value)] == ["count", "kind", "when"]


def test_a_refused_command_tells_its_field_in_the_language_asked_for():
    refused = BadCommand("percent", "应为整数 | must be a whole number")

    assert refused.sentence("zh") == "字段 percent:应为整数"
    assert refused.sentence("en") == "field percent: must be a whole number"
