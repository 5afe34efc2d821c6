"""The Colab cell does nothing elsewhere, and on Colab installs the release of this repository."""

import ast
import importlib.metadata
import subprocess
import sys
import tomllib
import types
from pathlib import Path

import pytest

from featherweight.authoring.colab import COLAB_CELL

ROOT = Path(__file__).parents[2]
DISTRIBUTIONS = {found.name for found in importlib.metadata.distributions()}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture
def commands(monkeypatch):
    """What the cell runs, instead of running it."""
    seen = []
    monkeypatch.setattr(subprocess, "run", lambda command, **options: seen.append(command))
    return seen


def test_elsewhere_it_does_nothing(commands):
    before = set(sys.modules)
    exec(COLAB_CELL, {})
    assert commands == [] and set(sys.modules) == before


def test_on_colab_it_installs_the_tagged_release_without_dependencies(commands, monkeypatch):
    enabled = []
    output = types.SimpleNamespace(enable_custom_widget_manager=lambda: enabled.append(True))
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", types.SimpleNamespace(output=output))
    everywhere = [types.SimpleNamespace(name=name) for name in sorted(DISTRIBUTIONS - {"anywidget"})]
    monkeypatch.setattr("importlib.metadata.distributions", lambda: everywhere)
    exec(COLAB_CELL, {})
    tag = PROJECT["version"].partition(".dev")[0]
    release = f"{PROJECT['urls']['Repository']}/archive/refs/tags/v{tag}.zip"
    assert commands == [[sys.executable, "-m", "pip", "install", "-q", "--no-deps", release, "anywidget"]]
    assert enabled == [True]


def test_what_it_names_can_be_installed_and_is_known_by_that_name(commands, monkeypatch):
    """Each is a distribution of this environment, and written as the cell compares it."""
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(
        sys.modules,
        "google.colab",
        types.SimpleNamespace(output=types.SimpleNamespace(enable_custom_widget_manager=lambda: None)),
    )
    exec(COLAB_CELL, {})
    assert len(commands[0]) == 7

    monkeypatch.setattr("importlib.metadata.distributions", lambda: [])
    exec(COLAB_CELL, {})
    assert "segno" in commands[1] and "zxing-cpp" in commands[1]


def test_it_fits_in_a_lesson():
    ast.parse(COLAB_CELL)
    assert len(COLAB_CELL.splitlines()) <= 15


@pytest.mark.parametrize("path", sorted((ROOT / "solutions").glob("*.py")), ids=lambda path: path.stem)
def test_every_lesson_begins_with_exactly_this_cell(path):
    first = path.read_text(encoding="utf-8").split('# %% tags=["colab-only"]\n')[1]
    assert first.split("\n# %%")[0].strip() == COLAB_CELL.strip()
