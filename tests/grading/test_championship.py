import pytest

from featherweight.exercises import by_name
from featherweight.grading.championship import SENTENCES, placings, unplaced
from featherweight.grading.course import course
from featherweight.grading.records import Entered, Record
from featherweight.grading.score import Result

RESULTS = (Result("pareto_front", "passed", 3, 3),)


def record(student, *entered):
    return Record(student, "13.ipynb", student, 13, "graded", "", False, True, (), RESULTS, entries=entered)


def scored(right, size=2000, division="strawweight", number=1):
    return Entered(number, size, division, "scored", right, 100)


def everyone(*records):
    return course(records, book=[by_name("pareto_front")]).everyone


def test_the_best_of_each_student_counts_and_ties_share_a_rank():
    people = everyone(
        record("ann", scored(90), scored(95, number=2)),
        record("bob", scored(97)),
        record("cid", scored(95)),
        record("dee", scored(95, size=1999)),
    )
    (table,) = placings(people)
    assert (table.division, table.limit) == ("strawweight", 2953)
    found = [(one.rank, one.person.key, one.entry.right, one.entry.size) for one in table.placings]
    assert found == [(1, "bob", 97, 2000), (2, "dee", 95, 1999), (3, "ann", 95, 2000), (3, "cid", 95, 2000)]
    assert table.placings[0].accuracy.low < 0.97 < table.placings[0].accuracy.high


def test_one_student_may_enter_several_classes_the_lightest_first():
    people = everyone(record("ann", scored(99, 30_000, "lightweight"), scored(90, 3000, "flyweight", 2)))
    assert [table.division for table in placings(people)] == ["flyweight", "lightweight"]


@pytest.mark.parametrize("state", sorted(SENTENCES.keys() - {"scored"}))
def test_what_has_no_score_is_listed_apart(state):
    people = everyone(record("ann", Entered(1, 10, "strawweight", state, found="why")), record("bob"))
    assert placings(people) == [] and SENTENCES[state]
    assert [(person.key, one.state, path) for person, one, path in unplaced(people)] == [("ann", state, "13.ipynb")]
