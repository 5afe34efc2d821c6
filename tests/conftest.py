"""For every test and every process it starts: no network, one thread, no progress file."""

import os
import runpy
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

OFFLINE = Path(__file__).parent / "offline"
SETTINGS = {
    "FEATHERWEIGHT_DEVICE": "cpu",
    "FEATHERWEIGHT_PROGRESS": "off",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure(config):
    os.environ.update(SETTINGS)
    for name in ("FEATHERWEIGHT_STRICT", "FEATHERWEIGHT_THREADS", "NBGRADER_EXECUTION"):
        os.environ.pop(name, None)
    if "offline" not in os.environ.get("PYTHONPATH", ""):
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(OFFLINE), os.environ.get("PYTHONPATH")]))
        sys.path.insert(0, str(OFFLINE))
        sys.modules.pop("sitecustomize", None)
        __import__("sitecustomize")


@pytest.fixture(scope="session")
def made_up():
    """Exercises, records and a class with hostile names, made by hand for reports and exports."""
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).parent / "grading" / "made_up_class.py")))


@pytest.fixture(autouse=True)
def one_thread():
    """torch computes on one thread, whatever a test before this one chose."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


def pytest_runtest_setup(item):
    """Without a browser, tests marked `browser` are skipped at home and fail in CI."""
    if item.get_closest_marker("browser") and not any(map(shutil.which, BROWSERS)):
        complain = pytest.fail if os.environ.get("CI") else pytest.skip
        complain(f"no browser: install one of {', '.join(BROWSERS)}")
