"""A whole project in a temporary folder: one valid lesson with an exercise and a bug hunt, which tests then spoil."""

import importlib.util
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from featherweight.exercises import compare
from featherweight.exercises.exercise import Exercise

TECHNIQUE = '''import math
import os


def tiny_norm(values: list, power: float) -> float:
    """The `power`-norm of some numbers, power 1 or more."""
    total = sum(abs(value) ** power for value in values)  # the answer
    return math.pow(total, 1.0 / power)


def tiny_mean(values: list) -> float:
    """The mean of some numbers, 0.0 for none."""
    total = math.fsum(values)
    count = max(len(values), 1)
    return total / count


def counts_one_too_many(values: list) -> float:
    """The bug is the count."""
    total = math.fsum(values)
    count = max(len(values) + 1, 1)
    return total / count


def check(function, name=None):
    """A check small enough for a test: raises unless the function is right."""
    name = name or function.__name__
    values, wanted = {"tiny_norm": (([3.0, 4.0], 2.0), 5.0), "tiny_mean": (([2.0, 4.0],), 3.0)}[
        name.removeprefix("mended_")
    ]
    try:
        right = function(*values) == wanted
    except NotImplementedError:
        right = False
    if not right and (os.environ.get("FEATHERWEIGHT_STRICT") or os.environ.get("NBGRADER_EXECUTION")):
        raise RuntimeError(f"{name}: not yet")
    print(f"{name}: {'passed' if right else 'not yet'}")
    return function
'''

LESSON = """# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["part-opening"]
# # A tiny lesson
#
# How long is a list?

# %% tags=["colab-only"]
import sys

# %%
import math

from tiny_technique import check

# %% [markdown] tags=["part-objectives"]
# You compute a norm.

# %% [markdown] tags=["part-symbols"]
# | symbol | variable |
# |---|---|
# | $p$ | `power` |

# %% [markdown] tags=["part-idea"]
# Take 3 and 4.

# %%
values = [3.0, 4.0]

# %% [markdown] tags=["part-widget"]
# A picture.

# %% tags=["widget"]
len(values)

# %% [markdown] tags=["part-exercises"]
# ### Exercise: `tiny_norm`

# %% tags=["exercise"]
from tiny_technique import tiny_norm

# %% tags=["check"]
tiny_norm = check(tiny_norm)

# %% tags=["nbval-check-output"]
print(round(tiny_norm(values, 2.0), 3))

# %% [markdown] tags=["part-reproduce"]
# As published.

# %% [markdown] tags=["part-production"]
# With a library.

# %% [markdown] tags=["part-bug-hunt"]
# Mend it.

# %% tags=["exercise", "bug-hunt"]
from tiny_technique import tiny_mean as mended_tiny_mean

# %% tags=["check"]
mended_tiny_mean = check(mended_tiny_mean, name="mended_tiny_mean")

# %% [markdown] tags=["part-recall"]
# What is a norm?

# %% [markdown] tags=["part-recap"]
# You computed a norm.

# %% [markdown] tags=["part-references"]
# Minkowski, 1896.
"""


@dataclass(frozen=True)
class Project:
    root: Path
    exercises: tuple[Exercise, ...]

    @property
    def source(self) -> Path:
        return self.root / "solutions" / "01_tiny.py"

    @property
    def workbook(self) -> Path:
        return self.root / "notebooks" / "01_tiny.ipynb"

    def spoil(self, old: str, new: str) -> None:
        text = self.source.read_text()
        assert old in text
        self.source.write_text(text.replace(old, new))

    def with_exercise(self, index: int, **changes) -> "Project":
        changed = [*self.exercises]
        changed[index] = replace(changed[index], **changes)
        return Project(self.root, tuple(changed))

    def technique(self, text: str, name: str):
        """A function of a module written for one test."""
        return getattr(load(self.root / "library" / f"extra_{name}.py", text), name)


def load(path: Path, text: str):
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path, monkeypatch) -> Project:
    for folder in ("solutions", "notebooks", "library"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "solutions" / "01_tiny.py").write_text(LESSON)
    tiny = load(tmp_path / "library" / "tiny_technique.py", TECHNIQUE)
    monkeypatch.setitem(sys.modules, "tiny_technique", tiny)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "library"), prepend=":")
    common = {
        **{"lesson": 1, "minutes": 5, "difficulty": 1, "compare": compare.close(), "misconceptions": ()},
        **{"returns": "a number", "oracle": "none", "hints": ("a", "b", "c"), "cases": lambda seed: []},
    }
    norm = Exercise(name="tiny_norm", points=2, reference=tiny.tiny_norm, **common)
    hunt = {"starts_from": tiny.counts_one_too_many, "reference": tiny.tiny_mean}
    mean = Exercise(name="mended_tiny_mean", points=3, **hunt, **common)
    return Project(tmp_path, (norm, mean))
