"""One JupyterLab for all browser tests; every page has a fresh profile."""

from collections.abc import Callable
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


@pytest.fixture(scope="session")
def new_page() -> Callable:
    """`new_page(**options)`: a page with a fresh profile; the options are those of Playwright's `new_context`."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def open_notebook(lab, new_page) -> Callable[..., Notebook]:
    """`open_notebook("name.ipynb", [source, …])`: a new notebook, open in Lab in a page of its own."""
    pages = []

    def opened(name: str, cells: list[str]) -> Notebook:
        pages.append(new_page())
        return Notebook(pages[-1], lab.address, lab.folder, name, cells)

    yield opened
    for page in pages:
        page.context.close()
