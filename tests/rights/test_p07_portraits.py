"""P07: a portrait is for its subject, the secretary and the committee members named."""

from __future__ import annotations

import pytest

from engine.people.permission import Thing, may
from engine.people.roles import GRANTED

PORTRAIT = Thing(
    parts={"m05": frozenset(["subject"]), "m03": frozenset(["named"])}, unit="branch-1"
)
READERS = {
    "branch_secretary": {"m01", "m03", "m05"},
    "committee_member": {"m03", "m05"},
}
AS_SUBJECT = {"member", "probationary_member", "leading_cadre", "party_group_leader"}


@pytest.mark.parametrize("role", GRANTED)
@pytest.mark.parametrize("person", ["m01", "m03", "m05"])
def test_p07_a_portrait_is_read_by_whom_it_is_for(role, person):
    permitted = READERS.get(role, {"m05"} if role in AS_SUBJECT else set())

    assert (not may(person, role, "read_portrait", PORTRAIT)) is (person in permitted)


@pytest.mark.parametrize("act", ["read_portrait", "read_dossier", "read_talk"])
def test_p07_a_guest_may_never_read_a_file_nor_stand_in_for_one_who_may(act):
    assert may("g1", "guest_rep", act, PORTRAIT)
    refused = may("g1", "branch_secretary", act, PORTRAIT, own=("guest_rep",), giver="m01")
    assert "role_may_never" in {reason.code for reason in refused}
