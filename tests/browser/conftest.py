"""One JupyterLab for all browser tests; each module opens its notebooks in a fresh browser."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from featherweight.bench.browser import Notebook, chromium, jupyterlab


@dataclass(frozen=True)
class Lab:
    """A running server: its address, and the folder that it serves."""

    address: str
    folder: Path


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> Lab:
    """The book's own JupyterLab, serving an empty folder."""
    folder = tmp_path_factory.mktemp("lab")
    with jupyterlab(folder) as address:
        yield Lab(address, folder)


@pytest.fixture(scope="module")
def open_notebook(lab) -> Callable[..., Notebook]:
    """`open_notebook("name.ipynb", [source, …], dark=False)`: a new notebook in Lab, in a browser of its own."""
    with ExitStack() as stack:

        def opened(name: str, cells: list[str], **options) -> Notebook:
            page = stack.enter_context(chromium(**options))
            return Notebook(page, lab.address, lab.folder, name, cells)

        yield opened
