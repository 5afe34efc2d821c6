"""The import ladder: a rung imports only from itself and the rungs above it; the top ones stay light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "featherweight"
RUNGS = (
    ("errors", "markup", "runtime", "setup_environment"),
    ("optimizers",),
    ("compression",),
    ("lab", "artifact"),
    ("exercises",),
    ("widgets",),
    ("authoring",),
    ("grading",),
    ("export",),
    ("bench", "doctor", "server"),
    ("cli",),
    ("__main__",),
)
HEIGHT = {name: height for height, rung in enumerate(RUNGS) for name in rung}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem != "__init__")


def imported(source: str) -> set[str]:
    """The parts of featherweight that a module imports, at its top or inside a function."""
    parts = set()
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module] if node.module != "featherweight" else [f"featherweight.{name}" for name in names]
        parts |= {name.split(".")[1] for name in names if name.startswith("featherweight.")}
    return parts


def climbers(part: str, source: str) -> set[str]:
    """What a module of `part` must not import."""
    return {other for other in imported(source) if HEIGHT.get(other, len(RUNGS)) > HEIGHT[part]}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module_imports_only_from_rungs_above(path):
    part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert part in HEIGHT, f"{part} has no place on the ladder: give it one in tests/test_ladder.py"
    assert climbers(part, path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    "source",
    [
        "from featherweight.exercises import catalogue",
        "import featherweight.widgets.card",
        "from featherweight import runtime, cli",
        "def late():\n    from featherweight.authoring.build import build",
        "from featherweight import check",
    ],
)
def test_a_module_that_reaches_down_is_caught(source):
    assert climbers("lab", source)


LIGHT = ("", ".exercises", ".cli", ".server.launch", ".server.twins", ".server.saving")


def heavy(module: str) -> str:
    """Which of the slow packages a fresh Python has loaded after importing `module`."""
    code = f"import sys, {module}; print([name for name in ('torch', 'matplotlib', 'numpy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("module", LIGHT)
def test_what_starts_a_command_or_lab_is_light(module):
    assert heavy(f"featherweight{module}") == "[]"


@pytest.mark.slow
def test_a_heavy_import_is_seen():
    assert "torch" in heavy("featherweight.optimizers.descent")
