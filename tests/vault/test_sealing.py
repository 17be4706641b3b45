"""Texts of a command become references, all or none."""

from __future__ import annotations

import pytest

from engine.publication.door import about
from engine.vault.memory import InMemoryVault
from engine.vault.port import KeyReusedError
from engine.vault.sealing import TextsRefusedError, seal_texts


@pytest.fixture
def vault():
    return CountingVault()


class CountingVault(InMemoryVault):
    """Counts what it is asked to seal."""

    count = 0

    def seal(self, text, *, subject, by, key=None):
        self.count += 1
        return super().seal(text, subject=subject, by=by, key=key)


def sealed(vault, body, key="c1"):
    return seal_texts(
        body, vault, subject="s", about=about(body), by="m01", key=key, limit_bytes=99
    )


def test_texts_become_references_and_the_rest_stays(vault):
    body = {
        "a": {"text": "问题", "subject": "m05"}, "n": 1, "l": [{"text": "证"}, None],
        "of": "m05",
    }  # fmt: skip
    result = sealed(vault, body)

    assert result | {"a": 0, "l": 0} == {"a": 0, "n": 1, "l": 0, "of": "m05"}
    assert vault.open(result["a"], reader="m05", purpose="reply") == "问题"
    assert vault.open(result["l"][0], reader="m05", purpose="reply") == "证"
    assert result["l"][1] is None
    assert {r.content: r.subject for r in vault.reads()} == {
        result["a"]: "m05",
        result["l"][0]: "s",
    }


def test_a_command_sent_again_has_the_same_references(vault):
    body = {"a": {"text": "问题"}, "b": {"text": "问题"}}

    assert sealed(vault, body) == sealed(vault, body)
    assert len(set(sealed(vault, body).values())) == 2
    assert sealed(vault, body) != sealed(vault, body, key="c2")


def test_a_command_id_with_another_text_is_refused(vault):
    sealed(vault, {"a": {"text": "问题"}})

    with pytest.raises(KeyReusedError):
        sealed(vault, {"a": {"text": "别的"}})


def test_every_bad_text_is_named_before_any_is_sealed(vault):
    body = {
        "good": {"text": "ok"},
        "half": [{"text": "\ud800"}],
        "blank": {"text": " "},
        "none": {"text": None},
        "number": {"text": 7},
        "large": {"deep": {"text": "长" * 34}},
        "named": {"text": "ok", "subject": "张三"},
        "nobody": {"text": "ok", "subject": None},
        "more": {"text": "ok", "subject": "m05", "by": "m01"},
        "another": {"text": "ok", "subject": "opinions.forms-1"},
        "of": "m05",
        "written": [f"sealed:{'1' * 32}:{'2' * 64}"],
    }

    with pytest.raises(TextsRefusedError) as refused:
        sealed(vault, body)
    assert set(refused.value.reasons) == {
        "half.0", "blank", "none", "number", "large.deep", "named", "nobody", "more",
        "another", "written.0",
    }  # fmt: skip
    assert "张三" not in str(refused.value)
    assert vault.count == 0


def test_a_text_may_begin_as_a_reference_does(vault):
    said = sealed(vault, {"reason": {"text": "sealed: 已封存"}})

    assert vault.open(said["reason"], reader="m05", purpose="reply") == "sealed: 已封存"


def test_p04_a_reference_is_never_handed_in(vault):
    kept = vault.seal("原件", subject="opinions.forms-1", by="col")

    for body in ({"reason": kept}, {"evidence": [kept]}, {"with": {"note": kept}}):
        with pytest.raises(TextsRefusedError, match="never a reference"):
            sealed(vault, body)


@pytest.mark.parametrize("subject", ["opinions.forms-1", "glass.1", "m02", "m03"])
def test_p21_a_text_goes_under_no_key_but_of_whom_the_command_is_about(vault, subject):
    about_another = {"text": "问题", "subject": subject}

    with pytest.raises(TextsRefusedError, match="whom the command is about"):
        sealed(vault, {"by": "m03", "critic": "m02", "of": "m05", "problem": about_another})


def test_the_command_itself_is_left_as_it_was(vault):
    body = {"a": {"text": "问题"}}
    sealed(vault, body)

    assert body == {"a": {"text": "问题"}}
