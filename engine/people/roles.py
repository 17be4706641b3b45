"""The nineteen roles: what each may do and may never do, in one table.

Which role may send which command is said once, by the ``MAY`` of the cycle and of the
campaign, for their rules obey it. The table adds what the rules do not see: reading, and
what a role is barred from for good. Source: domain 1.5 and section 5 (P01 to P30).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

from engine.campaign.commands import MAY as IN_CAMPAIGN
from engine.people.acts import BESIDE, CONTENT, NEVER_ANYBODY
from engine.policy.roles import MAY, SECRETARY, SUPERIOR, Role

RoleId: TypeAlias = Role | Literal["issue_owner", "points_registrar", "operator"]
Part: TypeAlias = Literal[
    "owner",
    "critic",
    "criticised",
    "verifier",
    "approver",
    "explainer",
    "drafter",
    "clearer",
    "author",
    "party",
    "subject",
    "named",
    "present",
    "appellant",
    "beneficiary",
    "same_branch",
]
"""What somebody is to the thing an act is about."""

PART: Mapping[Part, str] = MappingProxyType(
    {
        "owner": "责任人,也指曾任责任人",
        "critic": "提出批评的人",
        "criticised": "被批评的人",
        "verifier": "核查人",
        "approver": "审批人",
        "explainer": "作出答复的人",
        "drafter": "公示起草人",
        "clearer": "公示审核人",
        "author": "材料作者",
        "party": "谈话双方之一",
        "subject": "肖像、评定本人",
        "named": "指定的支委",
        "present": "到会的人",
        "appellant": "申诉人",
        "beneficiary": "积分本人",
        "same_branch": "同一支部的人",
    }
)
"""Each part in Chinese."""

Parts: TypeAlias = tuple[Part, ...]
JUDGED: Parts = ("owner", "critic", "criticised")
DECIDED: Parts = (*JUDGED, "verifier", "approver")

ONLY: Mapping[str, Parts] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "add_measure", "report_progress", "finish_measure", "add_milestone",
                "meet_milestone", "apply_sign_off", "request_extension", "contest_rating",
                "answer_slip",
            ),
            ("owner",),
        ),
        "confirm_criticism": ("critic",),
        "reply_to_criticism": ("criticised",),
        "reply_to_verdict": ("subject",),
        "submit_self_exam": ("author",),
        "confirm_talk": ("party",),
    }
)  # fmt: skip
"""Commands that only somebody with this part in the thing gives, whatever the role."""

APART: Mapping[str, Parts] = MappingProxyType(
    {
        "give_verdict": (*JUDGED, "verifier"),  # a verifier of the same measure
        "look_back": (*JUDGED, "verifier"),
        "approve_issue": DECIDED,
        "decide_rating": DECIDED,
        "decide_objection": DECIDED,
        "answer_explanation": ("owner", "criticised", "explainer"),
        "clear_notice": ("drafter",),
        "post_notice": ("clearer",),
        "review_self_exam": ("author",),
        "require_talk": ("subject",),
        "decide_criticism": ("critic", "criticised", "same_branch"),
        "propose_verdict": ("subject",),
        "decide_verdict": ("subject", "same_branch"),
        "tell_verdict": ("subject",),
        "strike_verdict": ("subject", "same_branch"),
        "acknowledge_appeal": ("appellant", "same_branch"),
        "decide_appeal": ("appellant", "same_branch"),
        "post_points": ("beneficiary",),
        "read_appeal": ("same_branch",),
    }
)
"""Separate duties: acts nobody does who has such a part in the thing, whatever the role."""

PERSONAL: frozenset[str] = frozenset((*ONLY, "record_member_step", "manage_people"))
"""Acts of one's own matter or trust, which nobody does in somebody's place."""

_NONE: Parts = ()
OPEN: Mapping[str, Parts] = {
    **dict.fromkeys(("read_agenda", "hear_speech", "read_notice"), _NONE),
    "read_speech": ("author",),
}
INSIDE = {**OPEN, **dict.fromkeys(("read_lists", "read_counts", "read_issue"), _NONE)}
AS_MEMBER: Mapping[str, Parts] = {
    **INSIDE,
    "read_minutes": ("present",),
    "read_criticism": ("critic", "criticised", "present"),
    "read_self_exam": ("author", "present"),
    "read_talk": ("party",),
    "read_portrait": ("subject",),
    "read_verdict": ("subject",),
}
IN_COMMITTEE = {
    **AS_MEMBER,
    "read_self_exam": _NONE,
    "read_minutes": _NONE,
    "read_portrait": ("subject", "named"),
    "read_verdict": _NONE,
    "read_dossier": ("named",),
}
FROM_ABOVE = {**INSIDE, "read_self_exam": _NONE, "read_minutes": _NONE}
FILES: tuple[str, ...] = ("read_dossier", "read_portrait", "read_talk", "read_self_exam")
ORIGINALS: tuple[str, ...] = ("read_opinion", "collect_opinions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One role, or two that the rules tell apart only by name.

    ``beside`` maps each act that is no command to the parts one of which it takes; none
    means that the role alone is enough. ``below`` says that the role reaches the units
    below its own. ``granted`` is False for a role that stands by itself, as an owner's,
    ``personal`` says that nobody can stand in: a member's rights are the member's own.
    """

    ids: tuple[RoleId, ...]
    zh: tuple[str, ...]
    never: tuple[str, ...] = ()
    beside: Mapping[str, Parts] = field(default_factory=dict)
    below: bool = False
    granted: bool = True
    personal: bool = False


