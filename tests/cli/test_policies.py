"""What ``taizhang policy`` shows, checks and explains."""

from __future__ import annotations

from engine.policy.pack import load_pack, shipped


def test_every_shipped_pack_is_listed_with_its_digest(taizhang):
    rows = taizhang.data("policy", "list")

    assert [row["pack"] for row in rows] == list(shipped())
    assert rows[0]["digest"] == load_pack().digest
    assert all(row["title"] != row["pack"] for row in rows)
    assert taizhang("policy", "list", "-o", "ids").stdout.split() == list(shipped())


def test_a_pack_is_shown_whole_in_words_or_as_data(taizhang):
    shown = taizhang("policy", "show", "guangyuan", "--lang", "en").stdout

    assert "head of the unit" in shown
    assert "overdue notice" in shown
    assert taizhang.data("policy", "show", "xian") == load_pack("xian").model_dump(mode="json")


def test_a_sound_pack_is_said_to_be_sound(taizhang):
    done = taizhang("policy", "check", "sanming")

    assert (done.exit_code, done.stdout) == (
        0,
        f"规则包可用:sanming 第 1 版,摘要 {load_pack('sanming').digest}\n",
    )


def test_every_problem_of_a_pack_is_a_line_and_the_command_fails(taizhang, tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text('extends = "default"\npack = "ours"\nversion = 0\nset_book = 3\n', "utf-8")

    done = taizhang("policy", "check", str(file), "--lang", "en")

    assert (done.exit_code, done.stderr.splitlines()) == (
        1,
        [
            "version = 0: must be at least 1",
            "set_book = 3: is not a key; is it set_books?",
        ],
    )


def test_a_date_is_explained_with_every_day_skipped(taizhang):
    asked = ("policy", "explain-date", "--from", "2021-09-17", "--working-days", "15")

    assert taizhang(*asked).stdout.splitlines()[1] == (
        "跳过 12 个休息日:2021-09-19..2021-09-21, 2021-09-25, "
        "2021-10-01..2021-10-07, 2021-10-10"
    )
    assert taizhang(*asked, "--lang", "en").stdout.startswith(
        "working day 15 after 2021-09-17 is 2021-10-14, Thursday (calendar: chinesecalendar-"
    )
    assert taizhang.data(*asked)["counted"] == 15


def test_a_report_rolls_from_saturday_to_monday_only_when_asked(taizhang):
    asked = ("policy", "explain-date", "--from", "2021-07-30", "--days", "15", "-o", "ids")

    assert taizhang(*asked).stdout == "2021-08-14\n"
    assert taizhang(*asked, "--roll").stdout == "2021-08-16\n"


def test_a_day_is_said_to_be_worked_or_not_and_by_which_calendar(taizhang):
    worked = taizhang("policy", "day", "2021-10-09", "--lang", "en").stdout
    rest = taizhang("policy", "day", "2098-10-04", "--lang", "en").stdout

    assert worked.startswith("2021-10-09 is a working day (calendar: chinesecalendar-")
    assert rest == (
        "2098-10-04 is not worked; the next working day is 2098-10-06, Monday "
        "(calendar: weekdays)\n"
    )


def test_a_question_about_dates_has_to_make_sense(taizhang):
    ask = ("policy", "explain-date", "--from")
    both = taizhang(*ask, "2021-09-17", "--days", "1", "--working-days", "1", "--lang", "en")
    far = taizhang(*ask, "9999-12-30", "--days", "9", "--lang", "en")
    lost = taizhang("policy", "day", "2021-09-17", "--pack", "atlantis", "--lang", "en")

    assert (both.exit_code, both.stderr) == (1, "give one of --working-days and --days\n")
    assert (far.exit_code, far.stderr) == (1, "the date lies past the year 9999\n")
    assert (lost.exit_code, lost.stderr[:41]) == (
        1,
        'pack = "atlantis": there is no such polic',
    )
