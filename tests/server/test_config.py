"""The packaged configuration, read by a real server."""

import json
import sys
from pathlib import Path

import pytest
from jupyter_server.services.contents.manager import ContentsManager

from featherweight.server import CONFIG

pytestmark = pytest.mark.slow
PAGE = CONFIG / "labconfig" / "page_config.json"
OVERRIDES = CONFIG / "labconfig" / "default_setting_overrides.json"


def effective(lab, plugin: str) -> dict:
    status, answer = lab.get(f"lab/api/settings/{plugin}")
    assert status == 200
    return {name: entry["default"] for name, entry in answer["schema"]["properties"].items() if "default" in entry}


def test_no_news_and_no_questions(lab):
    settings = effective(lab, "@jupyterlab/apputils-extension:notification")
    assert (settings["fetchNews"], settings["checkForUpdates"]) == ("false", False)


def test_twins_open_with_jupytext_and_notebooks_as_notebooks(lab):
    viewers = effective(lab, "@jupyterlab/docmanager-extension:plugin")["defaultViewers"]
    assert viewers == {"python": "Jupytext Notebook"}


def test_every_override_names_a_setting_that_exists(lab):
    for plugin, settings in json.loads(OVERRIDES.read_text(encoding="utf-8")).items():
        assert set(settings) <= set(effective(lab, plugin))


def test_buttons_of_the_test_tools_are_off():
    """nbgrader and Notebook come with the test tools; without their server halves their buttons would lead nowhere."""
    extensions = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    disabled = json.loads(PAGE.read_text(encoding="utf-8"))["disabledExtensions"]
    assert all(disabled.values()) and all((extensions / name).is_dir() for name in disabled)


@pytest.mark.parametrize("name", ["__pycache__", "a.pyc", "x~", "featherweight.egg-info", "build", "generated.json"])
def test_clutter_is_hidden(lab, name):
    (lab.folder / name).mkdir(exist_ok=True)
    shown = [entry["name"] for entry in lab.get("api/contents/")[1]["content"]]
    assert "01_gradient_descent.ipynb" in shown and name not in shown


def test_the_defaults_are_hidden_still():
    text = (CONFIG / "jupyter_server_config.py").read_text(encoding="utf-8")
    assert [glob for glob in ContentsManager.hide_globs.default() if f'"{glob}"' not in text] == []


def test_progress_can_be_downloaded(lab):
    (lab.folder / "featherweight-progress.json").write_text("{}")
    assert "featherweight-progress.json" in str(lab.get("api/contents/")[1])


def test_nothing_failed_to_load(lab):
    log = lab.log.read_text()
    assert "Traceback" not in log and "| extension failed" not in log
    assert "subclass of) jupytext.TextFileContentsManager already - OK" in log
