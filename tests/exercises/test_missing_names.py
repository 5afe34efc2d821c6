"""A name that a cell above makes, after a restart of the kernel: the learner is told which menu brings it back."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from featherweight.exercises.missing_names import ADVICE, explain_missing_names

HELPED = {
    "in a cell": "bowl",
    "in a function of a cell": "def walk():\n    return bowl\nwalk()",
}
LEFT_ALONE = {
    "in a library": "from featherweight.errors import FeatherweightError\neval('bowl', {'x': 1})",
    "another error": "1 / 0",
    "an unbound local": "def walk():\n    x = x\nwalk()",
    "caught": "try:\n    bowl\nexcept NameError as problem:\n    print(problem)",
}


@pytest.fixture
def shell():
    """A shell like a notebook's, the only one while the test runs."""
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance(colors="nocolor", history_manager=None)
    explain_missing_names()
    yield made
    InteractiveShell.clear_instance()


def told(shell, capsys, source):
    """What is shown when a cell runs, and what it raised."""
    result = shell.run_cell(source)
    shown = capsys.readouterr()
    return shown.out + shown.err, result.error_in_exec


@pytest.mark.parametrize("source", HELPED.values(), ids=HELPED)
def test_a_missing_name_comes_with_advice(shell, capsys, source):
    shown, error = told(shell, capsys, source)
    assert "NameError: name 'bowl' is not defined" in shown
    assert ADVICE in shown
    assert type(error) is NameError and "bowl" in str(error)


@pytest.mark.parametrize("source", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_anything_else_is_shown_as_ever(shell, capsys, source):
    shown, _ = told(shell, capsys, source)
    assert shown.strip() and ADVICE not in shown


def test_outside_a_notebook_nothing_happens(monkeypatch):
    InteractiveShell.clear_instance()
    explain_missing_names()
    monkeypatch.delitem(__import__("sys").modules, "IPython")
    explain_missing_names()
