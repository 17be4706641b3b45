"""A pack with mistakes is refused once, with every mistake: key, value, reason."""

from __future__ import annotations

import pytest

from engine.policy.pack import PackError, load_pack

HEAD = 'extends = "default"\npack = "ours"\nversion = 1\n'


@pytest.fixture
def problems(tmp_path):
    """Return what is wrong with a pack of that text, in English or Chinese."""

    def found(text, half=1):
        file = tmp_path / "ours.toml"
        file.write_text(text, "utf-8")
        with pytest.raises(PackError) as error:
            load_pack(str(file))
        return [problem.split(" | ")[half] for problem in error.value.problems]

    return found


MANY = """
extends = "default"
off = ["nothing", "ladder"]
pack = "default"
version = "2"
report_day = 3
quorum_open = "1/0"
working_weekends = [2021-10-01, 2021-10-08]
holidays = [2021-10-01]
tracks = { immediate_days = 100 }
extensions = { most = -1 }
lights = [
  { colour = "pink", when = "days_left" },
  { colour = "red", when = "days_left" },
  { colour = "red", when = "days_left", days = 20 },
  { colour = "red", when = "days_left", days = 10 },
]
ladder = [{ days = 3, to = ["owner"] }, { days = 3, to = [] }]
"""


def test_every_problem_is_named_at_once_with_key_value_and_reason(problems):
    assert problems(MANY) == [
        'version = "2": must be a whole number',
        'quorum_open = "1/0": is a share like 1/2 or 0.9, above 0 and at most 1',
        "extensions.most = -1: must be at least 0",
        "lights[1].colour = \"pink\": must be 'green', 'blue', 'yellow', 'orange' or 'red'",
        "report_day = 3: is not a key; is it report_days?",
        'off = "nothing": is not switched on above',
        'off = "ladder": is switched off and written',
        'pack = "default": is a shipped name; take another',
        "lights[2].days: when = days_left needs days",
        'lights[4].when = "days_left": can never match: rule 3 takes all its cases first',
        "ladder[2].days = 3: is the day of step 1 too; make them one",
        "ladder[2].to = []: names nobody to tell",
        "tracks.immediate_days = 100: must not exceed phased_days = 90",
        'working_weekends = "2021-10-01": is listed as a holiday too',
        'working_weekends = "2021-10-08": is no weekend day, so it is worked anyway',
    ]


def test_a_problem_is_told_in_chinese_too(problems):
    assert problems(MANY, half=0)[:5] == [
        'version = "2":应为整数',
        'quorum_open = "1/0":应写成 1/2 或 0.9 这样,大于 0、至多 1',
        "extensions.most = -1:不能小于 0",
        'lights[1].colour = "pink":只能是 green、blue、yellow、orange、red',
        "report_day = 3:没有这一项,是不是 report_days",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('lights = [{ colour = "red", when = "overdue", days = 3 }]',
         "lights[1].days = 3: when = overdue takes no days"),
        ('lights = [{ colour = "red", when = "slip" }]',
         "lights[1].slip: when = slip needs slip"),
        ('lights = [{ colour = "red", when = "done", instrument = "none", repeat = 2 }]',
         "lights[1].repeat = 2: without instrument and points the count changes nothing"),
        ('lights = [{ colour = "red", when = "overdue" },'
         ' { colour = "blue", when = "overdue" }]',
         'lights[2].when = "overdue": can never match: rule 1 takes all its cases first'),
        ('lights = [{ colour = "red", when = "slip", slip = 1 },'
         ' { colour = "blue", when = "slip", slip = 2 }]',
         'lights[2].when = "slip": can never match: rule 1 takes all its cases first'),
        ('lights = [{ colour = "red", when = "behind" }, { colour = "blue", when = "on_pace" },'
         ' { colour = "blue", when = "days_left", days = 9 }]',
         'lights[3].when = "days_left": can never match: rule 1, 2 takes all its cases first'),
        ('ladder = [{ days = -3, to = ["owner"], instrument = "overdue" }]',
         'ladder[1].instrument = "overdue": before the due day there is only a reminder'),
        ("tracks = { review_days = 400 }",
         "tracks.review_days = 400: must not exceed reapprove_days = 365"),
        ('off = ["report_days"]',
         'report_roll = "next_working_day": has no report_days to roll'),
        ("light_review_days = 7\nlights = []",
         "light_review_days = 7: has no lights to review"),
        ('off = "ladder"', 'off = "ladder": must be a list of keys'),
        ("set_books = 4.5", "set_books = 4.5: must be a whole number"),
        ("quorum_open = 0.5", "quorum_open = 0.5: must be text in quotes"),
        ("key_on_site = 1", "key_on_site = 1: must be true or false"),
        ("lights = 1", "lights = 1: must be a list in brackets"),
        ("tracks = 1", "tracks = 1: must be a table"),
        ('holidays = ["soon"]', 'holidays[1] = "soon": must be a date like 2021-10-01'),
        ("report_days = 9999", "report_days = 9999: must be at most 3650"),
        ('look_back = { share = "1e-1" }',
         'look_back.share = "1e-1": is a share like 1/2 or 0.9, above 0 and at most 1'),
        ('calendar = { version = "a", first_year = 2031, last_year = 2030, holidays = [],'
         " workdays = [] }",
         "calendar.first_year = 2031: is after last_year = 2030"),
        ('calendar = { version = "a", first_year = 2030, last_year = 2030,'
         " holidays = [2031-01-01], workdays = [] }",
         'calendar.holidays = "2031-01-01": lies outside its years'),
    ],
)  # fmt: skip
def test_a_pack_is_refused_with_the_one_thing_that_is_wrong(problems, text, problem):
    assert problems(HEAD + text) == [problem]


def test_a_pack_that_extends_nothing_has_to_say_everything(problems):
    assert problems('off = ["ladder"]\npack = "ours"') == [
        "version: is missing",
        "quorum_open: is missing",
        "vote_present: is missing",
        "vote_yes: is missing",
        "set_books: is missing",
        "mass_threshold: is missing",
        "mass_min_sample: is missing",
        "mass_min_share: is missing",
        "notice_working_days: is missing",
        'off = ["ladder"]: has no extends to switch off',
    ]


def test_name_and_version_are_never_inherited(problems):
    assert problems('extends = "default"') == ["pack: is missing", "version: is missing"]


def test_a_file_that_is_not_toml_is_refused(problems):
    assert 'ours.toml": is not TOML: ' in problems("x = [")[0]


def test_a_pack_cannot_extend_itself(problems):
    assert problems('extends = "ours.toml"') == ['extends = "ours.toml": leads back to itself']
    assert problems("extends = 3") == ["extends = 3: must name a pack"]


def test_packs_cannot_extend_each_other_in_a_ring(problems, tmp_path):
    (tmp_path / "other.toml").write_text('extends = "ours.toml"', "utf-8")

    assert problems('extends = "other.toml"') == ['extends = "ours.toml": leads back to itself']


def test_an_unknown_pack_is_refused_with_those_there_are(problems):
    with pytest.raises(PackError, match='pack = "atlantis": there is no such policy pack; '
                       "shipped are default, guangyuan, jiangjin"):  # fmt: skip
        load_pack("atlantis")
    assert problems('extends = "atlantis"')[0].startswith('extends = "atlantis": there is no')


def test_a_year_without_calendar_is_refused():
    with pytest.raises(PackError, match="no calendar for 2098 to 2099, only for 2004 to"):
        load_pack(years=(2098, 2099))
