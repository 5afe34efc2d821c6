"""Networks of users' own for all tests of the pipeline."""

import runpy
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from featherweight.artifact.compress import retrain, search, shelf


@pytest.fixture(scope="session")
def own():
    """The file own_networks.py."""
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).parent / "own_networks.py")))


@pytest.fixture(scope="session")
def quick(own):
    """A network that is trained in a second, and its data."""
    return own.trained(own.Plain, own.digits(), steps=150)


@pytest.fixture(scope="session")
def made_up():
    """`made_up(...)`: a result with made-up numbers."""
    return runpy.run_path(str(Path(__file__).parent / "made_up.py"))["result"]


@pytest.fixture(autouse=True)
def own_time(monkeypatch):
    """Searches end by the time that this process computes: a busy machine must not decide how far they come."""
    for module in (retrain, search, shelf):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=time.process_time))
