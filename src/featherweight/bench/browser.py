"""A real JupyterLab in a real browser, for tests and measurements. Every step has a time-out."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat

from featherweight.errors import MissingTool
from featherweight.server.launch import arguments, environment

__all__ = ["Notebook", "chromium", "find_browser", "jupyterlab"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
START_SECONDS = 60
STEP_SECONDS = 30
READY = """(path) => {
  const app = window.jupyterapp;
  if (!app) return false;
  const panel = app.shell.currentWidget;
  if (!panel?.sessionContext || panel.context.path !== path) return false;
  return panel.sessionContext.session?.kernel?.status === "idle";
}"""


def find_browser() -> str:
    """The path of an installed Chromium. Raises MissingTool without one."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise MissingTool(f"Found no browser; wanted one of {', '.join(BROWSERS)}: install one (apt-get install chromium).")


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Serve `folder` with the book's own configuration on a free port; yields the address, ends the server after."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    command = [sys.executable, "-m", "jupyterlab", *arguments(folder, port, False, is_root)]
    command += ["--LabApp.expose_app_in_browser=True", "--IdentityProvider.token=", "--ServerApp.password="]
    own = {**os.environ, **environment(folder, {}), "IPYTHONDIR": str(folder / ".ipython")}
    log = folder / ".jupyter" / "jupyterlab.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=folder, env=own, stdout=output, stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server, log)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(STEP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def chromium() -> Iterator[Callable]:
    """A fresh browser. Yields `new_page(**options)`: a page of 1280 × 900 with a profile of its own.

    options: those of Playwright's `new_context`, such as `offline=True` or `java_script_enabled=False`.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_browser(), args=list(FLAGS), timeout=STEP_SECONDS * 1000)

        def new_page(**options):
            context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
            context.set_default_timeout(STEP_SECONDS * 1000)
            return context.new_page()

        try:
            yield new_page
        finally:
            browser.close()


class Notebook:
    """A notebook open in JupyterLab. `errors` collects what the console and the page complain about."""

    def __init__(self, page, address: str, folder: Path, name: str, cells: list[str]) -> None:
        self.page, self.address, self.path, self.errors = page, address, folder / name, []
        page.on("console", self._note)
        page.on("pageerror", lambda problem: self.errors.append(str(problem)))
        if cells:
            content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
            content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
            nbformat.write(content, self.path)
        self.open()

    def open(self, kernel: bool = True) -> None:
        """Open, or open again in a fresh page of Lab, and wait for the kernel."""
        self.page.goto(f"{self.address}/lab/tree/{self.path.name}?reset")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=START_SECONDS * 1000)
        if kernel:
            self.page.wait_for_function(READY, arg=self.path.name, timeout=START_SECONDS * 1000)

    def command(self, name: str, seconds: int = STEP_SECONDS, **options) -> None:
        """Run one of Lab's commands and wait for it, so many seconds at most."""
        self._in_lab("await window.jupyterapp.commands.execute(...given);", [name, options], seconds)

    def run(self, number: int) -> None:
        """Run one cell, and wait until it is done."""
        self._in_lab("window.jupyterapp.shell.currentWidget.content.activeCellIndex = given;", number)
        self.command("notebook:run-cell")

    def _note(self, message) -> None:
        """Keep a complaint of the console; the language server that the book switches off is none."""
        if message.type == "error" and "/lsp/" not in message.location["url"]:
            self.errors.append(message.text)

    def _in_lab(self, script: str, given, seconds: int = STEP_SECONDS) -> None:
        """Run a piece of JavaScript that may await; raises Playwright's Error when it takes too long."""
        late = f"new Promise((_, fail) => setTimeout(fail, {seconds * 1000}, new Error('Lab took too long')))"
        self.page.evaluate(f"(given) => Promise.race([(async () => {{ {script} }})(), {late}])", given)

    def cell(self, number: int):
        """Playwright's locator of a cell."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)

    def card(self, number: int):
        """The card in a cell's output, after it has drawn."""
        card = self.cell(number).locator(".fw-card[data-drawn]")
        card.wait_for()
        return card

    def save(self) -> nbformat.NotebookNode:
        """Save, and return what is in the file."""
        self.command("docmanager:save")
        return nbformat.read(self.path, as_version=4)


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    """Until the server answers. Raises MissingTool with the end of its log when it does not."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"{address}/api", timeout=2):
            return
        time.sleep(0.2)
    tail = " | ".join(log.read_text(errors="replace").splitlines()[-5:])
    raise MissingTool(f"JupyterLab did not answer on {address} within {START_SECONDS} s; its last lines: {tail}")
