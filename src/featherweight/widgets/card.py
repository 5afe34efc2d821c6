"""The card: controls around a picture. Every state is computed here; the browser only chooses and draws.

Table (default): `frame` runs over all states once, and the browser picks a row: no kernel is in the drag path, and the
same card lives on in exported HTML. Live: the browser asks for each state, one at a time, the latest wish first.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict

import anywidget
import traitlets

from featherweight.errors import InputError
from featherweight.lab import palette
from featherweight.widgets import embed, ledger
from featherweight.widgets.attempt import attempt
from featherweight.widgets.controls import Control, Question, every_state, nearest
from featherweight.widgets.frame import Frame
from featherweight.widgets.stage import HEIGHT, WIDTH, Stage
from featherweight.widgets.table import Table, encode

__all__ = ["Card", "card"]

MOST_CONTROLS, MOST_PRESETS = 3, 5
LIVE_SECONDS = 5.0


class Choice(traitlets.TraitType):
    """A trait that takes a control's values; a number in between goes to the nearest of them."""

    def __init__(self, control: Control) -> None:
        self.control = control
        super().__init__(control.start)

    def validate(self, _, value):
        return nearest(self.control, value)


class Card(anywidget.AnyWidget):
    """A widget made by `card`. Each control is a trait of the same name, to read, set, observe and link."""

    _esm = embed.MODULE
    _css = embed.STYLE
    title = traitlets.Unicode().tag(sync=True)
    controls = traitlets.List().tag(sync=True)
    presets = traitlets.Dict().tag(sync=True)
    start = traitlets.Dict().tag(sync=True)
    stage = traitlets.Dict().tag(sync=True)
    scene = traitlets.Bytes().tag(sync=True)
    index = traitlets.Dict().tag(sync=True)
    table = traitlets.Bytes().tag(sync=True)
    live = traitlets.Bool().tag(sync=True)
    ask = traitlets.Dict(allow_none=True).tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    revealed = traitlets.Bool().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)

    def __init__(self, frame, stage: Stage, controls: tuple[Control, ...], ask: Question | None, **traits) -> None:
        self._frame, self._stage, self._controls, self._question = frame, stage, controls, ask
        self.add_traits(**{control.name: Choice(control).tag(sync=True) for control in controls})
        start = {control.name: control.start for control in controls}
        rows = self._row(start) if traits["live"] else self._all_rows()
        kept = ledger.earlier(ask) if ask else {}
        super().__init__(
            controls=[{**asdict(control), "texts": control.texts} for control in controls],
            start=start,
            stage=_describe(stage),
            scene=stage.background,
            index=rows.index,
            table=rows.points,
            ask=asdict(ask) if ask else None,
            answer=kept,
            revealed=bool(kept),
            **traits,
        )
        self.observe(self._keep_answer, "answer")
        self.on_msg(self._reply)

    @property
    def state(self) -> dict[str, float | str]:
        """The value of every control."""
        return {control.name: getattr(self, control.name) for control in self._controls}

    @property
    def summary(self) -> str:
        """The line of text under the picture, for the state as it is."""
        return self._row(self.state).index["frames"][0][2]

    def picture(self) -> bytes:
        """The state as it is, as PNG bytes; the empty stage where the frame fails."""
        png, _ = attempt(lambda: self._stage.picture(self._frame(**self.state)), seconds=LIVE_SECONDS)
        return png or self._stage.background

    def embed_html(self) -> str:
        """One piece of HTML that needs no kernel and no network; a live card brings the table of its states."""
        rows = self._all_rows() if self.live else Table(self.table, self.index)
        names = ["title", "controls", "presets", "start", "stage", "scene", "ask", "note"]
        state = {name: getattr(self, name) for name in [*names, *self.state]}
        state |= {"index": rows.index, "table": rows.points, "live": False, "answer": {}, "revealed": False}
        return embed.snippet(state, self.picture(), f"{self.title}. {self.summary}", WIDTH)

    def _repr_mimebundle_(self, **_) -> tuple[dict, dict]:
        """Widget, picture and one line of text of the same state. FEATHERWEIGHT_EMBED=1 adds the kernel-free HTML."""
        data, metadata = super()._repr_mimebundle_()
        data["text/plain"] = f"{self.title}. {self.summary}"
        data["image/png"] = base64.b64encode(self.picture()).decode("ascii")
        if os.environ.get("FEATHERWEIGHT_EMBED", "") not in ("", "0"):
            data["text/html"] = self.embed_html()
        return data, metadata | {"image/png": {"width": WIDTH, "height": HEIGHT}}

    def _all_rows(self) -> Table:
        return encode((self._frame(**state) for state in every_state(self._controls)), self._stage)

    def _row(self, state: Mapping) -> Table:
        """One state as a table of one row; what goes wrong in a learner's function becomes its line of text."""
        table, problem = attempt(lambda: encode([self._frame(**state)], self._stage), seconds=LIVE_SECONDS)
        return table or encode([Frame((), (), problem.replace("<lambda>", "the widget"))], self._stage)

    def _reply(self, _, content: dict, __) -> None:
        if "run" not in content:
            return
        places = zip(self._controls, content["places"], strict=True)
        rows = self._row({control.name: control.values[place] for control, place in places})
        self.send({"run": content["run"], "index": rows.index}, buffers=[rows.points])

    def _keep_answer(self, change: dict) -> None:
        if "choice" in change["new"]:
            self.note = ledger.record(self._question, change["new"]["choice"], change["new"]["sure"])


def card(
    frame: Callable[..., Frame],
    scene: Callable,
    *,
    title: str,
    controls: tuple[Control, ...] = (),
    presets: Mapping[str, Mapping] | None = None,
    ask: Question | None = None,
    live: bool = False,
) -> Card:
    """A card that shows `frame(**controls)` over the fixed `scene(figure)`.

    frame: pure; from the controls' values to a Frame. scene: draws on a matplotlib figure and returns its axes by name.
    presets: from a button's text to values of controls. ask: the question before the reveal.
    live: call `frame` for each move instead of once for every state.
    Raises InputError for more than 3 controls or 5 presets, a preset that no slider can show, or a taken name.
    """
    presets = {name: dict(state) for name, state in (presets or {}).items()}
    if len(controls) > MOST_CONTROLS or len(presets) > MOST_PRESETS:
        raise InputError(
            f"{title!r} has {len(controls)} controls and {len(presets)} presets; "
            f"wanted at most {MOST_CONTROLS} and {MOST_PRESETS}: leave some out."
        )
    for control in controls:
        if hasattr(Card, control.name):
            raise InputError(f"The name {control.name!r} is taken by the card; give the control another one.")
    values = {control.name: control.values for control in controls}
    for name, state in (presets | ({"Show me": dict(ask.shows)} if ask else {})).items():
        for key, value in state.items():
            if value not in values.get(key, ()):
                raise InputError(f"Preset {name!r} sets {key} to {value!r}; wanted one of {values.get(key, ())}.")
    return Card(frame, Stage(scene), tuple(controls), ask, title=title, presets=presets, live=live)


def _describe(stage: Stage) -> dict:
    """What the browser must know of a stage: sizes, panels, and the look of each method."""
    looks = {
        name: {"colour": look.colour, "dash": list(palette.DASHES[look.dash]), "marker": look.marker}
        for name, look in palette.METHODS.items()
    }
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "panels": {name: [round(edge, 1) for edge in stage.box(name)] for name in stage.panels},
        "methods": looks,
        "ink": palette.INK,
        "paper": palette.PAPER,
        "ghost": palette.GHOST,
    }
