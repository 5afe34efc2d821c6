"""A workbook opens in the real server in any order of modification times, and loses nothing."""

import os
import shutil
import time
from pathlib import Path

import jupytext
import nbformat
import pytest

from featherweight.server.twins import are_twins

pytestmark = pytest.mark.slow
PAIR = {
    "jupytext": {"formats": "ipynb,py:percent"},
    "kernelspec": {"name": "python3", "display_name": "P", "language": "python"},
}
WORKBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
DAY = 86_400


def notebook(*sources: str, metadata: dict = PAIR):
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(sources)]
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def write(folder, name: str, in_notebook: list[str], in_script: list[str], metadata: dict = PAIR) -> None:
    (folder / f"{name}.ipynb").write_text(nbformat.writes(notebook(*in_notebook, metadata=metadata)))
    script = jupytext.writes(notebook(*in_script, metadata=metadata), fmt="py:percent")
    (folder / f"{name}.py").write_text(script)


def age(path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds,) * 2)


def sources(answer: dict) -> list[str]:
    return [cell["source"] for cell in answer["content"]["cells"]]


def kept_somewhere(folder, text: str) -> bool:
    return any(text in path.read_text(errors="ignore") for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("opened", ["ipynb", "py"])
@pytest.mark.parametrize("newer", ["ipynb", "py"])
@pytest.mark.parametrize("gap", [0, 60, 400 * DAY], ids=["same second", "a minute", "a year"])
def test_twins_with_different_answers_open_and_lose_nothing(lab, opened, newer, gap):
    name = f"41_{opened}_{newer}_{gap}"
    write(lab.folder, name, ["from_notebook = 1"], ["from_script = 2"])
    age(lab.folder / f"{name}.{'py' if newer == 'ipynb' else 'ipynb'}", gap)
    status, answer = lab.get(f"api/contents/{name}.{opened}?type=notebook")
    assert status == 200, answer
    expected = {"ipynb": ["from_notebook = 1"], "py": ["from_script = 2"]}
    assert sources(answer) in ([expected[newer]] if gap else expected.values())
    assert kept_somewhere(lab.folder, "from_notebook = 1") and kept_somewhere(lab.folder, "from_script = 2")


@pytest.mark.parametrize("old", ["ipynb", "py"])
def test_equal_twins_open_at_any_age_unchanged(lab, old):
    name = f"42_equal_{old}"
    write(lab.folder, name, ["x = 1"], ["x = 1"])
    age(lab.folder / f"{name}.{old}", DAY)
    before = {suffix: (lab.folder / f"{name}.{suffix}").read_bytes() for suffix in ("ipynb", "py")}
    assert sources(lab.get(f"api/contents/{name}.ipynb")[1]) == ["x = 1"]
    assert before == {suffix: (lab.folder / f"{name}.{suffix}").read_bytes() for suffix in ("ipynb", "py")}


@pytest.mark.parametrize("old", ["ipynb", "py"])
@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_a_fresh_clone_opens_in_any_order_of_times(lab, path, old):
    """git gives a clone's files any times; opening a workbook as it was released changes neither file."""
    folder = lab.folder / f"clone_{old}"
    folder.mkdir(exist_ok=True)
    pair = [shutil.copy(path.with_suffix(suffix), folder) for suffix in (".ipynb", ".py")]
    before = [Path(copy).read_bytes() for copy in pair]
    age(folder / f"{path.stem}.{old}", DAY)
    for suffix in ("ipynb", "py"):
        assert lab.get(f"api/contents/{folder.name}/{path.stem}.{suffix}?type=notebook")[0] == 200
    assert [Path(copy).read_bytes() for copy in pair] == before


def test_files_that_share_a_name_and_are_no_pair_are_left_alone(lab):
    write(lab.folder, "43_solved", ["def f(): ..."], ["from book import f"], metadata={})
    assert sources(lab.get("api/contents/43_solved.ipynb")[1]) == ["def f(): ..."]
    assert "from book import f" in (lab.folder / "43_solved.py").read_text()
    assert sources(lab.get("api/contents/43_solved.py?type=notebook")[1]) == ["from book import f"]


def test_what_is_saved_in_lab_is_in_both_twins(lab):
    write(lab.folder, "44_saved", ["x = 1"], ["x = 1"])
    model = {"type": "notebook", "format": "json", "content": notebook("x = 44")}
    assert lab.get("api/contents/44_saved.ipynb", "PUT", model)[0] == 200
    assert kept_somewhere(lab.folder, "x = 44")
    assert "x = 44" in (lab.folder / "44_saved.py").read_text()
    assert "x = 44" in (lab.folder / "44_saved.ipynb").read_text()
    assert sources(lab.get("api/contents/44_saved.ipynb")[1]) == ["x = 44"]


@pytest.mark.parametrize("opened", ["ipynb", "py"])
@pytest.mark.parametrize("older", ["ipynb", "py"])
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param('x = """unfinished', id="an unfinished quote"),
        pytest.param("def f():\n    x = 1\n# %%\n    return x", id="a percent marker"),
        pytest.param('x = "\u2028"', id="a line separator"),
    ],
)
def test_cells_that_a_script_cannot_hold_open_as_they_were_saved(lab, answer, older, opened):
    cells = ["before = 1", answer, 'def g():\n    """Text."""', "after = 2"]
    write(lab.folder, "46_odd", ["x = 1"], ["x = 1"])
    model = {"type": "notebook", "format": "json", "content": notebook(*cells)}
    assert lab.get("api/contents/46_odd.ipynb", "PUT", model)[0] == 200
    age(lab.folder / f"46_odd.{older}", DAY)
    status, found = lab.get(f"api/contents/46_odd.{opened}?type=notebook")
    assert status == 200 and sources(found) == cells
    assert found["name"] == f"46_odd.{opened}" and found["format"] == "json"
    again = lab.get(f"api/contents/46_odd.{opened}?type=notebook&content=0")[1]
    assert again["last_modified"] == found["last_modified"]  # else Lab asks whether to overwrite
    if opened == "ipynb":
        assert lab.get("api/contents/46_odd.ipynb", "PUT", model | {"content": found["content"]})[0] == 200
        assert "after = 2" in (lab.folder / "46_odd.py").read_text()


def test_a_damaged_twin_does_not_stop_the_other(lab):
    write(lab.folder, "45_damaged", ["x = 45"], ["x = 45"])
    (lab.folder / "45_damaged.ipynb").write_text('{"cells": [')
    assert sources(lab.get("api/contents/45_damaged.ipynb?type=notebook")[1]) == ["x = 45"]


@pytest.mark.parametrize(
    ("script", "metadata", "expected"),
    [
        pytest.param(
            "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n", {}, True, id="script"
        ),
        pytest.param("x = 1\n", PAIR, True, id="notebook"),
        pytest.param("x = 1\n", {}, False, id="neither"),
        pytest.param("x = 1\nprint('formats: ipynb,py:percent')\n", {}, False, id="a text that mentions it"),
        pytest.param(None, PAIR, False, id="no script"),
    ],
)
def test_are_twins(tmp_path, script, metadata, expected):
    (tmp_path / "a.ipynb").write_text(nbformat.writes(notebook("x = 1", metadata=metadata)))
    if script is not None:
        (tmp_path / "a.py").write_text(script)
    assert are_twins(tmp_path / "a.ipynb", tmp_path / "a.py") is expected
