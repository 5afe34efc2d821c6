"""The bar is for who watches; anybody else gets clean output."""

import io
import sys
import time

from featherweight.artifact.compress import progress
from featherweight.artifact.compress.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_nobody_watches(capsys):
    with Progress(10, shown=True) as bar:
        bar.tell("90% zeros")
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_somebody_watches(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with Progress(10, shown=True) as bar:
        bar.tell("90% zeros: 97.0% in 1,234 bytes")
    assert "90% zeros: 97.0% in 1,234 bytes\n" in screen.getvalue()
    assert "of at most 00:10" in screen.getvalue()


def test_the_bar_moves_while_nothing_is_told(monkeypatch):
    """Minutes may lie between two lines; planted: a bar whose clock stands still."""
    screen, drawn = Terminal(), []
    monkeypatch.setattr(sys, "stderr", screen)
    for tick in (0.02, 60.0):
        monkeypatch.setattr(progress, "TICK", tick)
        with Progress(10, shown=True) as bar:
            bar.started -= 4
            start = len(screen.getvalue())
            time.sleep(0.2)
            drawn.append(screen.getvalue()[start:])
    assert "of at most 00:10" in drawn[0]
    assert drawn[1] == ""
    assert not bar.clock.is_alive()


def test_it_can_be_turned_off(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with Progress(10, shown=False) as bar:
        bar.tell("90% zeros")
    assert screen.getvalue() == ""
