"""A verdict as text and as HTML."""

import pytest

from featherweight.exercises.verdict import STATES, Verdict

WRONG = Verdict(
    name="f",
    state="wrong",
    found="not yet. Case 1 of 2: yours 1, expected 2.",
    goes_on="The lesson goes on with ours until yours passes.",
    misconception="hard threshold",
    says="A survivor pays, too.",
    look="the jump",
    hints=("one", "two", "three"),
    inputs="x = [1]",
    picture=b"\x89PNG",
    alt="two curves",
)


def test_the_line_holds_everything_that_is_said():
    assert WRONG.line == (
        "f: not yet. Case 1 of 2: yours 1, expected 2. This looks like: hard threshold. A survivor pays, too. "
        "The lesson goes on with ours until yours passes."
    )
    assert str(WRONG) == WRONG.line


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_own_sign_besides_colour(state):
    signs = {s: Verdict("f", s, "x", "y").html().partition("<strong")[2].partition("</strong>")[0] for s in STATES}
    twins = [s for s in STATES if signs[s] == signs[state]]
    assert twins == [state]


def test_html_has_picture_hints_and_place_to_look():
    html = WRONG.html()
    assert 'alt="two curves"' in html
    assert [f"Hint {k} of 3" in html for k in (1, 2, 3)] == [True] * 3
    assert html.count("<details") == html.count("</details>") == 3
    assert "Where to look: the jump" in html


def test_html_escapes_what_came_from_outside():
    html = Verdict(
        "f", "error", "ValueError: <script>x</script>", "y", inputs="<b>", misconception="<i>", says="&"
    ).html()
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html


def test_the_line_stays_one_line():
    assert "\n" not in Verdict("f", "error", "ValueError: a\nb\r\n c", "y").line
