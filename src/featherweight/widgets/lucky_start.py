"""Lucky start: one small network, trained from its own first weights, and from others.

Left the errors of the whole network and of its tickets, for every share of weights; right, under the veil, those of the
same connections with fresh random weights. The thin lines are the seeds, the thick ones their mean.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from featherweight.lab.statistics import mean_interval
from featherweight.lab.ticket_runs import Results, load
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["ROUND", "lucky_start", "lucky_start_frame", "lucky_start_scene"]

ROUND = 20
FEWEST, MOST = 30, 130
KEPT, LABEL = (125.0, 0.9), 8.0  # the axis, and where the level of all weights ends with its name


def lucky_start_scene(figure) -> dict:
    """Twice the same axes."""
    known, asked = figure.subplots(1, 2, sharey=True)
    known.set(title="Errors in 1,000: all weights, and its tickets", ylim=(FEWEST, MOST))
    asked.set(title="The same connections, fresh weights")
    for axes in (known, asked):
        axes.set(xlabel="weights kept, %, log scale", xscale="log", xlim=KEPT)
        axes.set_xticks([100, 30, 10, 3, 1], ["100", "30", "10", "3", "1"])
        axes.minorticks_off()
    return {"known": known, "asked": asked}


def lucky_start_frame(results: Results) -> Frame:
    """The only state."""
    whole = _errors("dense", 0, results)
    level = Line("known", np.array([100.0, LABEL]), np.full(2, whole.mean()), "dense", ghost=False)
    lines = [level, *_curves("known", "ticket", results), *_curves("asked", "fresh", results)]
    ticket, fresh = (_errors(kind, ROUND, results) for kind in ("ticket", "fresh"))
    share = 100 * results.kept[ROUND]
    marks = (
        Mark("known", LABEL, whole.mean(), f"all weights: {whole.mean():.0f}", "dense"),
        Mark("known", share, ticket.mean(), f"ticket: {ticket.mean():.0f}", "ticket"),
        Mark("asked", share, fresh.mean(), f"fresh: {fresh.mean():.0f}", "fresh"),
    )
    named = {"all weights": whole, f"a ticket of {share:.1f}%": ticket, "fresh weights in its place": fresh}
    says = ", ".join(f"{name} {mean_interval(list(values)):.0f}" for name, values in named.items())
    return Frame(tuple(lines), marks, f"Errors in 1,000 with 95% intervals over {len(whole)} seeds: {says}.")


def lucky_start(results: Results | None = None) -> Card:
    """The opening card of lesson 6."""
    results = results or load()
    question = Question(
        key="lucky-start",
        text=f"Trained from its own first weights, {100 * results.kept[ROUND]:.1f}% of a network makes "
        f"{_errors('ticket', ROUND, results).mean():.0f} errors in 1,000. From fresh ones?",
        choices=("About as many", "A third to two thirds more", "More than twice as many"),
        answer=1,
        because="The connections alone are worth something, and so are the weights that they began with.",
        veils=("asked",),
    )
    return card(
        partial(lucky_start_frame, results=results),
        lucky_start_scene,
        title="Lucky start: the same small network, begun twice",
        ask=question,
    )


def _errors(kind: str, number: int, results: Results) -> np.ndarray:
    """Test errors of every seed at one round."""
    row = results.rows[kind]
    return np.array(row.test, dtype=float)[:, list(row.rounds).index(number)]


def _curves(panel: str, kind: str, results: Results) -> list[Line]:
    row = results.rows[kind]
    kept, test = np.array([100 * results.kept[at] for at in row.rounds]), np.array(row.test, dtype=float)
    seeds = [Line(panel, kept, one, kind, width=0.8, ghost=False) for one in test]
    return [*seeds, Line(panel, kept, test.mean(0), kind, width=2.5, markers=1, ghost=False)]
