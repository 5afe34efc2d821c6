"""What a command used is seen while it runs; one that fails is no measurement."""

import os
import subprocess

import pytest

from featherweight.bench import watch
from featherweight.bench.watch import watched
from featherweight.errors import FeatherweightError

pytestmark = pytest.mark.slow
BUSY = (
    "import time\nend = time.process_time() + 0.6\nheld = bytearray(60 * 2**20)\nwhile time.process_time() < end: pass"
)


def test_processors_and_memory_of_a_command_are_seen(tmp_path):
    (tmp_path / "busy.py").write_text(BUSY)
    used = watched(["busy"], cwd=tmp_path)
    assert used.seconds >= 0.6 and 0.3 < used.cpu <= used.seconds + 0.1
    assert 60 * 2**20 < used.peak < 200 * 2**20


def test_processors_of_what_it_starts_are_seen_and_their_memory_is_not(tmp_path):
    (tmp_path / "busy.py").write_text(BUSY)
    (tmp_path / "starts.py").write_text(
        "import subprocess, sys\nsubprocess.run([sys.executable, 'busy.py'], check=True)"
    )
    used = watched(["starts"], cwd=tmp_path)
    assert used.cpu > 0.3 and used.peak < 60 * 2**20


def test_a_peak_outlives_its_process(monkeypatch):
    held, peaks = iter([70, 90, 0]), {}
    monkeypatch.setattr(watch, "_peak", lambda process: next(held) if process.pid == os.getpid() else 1)
    for _ in range(3):
        watch._look(os.getpid(), {}, peaks)
    assert peaks[os.getpid()] == 90


def test_a_command_that_fails_is_named():
    with pytest.raises(FeatherweightError, match=r"`json\.tool none\.json` ended with status"):
        watched(["json.tool", "none.json"])


def test_a_command_that_hangs_is_ended(tmp_path):
    (tmp_path / "hangs.py").write_text("import time\ntime.sleep(60)")
    with pytest.raises(subprocess.TimeoutExpired):
        watched(["hangs"], timeout=0.3, cwd=tmp_path)
