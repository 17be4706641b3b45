"""Links for representatives, given out and opened from the command line."""

from __future__ import annotations

import re

CYCLE = "nanzhang-2021"


def test_p27_a_link_opens_the_guests_own_part_and_says_what_is_kept(taizhang):
    assert taizhang("cycle", "open", "nanzhang").exit_code == 0
    made = taizhang("guests", "link", CYCLE, "g1", "--by", "m01")
    link = made.stdout.splitlines()[-1]
    shown = taizhang("guests", "open", link)
    device = re.search(r"--device:(\S+)", shown.stdout)[1]

    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "您第 1 位发言,共 6 位;前面还有 0 位" in shown.stdout
    assert ("服务对象代表发言" in shown.stdout, "open_door" in shown.stdout) == (True, False)
    assert [w for w in ("告知", "记下的", "能看的", "保存") if w not in shown.stdout] == []
    assert taizhang("guests", "open", link).stderr.endswith("[other_device]\n")
    said = taizhang.data("guests", "open", link, "--device", device)
    assert (said["speech"], set(said)) == (None, {"agenda", "places", "speech", "device"})


def test_after_the_meeting_no_link_is_given(played):
    done = played("guests", "link", CYCLE, "g1", "--by", "m01", "--lang", "en")

    assert (done.exit_code, done.stdout) == (1, "")
    assert "meeting_over" in done.stderr
