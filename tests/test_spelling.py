"""codespell, as `pyproject.toml` sets it, reads every kind of file that people read."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "codespell_lib"]
MISSPELT = "re" + "cieve"  # in two parts: this file is read as well
READ = {
    "a lesson": ("solutions/14_new.py", "# %% [markdown]\n# You {} a gradient.\n"),
    "a workbook": ("notebooks/14_new.py", "# You {} a gradient.\n"),
    "hints, explanations, verdicts": ("src/featherweight/exercises/lesson_14.py", 'says = "You {} it."\n'),
    "a docstring": ("src/featherweight/new.py", '"""What you {}."""\n'),
    "a page's template": ("src/featherweight/grading/new.html.j2", "<p>You {} it.</p>\n"),
    "a text's template": ("src/featherweight/grading/new.md.j2", "You {} it.\n"),
    "a widget's script": ("src/featherweight/widgets/new.js", '"You {} it";\n'),
    "a style sheet": ("src/featherweight/widgets/new.css", "/* what you {} */\n"),
    "a page": ("NEW.md", "You {} it.\n"),
    "a workflow": (".github/workflows/new.yml", "# You {} it.\n"),
    "a script of the workflows": (".ci/new", "# You {} it.\n"),
    "a script of Binder": ("binder/new", "# You {} it.\n"),
    "settings": ("new.toml", "# You {} it.\n"),
    "a test": ("tests/test_new.py", "# You {} it.\n"),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, list[str]]:
    """What codespell says of each file of a small project in which every file has one fault."""
    root = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "pyproject.toml", root)
    for name, text in READ.values():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.format(MISSPELT), encoding="utf-8")
    (root / "fine.py").write_text("# You receive it.\n", encoding="utf-8")
    done = subprocess.run(COMMAND, check=False, cwd=root, capture_output=True, text=True)
    assert not done.stderr
    names = {name: [] for name, _ in READ.values()} | {"fine.py": []}
    for line in done.stdout.splitlines():
        names[line.partition(":")[0].removeprefix("./")].append(line)
    return names


@pytest.mark.parametrize("name", [name for name, _ in READ.values()], ids=READ)
def test_a_misspelling_is_found(found, name):
    assert [f"{MISSPELT} ==> receive" in line for line in found[name]] == [True]


def test_what_is_spelt_right_is_left_alone(found):
    assert found["fine.py"] == []


def test_the_project_has_files_of_these_kinds():
    suffixes = {Path(name).suffix for name, _ in READ.values()}
    for suffix in suffixes - {""}:
        assert any(
            path.suffix == suffix for folder in ("src", ".github") for path in (ROOT / folder).rglob("*")
        ) or any(ROOT.glob(f"*{suffix}")), suffix
