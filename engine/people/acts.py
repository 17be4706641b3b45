"""Acts that are no command of a cycle: reading, and what people do beside the rules.

An act that is a command has the command's kind for its name; the rules decide it.
"""

from __future__ import annotations

from engine.record import Lang

CONTENT: dict[str, tuple[str, str]] = {
    "read_self_exam": ("查阅对照检查材料", "read a self-examination"),
    "read_criticism": ("查阅批评意见", "read a criticism"),
    "read_talk": ("查阅谈心谈话记录", "read the record of a talk"),
    "read_portrait": ("查阅肖像", "read a portrait"),
    "read_dossier": ("查阅研判材料", "read the judgement dossier"),
    "read_opinion": ("查阅意见原文", "read an opinion as it was written"),
    "read_issue": ("查阅问题与措施原文", "read the texts of issues and measures"),
    "read_minutes": ("查阅会议记录", "read the minutes"),
    "read_verdict": ("查阅评定结果", "read a verdict"),
    "read_appeal": ("查阅申诉", "read an appeal"),
    "read_speech": ("查阅代表发言原文", "read what a representative said"),
}
"""Reading what the vault holds: act to its words in Chinese and English."""

NEVER_ANYBODY: dict[str, tuple[str, str]] = {
    "read_respondent": ("查看填表人身份", "learn who filled in a form"),
    "read_ballot": ("查看谁投了什么票", "learn who voted what"),
}
"""What nobody may ever do, and what the stores are built to make impossible."""

READING: dict[str, tuple[str, str]] = {
    **CONTENT,
    **NEVER_ANYBODY,
    "read_source": (
        "向有关个人透露意见来源",
        "show the person concerned where an opinion is from",
    ),
    "read_agenda": ("查看议程", "read the agenda"),
    "hear_speech": ("旁听公开部分", "hear the open part of the meeting"),
    "read_lists": ("查看清单条目(不含原文)", "read the lists without their texts"),
    "read_counts": ("查看统计", "read the counts"),
    "read_notice": ("查看公示", "read a notice"),
    "read_audit": ("查看查阅记录", "see who read what"),
    "read_ledger": (
        "导出台账全文,内有谁批评谁的编号",
        "export the ledger, ids of critics included",
    ),
    "read_run": (
        "查看周期的状态、方案步骤、经过(编号)与工作流元数据",
        "see a cycle's state, plan, course (ids) and the metadata of its workflow",
    ),
}
"""Every act of reading."""

WORK: dict[str, tuple[str, str]] = {
    "collect_opinions": ("收集、整理意见", "collect and code opinions"),
    "answer_channels": ("向渠道答复意见", "answer the channels of opinions"),
    "link_guest": ("发放代表链接", "give out a representative's link"),
}
"""Work on a cycle that the cycle does not hear of."""

DEEDS: dict[str, tuple[str, str]] = {
    **WORK,
    "post_points": ("登记积分", "write points down"),
    "chair_by_rank": ("凭职务主持会议", "chair the meeting by rank"),
    "amend_record": ("改动已确认的记录", "change a record once confirmed"),
    "amend_content": ("改动内容", "change content"),
    "destroy_key": ("到期销毁密钥", "destroy a key when its time has come"),
    "retry_run": ("重试工作流", "retry a workflow"),
    "terminate_run": ("说明理由终止工作流", "terminate a workflow, with a reason"),
    "manage_people": ("维护机构与人员", "keep units and people"),
    "manage_accounts": ("维护账号与令牌", "keep accounts and tokens"),
}
"""What people do beside the rules of a cycle."""

BESIDE: dict[str, tuple[str, str]] = {**READING, **DEEDS}
"""Every act that is no command."""


def words(act: str, lang: Lang) -> str:
    """Return the words for an act that is no command.

    Raises:
        KeyError: there is no such act.
    """
    return BESIDE[act][0 if lang == "zh" else 1]
