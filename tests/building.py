"""Build the project's distributions, and run what is in them away from this checkout. Tests read it with runpy."""

import os
import subprocess
import sys
from pathlib import Path


def build(source: Path, out: Path, *which: str) -> Path:
    """Build a distribution, with what is installed here and no network; returns its file."""
    command = [sys.executable, "-m", "build", "--no-isolation", *which, "--outdir", str(out), str(source)]
    done = subprocess.run(command, env=alone(out), capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = out.glob("*.whl" if "--wheel" in which else "*.tar.gz")
    return made


def alone(home: Path, **more: str) -> dict[str, str]:
    """An environment that knows of neither this checkout nor the user's settings."""
    kept = {"PATH", "LANG", "SYSTEMROOT", "TMPDIR"}
    return {name: value for name, value in os.environ.items() if name in kept} | {"HOME": str(home)} | more