ROLES: tuple[Row, ...] = (
    Row(
        ids=("branch_secretary",), zh=("支部书记",),
        beside={
            **IN_COMMITTEE, "read_portrait": _NONE, "read_dossier": _NONE,
            "manage_people": _NONE, "link_guest": _NONE, "answer_channels": _NONE,
        },
        never=("give_verdict", "acknowledge_appeal", "decide_appeal"),
    ),
    Row(ids=("committee_member",), zh=("支委",),
        beside={**IN_COMMITTEE, "answer_channels": _NONE},
    ),
    Row(
        ids=("party_group_leader",), zh=("党小组长",),
        beside={**AS_MEMBER, "read_self_exam": _NONE}, never=("approve_issue", "close_issue"),
    ),
    Row(
        ids=("member", "probationary_member"), personal=True, zh=("党员", "预备党员"),
        beside=AS_MEMBER,
    ),
    Row(
        ids=("leading_cadre",), personal=True, zh=("党员领导干部",), beside=AS_MEMBER,
        never=("chair_by_rank", "open_meeting"),
    ),
    Row(
        ids=("recorder",), zh=("记录人",),
        beside={
            **INSIDE, **dict.fromkeys(("read_minutes", "read_criticism", "read_speech"), _NONE)
        },
        never=("amend_record",),
    ),
    Row(
        ids=("opinion_collector",), zh=("意见汇总人",),
        beside={
            **OPEN, "read_opinion": _NONE, "read_counts": _NONE, "collect_opinions": _NONE,
            "answer_channels": _NONE,
        },
        never=("read_source",),
    ),
    Row(ids=("teller", "vote_monitor"), zh=("计票人", "监票人"), beside=OPEN),
    Row(
        ids=("guest_rep",), personal=True, zh=("服务对象代表",), beside=OPEN,
        never=(*FILES, *ORIGINALS, "read_criticism", "read_minutes"),
    ),
    Row(ids=("mass_rep", "resident"), personal=True, zh=("群众代表", "居民"), beside=OPEN),
    Row(
        ids=("issue_owner",), personal=True, zh=("责任人",), beside={"read_issue": ("owner",)},
        never=("give_verdict",), granted=False,
    ),
    Row(
        ids=("verifier",), zh=("核查人",), beside=INSIDE,
    ),
    Row(
        ids=("superior_officer",), zh=("上级党组织",), below=True,
        beside={
            **FROM_ABOVE, "manage_people": _NONE, "read_audit": _NONE, "read_appeal": _NONE,
        },
        never=(*ORIGINALS, "read_criticism", "read_talk", "read_ledger"),
    ),
    Row(
        ids=("guidance_group",), zh=("督导组/巡回指导组",), below=True, beside=FROM_ABOVE,
        never=("close_issue",),
    ),
    Row(
        ids=("publisher", "privacy_officer"), zh=("公示人", "隐私审核"),
        beside={**OPEN, "read_lists": _NONE, "read_issue": _NONE},
    ),
    Row(
        ids=("points_registrar",), zh=("专人登记",), beside={**OPEN, "post_points": _NONE},
    ),
    Row(
        ids=("appeal_reviewer",), zh=("申诉受理人",), below=True,
        beside={**OPEN, "read_appeal": _NONE},
    ),
    Row(
        ids=("archivist",), zh=("档案员",),
        beside={
            **OPEN, "read_lists": _NONE, "read_counts": _NONE, "read_audit": _NONE,
            "read_ledger": _NONE, "destroy_key": _NONE,
        },
        never=("amend_content",),
    ),
    Row(
        ids=("operator",), zh=("运维",), below=True,
        beside=dict.fromkeys(
            ("read_run", "retry_run", "terminate_run", "manage_accounts"), _NONE
        ),
        never=(*CONTENT, "collect_opinions"),
    ),
)  # fmt: skip
"""The table. What stands in no row is not allowed; ``never`` is not lent either."""

ROW: Mapping[RoleId, Row] = MappingProxyType({id_: row for row in ROLES for id_ in row.ids})
GRANTED: tuple[RoleId, ...] = tuple(id_ for id_, row in ROW.items() if row.granted)
"""The roles a membership can carry."""

WORD: Mapping[RoleId, str] = MappingProxyType(
    {id_: word for row in ROLES for id_, word in zip(row.ids, row.zh, strict=True)}
)
"""Each role in Chinese."""


def campaign_act(kind: str) -> str:
    """Return the act that a command of a campaign is; two of one kind are told apart."""
    return f"campaign_{kind}" if kind in MAY else kind


COMMANDS: Mapping[str, tuple[Role, ...]] = MappingProxyType(
    {
        "open_cycle": SECRETARY,
        **MAY,
        "open_campaign": SUPERIOR,
        **{campaign_act(kind): who for kind, who in IN_CAMPAIGN.items()},
    }
)
"""Every act that is a command to its roles; two of one kind are told apart by name."""

ACTS: frozenset[str] = frozenset(COMMANDS) | frozenset(BESIDE)
"""Every act there is."""


def allowed(role: RoleId) -> dict[str, Parts]:
    """Return every act of ``role``, with the parts one of which it takes; often none."""
    commands = {
        act: ONLY.get(act, _NONE)
        for act, roles in COMMANDS.items()
        if role in roles or (role == "issue_owner" and ONLY.get(act) == ("owner",))
    }
    return {**commands, **ROW[role].beside}


def barred(role: RoleId) -> frozenset[str]:
    """Return what ``role`` may never do, for itself or for somebody else."""
    return frozenset((*ROW[role].never, *NEVER_ANYBODY))


def holders(act: str) -> tuple[RoleId, ...]:
    """Return the roles that may do ``act``, in the order of the table."""
    return tuple(role for role in ROW if act in allowed(role))
