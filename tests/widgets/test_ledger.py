"""A guess reaches the learner's progress; a failure to keep it is one line, never an error."""

import pytest

from featherweight.exercises import progress
from featherweight.widgets import ledger


@pytest.fixture
def kept(monkeypatch, tmp_path):
    monkeypatch.setenv("FEATHERWEIGHT_PROGRESS", str(tmp_path / "progress.json"))
    return progress.load


def test_guess_is_kept_and_found_again(kept, question):
    assert ledger.earlier(question) == {}
    assert ledger.record(question, 1, "certain") == ""
    row = kept().prediction("slope")
    assert (row.choice, row.confidence, row.correct) == ("10", "certain", True)
    assert ledger.earlier(question) == {"choice": 1, "sure": "certain"}


def test_wrong_guess(kept, question):
    ledger.record(question, 2, "a guess")
    assert kept().prediction("slope").correct is False


def test_failure_is_one_line(monkeypatch, question):
    def fails(*_):
        raise RuntimeError("no room")

    monkeypatch.setattr(progress, "record_prediction", fails)
    assert ledger.record(question, 0, "certain") == "(Your guess could not be kept: no room)"


def test_what_progress_says_is_told(monkeypatch, question):
    monkeypatch.setattr(progress, "record_prediction", lambda *_: progress._say("Waits in\nmemory."))
    assert ledger.record(question, 0, "certain") == "(Waits in memory.)"
