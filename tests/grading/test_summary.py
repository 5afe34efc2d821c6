"""The class in numbers."""

from featherweight.grading.course import course
from featherweight.grading.summary import distribution, heat, lesson_rows, summary_sentence


def many(made_up):
    """80 students: 31 square, 9 do not double, 40 are right; 7 of them without lesson 2."""
    m = made_up
    kinds = ["squared"] * 31 + ["no *doubling*"] * 9 + [""] * 40
    records = []
    for number, name in enumerate(kinds):
        records.append(
            m.record(f"s{number}", m.result("double"), m.result("twice", "wrong" if name else "passed", "", name))
        )
        if number >= 7:
            records.append(m.record(f"s{number}", m.result("halve", "timeout"), lesson=2, path="2"))
    return course(records, book=m.BOOK).everyone


def test_the_heat_map_counts_students(made_up):
    first, second = heat(many(made_up))
    assert first.exercises == ("double", "twice") and (first.handed, second.handed) == (80, 73)
    assert first.misconceptions == (("squared", (0, 31)), ("no *doubling*", (0, 9)))
    assert dict(first.verdicts)["passed"] == (80, 40) and dict(second.verdicts)["timeout"] == (73,)


def test_the_heat_map_in_a_sentence(made_up):
    first, second = heat(many(made_up))
    assert (
        summary_sentence([first, second])
        == "Most frequent: 31 of 80 “squared” (twice); 9 of 80 “no *doubling*” (twice)."
    )
    assert summary_sentence([second]) == "No misconception was named in 73 submissions."
    assert summary_sentence([]) == "No misconception was named in 0 submissions."


def test_distribution(made_up):
    bins = distribution(many(made_up))
    assert [one.count for one in bins] == [0, 0, 0, 40, 0, 40, 0, 0, 0, 0]  # 3 and 5 of 9 points
    assert [one.label for one in bins][::9] == ["0–9%", "90–100%"] and bins[3].share == 100


def test_full_marks_are_in_the_last_bin(made_up):
    [full] = course([made_up.record("a", made_up.result("double"))]).everyone
    assert [one.count for one in distribution([full])][-1] == 1


def test_lessons(made_up):
    first, second = lesson_rows(many(made_up))
    assert (first.handed, first.missing, first.average, first.middle) == (80, 0, 4.0, 4.0)
    assert (second.lesson, second.worth, second.handed, second.missing, second.average) == (2, 4, 73, 7, 0.0)
    assert first.tenths == (0, 0, 0, 0, 0, 0, 40, 0, 0, 40) and second.tenths == (73, *[0] * 9)  # 3 and 5 of 5 points


def test_nobody(made_up):
    assert (heat([]), lesson_rows([]), sum(one.count for one in distribution([]))) == ((), (), 0)
    nothing = course([], roster=made_up.ROSTER).everyone
    assert (heat(nothing), lesson_rows(nothing)) == ((), ())
