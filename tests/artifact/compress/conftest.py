"""Networks of users' own for all tests of the pipeline."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest


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
