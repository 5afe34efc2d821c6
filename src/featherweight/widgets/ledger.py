"""The way from a card's question to the learner's prediction ledger."""

from __future__ import annotations

from contextlib import redirect_stderr
from io import StringIO

from featherweight.widgets.controls import Question

__all__ = ["earlier", "record"]


def record(question: Question, choice: int, sure: str) -> str:
    """Keep a guess; return one line on what became of it. Never raises: a card goes on without a ledger."""
    said = StringIO()
    try:
        from featherweight.exercises.progress import record_prediction

        with redirect_stderr(said):
            record_prediction(question.key, question.choices[choice], sure, choice == question.answer)
    except Exception as problem:  # whatever went wrong, the learner still sees the curve
        return f"(Your guess could not be kept: {problem})"
    return f"({' '.join(said.getvalue().split())})" if said.getvalue().strip() else ""


def earlier(question: Question) -> dict:
    """The guess that was committed before, as a card's `answer`; empty if there is none."""
    from featherweight.exercises.progress import load

    with redirect_stderr(StringIO()):
        kept = load().prediction(question.key)
    if kept is None or kept.choice not in question.choices:
        return {}
    return {"choice": question.choices.index(kept.choice), "sure": str(kept.confidence)}
