"""What the driver of browser tests says when it cannot start."""

import subprocess
import sys

import pytest

from featherweight.bench import browser
from featherweight.errors import MissingTool


def test_no_browser(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingTool, match=r"Found no browser; wanted one of chromium, .*: install one"):
        browser.find_browser()


def test_server_that_ends_at_once_is_reported_with_its_last_lines(tmp_path):
    log = tmp_path / "log"
    log.write_text("one\ntwo\n", encoding="utf-8")
    server = subprocess.Popen([sys.executable, "-c", ""])
    server.wait(30)
    with pytest.raises(MissingTool, match=r"did not answer on http://127\.0\.0\.1:9 .* last lines: one \| two"):
        browser._wait_for("http://127.0.0.1:9", server, log)
