"""Running a solved notebook: outputs of tagged cells only, and one line for every way a cell can fail."""

import pytest
from nbformat import v4

from featherweight.authoring import execute, lesson, notebook
from featherweight.errors import LessonError


def solved(project):
    return notebook.solved(lesson.read(project.source), project.exercises)


@pytest.mark.slow
def test_it_keeps_what_tagged_cells_print_and_nothing_else(project):
    plain = solved(project)
    outputs = execute.run("01_tiny", plain, project.root / "solutions")
    stored = notebook.stored_outputs(notebook.with_outputs(plain, outputs))
    assert stored == {"01-012": [{"name": "stdout", "output_type": "stream", "text": "5.0\n"}]}
    assert not notebook.stored_outputs(plain)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("len(values)", "len(missing)", "01_tiny, cell 01-008 ('len(missing)'): NameError: name 'missing' is not"),
        ("len(values)", "import time; time.sleep(60)", "still running after 2 s; make it shorter."),
        ("len(values)", "import os; os._exit(1)", "01_tiny, cell 01-008 ('import os; os._exit(1)'): the kernel died"),
        ("print(", "print(file=sys.stderr), (", "tagged nbval-check-output and its output is stderr; wanted printed"),
        ("print(", "_ = (", "tagged nbval-check-output and has no stored output; print something"),
    ],
    ids=["error", "time-out", "dead kernel", "no printed text", "no output"],
)
def test_a_failure_is_one_line(project, old, new, says):
    project.spoil(old, new)
    with pytest.raises(LessonError) as failed:
        execute.run("01_tiny", solved(project), project.root / "solutions", seconds=2)
    assert says in str(failed.value) and "\n" not in str(failed.value)


@pytest.mark.slow
def test_a_wrong_reference_does_not_build(project):
    wrong = project.technique("def tiny_norm(values, power):\n    return 4.0\n", "tiny_norm")
    spoiled = project.with_exercise(0, reference=wrong)
    with pytest.raises(LessonError, match=r"cell check-tiny_norm .*RuntimeError: tiny_norm: not yet"):
        execute.run("01_tiny", solved(spoiled), project.root / "solutions")


TEXT = v4.new_output("stream", name="stdout", text="1")
RESULT = v4.new_output("execute_result", data={"text/plain": "1"})


@pytest.mark.parametrize(
    ("output", "right"),
    [
        (TEXT, True),
        (RESULT, True),
        (v4.new_output("stream", name="stderr", text="1"), False),
        (v4.new_output("display_data", data={"text/plain": "1"}), False),
        (v4.new_output("execute_result", data={"text/plain": "1", "image/png": "x"}), False),
        (v4.new_output("error", ename="E", evalue="", traceback=[]), False),
    ],
    ids=["print", "value", "stderr", "display", "picture", "error"],
)
def test_only_printed_text_may_be_stored(output, right):
    tagged = v4.new_code_cell("1", id="a", metadata={"tags": [notebook.OUTPUT_TAG]})
    found = list(execute.output_problems("01", v4.new_notebook(cells=[tagged]), {"a": [output]}))
    assert (found == []) is right
