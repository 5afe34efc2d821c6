"""Make `.venv` for `make lab` and `make test`. Standard library only: it runs before anything is installed.

    python3 -I src/featherweight/setup_environment.py lab     the package and what it needs
    python3 -I src/featherweight/setup_environment.py test    the tools of the tests as well

TORCH=cuda takes the torch that pip would take by itself; otherwise Linux without an NVIDIA GPU gets the CPU build.
CONSTRAINTS= (empty) takes today's versions instead of those that constraints.txt pins.
An unfinished set-up (a file `.venv/unfinished` is left) starts afresh the next time.
"""

import os
import shutil
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

__all__ = ["build_environment", "extra_index", "main", "refusal"]

CPU_WHEELS = "https://download.pytorch.org/whl/cpu"
OLDEST = (3, 11)
WANTED = {"lab": ".", "test": ".[dev]"}


def refusal(version):
    """One line for a Python that is too old (`version` = (major, minor)), or None."""
    if tuple(version) >= OLDEST:
        return None
    got, wanted = (".".join(map(str, numbers)) for numbers in (version, OLDEST))
    return f"Python {got} is too old; {wanted} or newer is wanted: install it and run `make lab PYTHON=python{wanted}`."


def answers(address, seconds):
    """True when a web server answers at `address` within `seconds`, name look-up included."""
    replies = []

    def ask():
        try:
            urllib.request.urlopen(address, timeout=seconds).close()
            replies.append(True)
        except OSError:
            pass

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    return bool(replies)


def has_nvidia_gpu():
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def extra_index(choice, platform, gpu, is_reachable=answers):
    """pip's options for torch: the CPU wheels on a Linux machine without a GPU, where their index answers in 3 s."""
    if choice == "cuda" or not platform.startswith("linux") or gpu or not is_reachable(f"{CPU_WHEELS}/torch/", 3):
        return []
    return ["--extra-index-url", CPU_WHEELS]


def python_in(folder):
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def version_of(python):
    """(major, minor) of an environment's Python when its pip works too, else None."""
    try:
        code = "import pip, sys; print(*sys.version_info[:2])"
        answer = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(int(number) for number in answer.split())


def prepare(folder):
    """Leave an environment with a working pip in `folder`, marked unfinished. Raises SystemExit for an old Python."""
    unfinished = folder / "unfinished"
    version = None if unfinished.exists() else version_of(python_in(folder))
    if version and refusal(version):
        raise SystemExit(f"{folder}: {refusal(version)} Remove {folder} first.")
    if version is None and folder.exists():
        print(f"{folder} is not complete; starting afresh.", flush=True)
        shutil.rmtree(folder)
    folder.mkdir(exist_ok=True)
    unfinished.touch()
    if version is None:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return unfinished


def build_environment(root, purpose):
    """Install the package of the folder `root` for `purpose` ("lab" or "test") and say which torch it got."""
    unfinished = prepare(root / ".venv")
    python = str(python_in(root / ".venv"))
    index = extra_index(os.environ.get("TORCH", ""), sys.platform, has_nvidia_gpu())
    print(f"Installing featherweight for `make {purpose}` (a few minutes the first time) ...", flush=True)
    pins = os.environ.get("CONSTRAINTS", "constraints.txt")
    options = ["-qq", "--disable-pip-version-check", *(["--constraint", pins] if pins else []), *index]
    subprocess.run([python, "-m", "pip", "install", *options, "-e", WANTED[purpose]], check=True, cwd=root)
    report = "import torch; print('torch', torch.__version__, '(CUDA build)' if torch.version.cuda else '(CPU build)')"
    subprocess.run([python, "-c", report], check=True)
    unfinished.unlink()


def main(arguments):
    """Run one set-up; returns the exit status."""
    if refusal(sys.version_info[:2]):
        print(refusal(sys.version_info[:2]), file=sys.stderr)
        return 2
    if len(arguments) != 1 or arguments[0] not in WANTED:
        print(f"Say what to set up for: {' or '.join(WANTED)}.", file=sys.stderr)
        return 2
    try:
        build_environment(Path(__file__).resolve().parents[2], arguments[0])
    except subprocess.CalledProcessError as problem:
        print(f"The set-up stopped at `{' '.join(problem.cmd[1:4])}` (see above). Run make again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("The set-up was interrupted; the next `make` starts afresh.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
