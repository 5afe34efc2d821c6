"""A card's traits, rows and output bundle, without a browser."""

import base64
import re
import sys
import time

import pytest

from featherweight.errors import InputError
from featherweight.exercises import progress
from featherweight.widgets import Card, Control, Frame, Question, card
from featherweight.widgets.stage import Stage
from featherweight.widgets.table import encode

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def made(frame, scene, controls):
    return card(frame, scene, title="Slope", controls=controls, presets={"steep": {"rise": 2.0}})


@pytest.fixture
def replies(monkeypatch, frame, scene, controls):
    """A live card and what it sends."""
    live = card(frame, scene, title="Slope", controls=controls, live=True)
    sent = []
    monkeypatch.setattr(live, "send", lambda content, buffers=None: sent.append((content, buffers)))
    return live, sent


def ask(live, number, places):
    live._handle_custom_msg({"run": number, "places": places}, [])


def test_each_control_is_a_trait(made):
    made.rise = 1.9
    assert made.rise == 2.0 and made.state == {"rise": 2.0, "shape": "line"}
    assert made.summary == "line rises to 20."
    assert {"rise", "shape"} <= set(made.get_state())
    with pytest.raises(InputError, match="shape is 'knot'; wanted one of line, bow"):
        made.shape = "knot"


def test_observers_hear_a_control(made):
    seen = []
    made.observe(lambda change: seen.append(change["new"]), "rise")
    made.rise = 0.5
    assert seen == [0.5]


def test_rows_are_the_states_in_order(made, frame, scene):
    assert [row[2] for row in made.index["frames"]] == [
        f"{shape} rises to {10 * rise:g}." for rise in (0.5, 1.0, 2.0) for shape in ("line", "bow")
    ]
    assert made.table == encode((frame(r, s) for r in (0.5, 1.0, 2.0) for s in ("line", "bow")), Stage(scene)).points


def test_bundle_holds_view_picture_and_one_line(made):
    data, metadata = made._repr_mimebundle_()
    assert set(data) == {VIEW, "image/png", "text/plain"}
    assert data["text/plain"] == "Slope. line rises to 10."
    assert base64.b64decode(data["image/png"]) == made.picture() and made.picture().startswith(b"\x89PNG")
    assert metadata["image/png"] == {"width": 784, "height": 224}
    assert made._repr_mimebundle_()[0] == data


def test_embedding_is_asked_for_by_the_environment(monkeypatch, made):
    monkeypatch.setenv("FEATHERWEIGHT_EMBED", "1")
    assert made._repr_mimebundle_()[0]["text/html"] == made.embed_html()


def test_answer_goes_to_the_ledger_and_is_remembered(monkeypatch, tmp_path, frame, scene, controls, question):
    monkeypatch.setenv("FEATHERWEIGHT_PROGRESS", str(tmp_path / "progress.json"))
    first = card(frame, scene, title="Slope", controls=controls, ask=question)
    assert first.ask["choices"] == ("5", "10", "20") and not first.revealed
    first.answer = {}  # skipped
    assert progress.load().predictions == ()
    first.answer = {"choice": 2, "sure": "fairly sure"}
    row = progress.load().prediction("slope")
    assert (row.choice, row.confidence, row.correct) == ("20", "fairly sure", False)
    again = card(frame, scene, title="Slope", controls=controls, ask=question)
    assert again.revealed and again.answer == {"choice": 2, "sure": "fairly sure"}


def test_unkept_answer_is_told_in_the_card(monkeypatch, frame, scene, controls, question):
    monkeypatch.setattr(progress, "record_prediction", lambda *_: 1 / 0)
    asked = card(frame, scene, title="Slope", controls=controls, ask=question)
    asked.answer = {"choice": 0, "sure": "certain"}
    assert asked.note == "(Your guess could not be kept: division by zero)"


def test_live_card_answers_with_the_request_number(replies):
    live, sent = replies
    assert len(live.index["frames"]) == 1
    ask(live, 7, [2, 1])
    content, buffers = sent[0]
    assert content["run"] == 7 and content["index"]["frames"][0][2] == "bow rises to 20." and len(buffers[0]) > 40


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda rise, shape: 1 / 0, "the widget raised ZeroDivisionError: division by zero"),
        (lambda rise, shape: Frame(("no line",), (), ""), "the widget raised AttributeError"),
    ],
    ids=["raises", "wrong frame"],
)
def test_live_failure_is_a_line_of_text(scene, controls, broken, said):
    live = card(broken, scene, title="Slope", controls=controls, live=True)
    assert live.summary.startswith(said)
    assert live._repr_mimebundle_()[0]["text/plain"].startswith(f"Slope. {said}")


def test_live_card_gives_up_on_a_hanging_frame(monkeypatch, scene, controls):
    monkeypatch.setattr(sys.modules[Card.__module__], "LIVE_SECONDS", 0.2)
    live = card(lambda rise, shape: time.sleep(3), scene, title="Slope", controls=controls, live=True)
    assert live.summary == "the widget ran longer than 0.2 s and was stopped"


def test_live_card_embeds_all_its_states(replies):
    page = replies[0].embed_html()
    assert page.count("rises to") >= 6 and '"live": false' in page


def test_card_without_controls_has_one_row(frame, scene, question):
    plain = card(frame, scene, title="Slope", ask=Question("q", "?", ("a", "b", "c"), 0, "so."))
    assert len(plain.index["frames"]) == 1 and plain.state == {} and plain.summary == "line rises to 10."


def many(count):
    return tuple(Control(f"c{i}", "C", (1,), start=1) for i in range(count))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"controls": many(4)}, "'Slope' has 4 controls and 0 presets; wanted at most 3 and 5: leave some out"),
        ({"presets": {str(i): {} for i in range(6)}}, "0 controls and 6 presets"),
        ({"controls": (Control("title", "T", (1,), start=1),)}, "The name 'title' is taken by the card"),
        ({"controls": many(1), "presets": {"far": {"c0": 9}}}, r"Preset 'far' sets c0 to 9; wanted one of \(1,\)"),
        ({"presets": {"far": {"rate": 9}}}, r"Preset 'far' sets rate to 9; wanted one of \(\)"),
    ],
    ids=["controls", "presets", "name", "value", "unknown control"],
)
def test_bad_cards_are_refused(frame, scene, options, message):
    with pytest.raises(InputError, match=message):
        card(frame, scene, title="Slope", **options)


def test_text_of_the_card_has_no_ids(made):
    assert not re.search(r"0x[0-9a-f]+|[0-9a-f]{12}|<featherweight", made._repr_mimebundle_()[0]["text/plain"])
