"""Ticket curve: what is it about a winning ticket that wins?

Left the errors of the ticket and of one rival at the end of training, right those after the first epoch, for every
share of weights; the thin lines are the seeds, the thick ones their mean.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from featherweight.lab import palette
from featherweight.lab.statistics import mean_interval
from featherweight.lab.ticket_runs import PLACES, Results, load
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["RIVALS", "ticket_curve", "ticket_curve_frame", "ticket_curve_scene"]

RIVALS = {
    "fresh weights": "fresh",
    "fresh sizes, its signs": "signs",
    "mask shuffled in layers": "shuffled",
    "mask drawn at random": "uniform",
    "small dense network": "narrow",
    "rewound to epoch 1": "late",
    "never rewound": "fine-tuned",
}
"""What the reader chooses → its kind in the results and in the palette."""

FEWEST, MOST = 35, 1000
KEPT = (125.0, 0.9)
PRESETS = {
    "other weights": {"place": 6.9, "rival": "fresh weights"},
    "only the signs": {"place": 2.8, "rival": "fresh sizes, its signs"},
    "only the counts": {"place": 2.8, "rival": "mask shuffled in layers"},
    "pure chance": {"place": 1.8, "rival": "mask drawn at random"},
    "not rewound at all": {"place": 2.8, "rival": "never rewound"},
}
QUESTION = Question(
    key="ticket-curve",
    text="Keep the ticket's connections and the signs of its first weights, but draw new sizes. How much worse?",
    choices=("A few errors at most", "Half as bad as fresh weights", "As bad as fresh weights"),
    answer=0,
    because="What training needs from the start is which way each weight points, hardly how far.",
    shows={"rival": "fresh sizes, its signs", "place": 2.8},
)


def ticket_curve_scene(figure) -> dict:
    """Two panels with the same fixed axes."""
    end, early = figure.subplots(1, 2, sharey=True)
    end.set(title="Errors in 1,000 test digits after training (log)", ylim=(FEWEST, MOST))
    early.set(title="The same after one epoch (log)")
    for axes in (end, early):
        axes.set(xlabel="weights kept, %, log scale", xscale="log", yscale="log", xlim=KEPT)
        axes.set_xticks([100, 30, 10, 3, 1], ["100", "30", "10", "3", "1"])
        axes.set_yticks([50, 100, 200, 500, 900], ["50", "100", "200", "500", "900"])
        axes.minorticks_off()
        axes.axhline(900, color=palette.INK, lw=1, ls=":")
    end.text(115, 780, "guessing", va="top")
    return {"end": end, "early": early}


def ticket_curve_frame(place: float, rival: str, results: Results) -> Frame:
    """One state. place: weights kept, in %. rival: one of RIVALS."""
    kind = RIVALS[rival]
    number = PLACES[[_percent(results.kept[at]) for at in PLACES].index(place)]
    lines, means = [], {}
    for each, seeds in (("ticket", False), (kind, True)):
        row = results.rows[each]
        kept = np.array([100 * results.kept[at] for at in row.rounds])
        for panel, counts in (("end", row.test), ("early", row.early)):
            found = np.maximum(np.array(counts, dtype=float), FEWEST)
            if seeds and panel == "end":
                lines += [Line(panel, kept, one, each, width=0.8, ghost=False) for one in found]
            lines.append(Line(panel, kept, found.mean(0), each, width=2.5, markers=1 if seeds else 2, ghost=False))
        means[each] = np.array(row.test, dtype=float)[:, list(row.rounds).index(number)]
    share, rivals = 100 * results.kept[number], means[kind].mean()
    marks = (
        Mark("end", share, rivals, f"{rivals:.0f}", kind),
        Mark("end", share, means["ticket"].mean(), "", "ticket"),
    )
    more = mean_interval(list(means[kind] - means["ticket"]))
    summary = f"At {share:.1f}% of the weights: {means['ticket'].mean():.0f} errors for the ticket, {rivals:.0f} for "
    return Frame(tuple(lines), marks, f"{summary}“{rival}”. Difference with its 95% interval: {more:+.1f}.")


def ticket_curve(results: Results | None = None, ask: Question | None = QUESTION) -> Card:
    """The card of lesson 6."""
    results = results or load()
    places = tuple(_percent(results.kept[at]) for at in PLACES)
    return card(
        partial(ticket_curve_frame, results=results),
        ticket_curve_scene,
        title="Ticket curve: what makes a ticket win?",
        controls=(
            Control("place", "Weights kept", places, start=places[0], unit=" %"),
            Control("rival", "Against", tuple(RIVALS), start="fresh weights"),
        ),
        presets=PRESETS,
        ask=ask,
    )


def _percent(share: float) -> float:
    return float(f"{100 * share:.2g}")
