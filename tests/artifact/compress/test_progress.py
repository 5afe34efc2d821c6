"""The bar is for who watches; anybody else gets clean output."""

import io
import sys

from featherweight.artifact.compress.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_nobody_watches(capsys):
    with Progress(10, shown=True) as bar:
        bar.tell("90 % zeros")
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_somebody_watches(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with Progress(10, shown=True) as bar:
        bar.tell("90 % zeros: 97.0 % in 1,234 bytes")
    assert "90 % zeros: 97.0 % in 1,234 bytes\n" in screen.getvalue()
    assert "of at most 10 s" in screen.getvalue()


def test_it_can_be_turned_off(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with Progress(10, shown=False) as bar:
        bar.tell("90 % zeros")
    assert screen.getvalue() == ""
