"""The same report as lines and as a table."""

from types import SimpleNamespace

from featherweight.exercises import catalogue
from featherweight.exercises.progress_report import report
from featherweight.exercises.records import ExerciseRecord, PredictionRecord, Progress

BOOK = [SimpleNamespace(name="adam_step", lesson=3)]


def test_nothing_recorded_is_said():
    assert str(report(Progress(), [])) == "Nothing is recorded yet."
    assert report(Progress(), []).html() == ""


def test_both_forms_say_the_same():
    done = Progress(
        (ExerciseRecord("adam_step", "aa", "passed", 2, "", ""),), (PredictionRecord("k", 1, None, None, ""),)
    )
    bundle = report(done, BOOK)._repr_mimebundle_()
    assert bundle["text/plain"] == ("Lesson 3: 1 of 1 passed (adam_step passed, 2 tries)\nPrediction k: 1, not judged")
    for text in ("<td>adam_step</td>", "<td>passed</td>", "<td>2</td>", "<td>not judged</td>"):
        assert text in bundle["text/html"]


def test_text_from_a_file_cannot_become_markup():
    done = Progress(
        (ExerciseRecord("<script>", "aa", "<b>", 1, "", ""),), (PredictionRecord("<i>", "<u>", "<s>", None, ""),)
    )
    assert not {"<script>", "<b>", "<i>", "<u>", "<s>"} & set(report(done, []).html().replace(">", ">\n").split("\n"))


def test_the_book_itself_is_the_default():
    found = report(Progress())
    assert sum(len(lesson.exercises) for lesson in found.lessons) == len(catalogue())
