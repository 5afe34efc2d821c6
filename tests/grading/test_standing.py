"""What counts: which submission, being late, points by hand, missing and unreadable."""

import pytest

from featherweight.errors import InputError
from featherweight.grading.records import Override
from featherweight.grading.roster import Person, Roster
from featherweight.grading.standing import Rules, standings


def one(made_up, *records, **more):
    [found] = standings(records, **more)
    return found


def tries(made_up):
    """Three submissions of lesson 1: 3 points, 5 points late, 2 points; by path the second is part 10."""
    m = made_up
    right, wrong = m.result, lambda name: m.result(name, "wrong")
    return [
        m.record("a", right("double"), wrong("twice"), path="a/part 2/1.ipynb"),
        m.record("a", right("double"), right("twice"), path="a/part 10/1.ipynb", late=True),
        m.record("a", wrong("double"), right("twice"), path="a/part 9/1.ipynb"),
    ]


@pytest.mark.parametrize(
    ("rules", "points", "part"),
    [
        (Rules(), 5.0, 10),
        (Rules("best", 30), 3.5, 10),
        (Rules("best", 50), 3.0, 2),
        (Rules("best", 100), 3.0, 2),
        (Rules("last"), 5.0, 10),
        (Rules("last", 100), 0.0, 10),
    ],
)
def test_which_submission_counts(made_up, rules, points, part):
    [mark] = one(made_up, *tries(made_up), rules=rules).marks
    assert (mark.points, mark.record.path, len(mark.others)) == (points, f"a/part {part}/1.ipynb", 2)


def test_of_equal_submissions_the_last_counts(made_up):
    same = [made_up.record("a", made_up.result("double"), path=f"a/{number}.ipynb") for number in (9, 10, 8)]
    assert one(made_up, *same).marks[0].record.path == "a/10.ipynb"


def test_a_path_of_digits_without_end_is_only_a_path(made_up):
    assert one(made_up, made_up.record("a", made_up.result("double"), path="9" * 10_000)).points == 3


def test_everyone_stands_by_name_whatever_the_accents(made_up):
    names = ["Çelik", "adams", "Doe", "Ödön", "Zoë", "\u674e"]
    found = standings([made_up.record(name, made_up.result("double")) for name in reversed(names)])
    assert [each.person.key for each in found] == ["adams", "Çelik", "Doe", "Ödön", "Zoë", "\u674e"]


def test_what_was_handed_in_under_another_name_is_kept(made_up):
    found = standings([made_up.record("doead", made_up.result("double"))], roster=Roster((Person("doead", "Ad Doe"),)))
    assert [each.folders for each in found] == [("doead",)]
    assert one(made_up, made_up.record("ada", made_up.result("double"))).folders == ()


def test_points_by_hand_are_not_cut_and_survive(made_up):
    late = made_up.record("a", made_up.result("double"), made_up.result("twice", "wrong"), late=True)
    change = Override("a", "twice", 1, "nearly\nright")
    [mark] = one(made_up, late, overrides=[change], rules=Rules(late_off=50)).marks
    assert (mark.raw, mark.points, mark.state) == (4.0, 2.5, "graded, late, by hand")
    assert [(each.points, each.note) for each in mark.scored] == [(1.5, ""), (1, "nearly right")]


def test_points_by_hand_without_a_submission(made_up):
    [mark] = one(made_up, overrides=[Override("a", "halve", 4, "shown to me")], book=made_up.BOOK).marks
    assert (mark.points, mark.worth, mark.record, mark.state, mark.counts) == (4.0, 4, None, "by hand", True)


def test_points_by_hand_in_no_known_exercise_are_not_dropped(made_up):
    with pytest.raises(InputError, match=r"Points by hand for a in other, an exercise that is neither in the book"):
        standings([], [Override("a", "other", 1, "")], book=made_up.BOOK)


def test_missing_and_unreadable_are_shown_as_such(made_up):
    m = made_up
    course = m.small_course()
    ada, bob, cy = sorted(course.everyone, key=lambda each: each.person.folder)
    assert [mark.state for mark in cy.marks] == ["missing", "missing"] and cy.points == 0 and cy.worth == 9
    assert [mark.state for mark in bob.marks] == ["graded, late", "missing"]
    assert ada.points == ada.worth == 9
    torn = one(m, m.record("a", m.result("double")), m.unreadable("a"))
    assert [record.problem for record in torn.unreadable] == ["it is no notebook"] and torn.points == 3


def test_two_folders_of_one_student_are_one(made_up):
    m = made_up
    records = [m.record("ada", m.result("double")), m.record("al1815", m.result("halve"), lesson=2, path="z")]
    met = {each.person.folder: each.points for each in standings(records, roster=m.ROSTER)}
    assert met == {"ada": 7.0, "bob": 0.0, "cy": 0.0}


def test_what_a_human_should_see(made_up):
    m = made_up
    found = one(m, m.record("a", m.result("double"), sandboxed=False, flags=("borrows", "borrows")))
    assert found.flags == ("borrows",) and not found.sandboxed
    assert one(m, m.record("a", m.result("double"))).sandboxed


def test_the_order_of_records_does_not_matter(made_up):
    records = made_up.hostile_records()
    assert standings(records) == standings(records[::-1])


@pytest.mark.parametrize("wrong", [{"attempts": "first"}, {"late_off": 101}, {"late_off": -1}])
def test_rules_that_are_none(wrong):
    with pytest.raises(InputError, match="wanted"):
        Rules(**wrong)
