"""`make site`: execute what changed, lay out the pages, let Sphinx write them, and look for what they would load."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import metadata
from pathlib import Path

from featherweight.authoring.site.check import external_requests
from featherweight.authoring.site.copies import copies, solved_notebooks
from featherweight.authoring.site.pages import front_page, markdown_pages, pointed_at_site
from featherweight.errors import FileProblem, LessonError, MissingTool
from featherweight.runtime import write_atomically

__all__ = ["WORK", "build_site", "lay_out", "write_pages"]

WORK = Path("build") / "site-work"
"""Below the project: executed copies, the pages as Sphinx reads them, and what Sphinx remembers."""
MARK = ".buildinfo"
SPHINX_SECONDS = 600
TOOLS = ("sphinx", "myst_nb", "sphinx_book_theme")


def build_site(root: Path, out: Path, lessons: Iterable[int] = (), report: Callable[[str], None] = print) -> Path:
    """Build the site of `lessons`, all by default, into `out`; return its first page.

    Raises MissingTool without Sphinx, FileProblem where `out` holds something else, and LessonError for a cell that
    fails, a card that cannot be shown, a warning of Sphinx, or a page that loads something from another machine.
    """
    if missing := [name for name in TOOLS if importlib.util.find_spec(name) is None]:
        raise MissingTool(f"The site needs {', '.join(missing)}, not installed here: pip install -e '.[dev]'.")
    _refuse_to_overwrite(out)
    work = root / WORK
    executed = copies(solved_notebooks(root, lessons), work / "executed", report)
    lay_out(root, work / "source", executed)
    report(f"{len(executed)} lessons: writing pages …")
    write_pages(work / "source", out, work / "doctrees")
    if found := list(external_requests(out)):
        raise LessonError(f"The site loads from elsewhere; wanted everything inside it: {'; '.join(found[:5])}.")
    return out / "index.html"


def lay_out(root: Path, source: Path, executed: dict[str, Path]) -> None:
    """Write what Sphinx reads into `source`, which is emptied first: the copies of the lessons and the other pages."""
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for name, path in executed.items():
        shutil.copyfile(path, source / f"{name}.ipynb")
    pages = markdown_pages(root)
    texts = {page: (root / name).read_text(encoding="utf-8") for name, page in pages.items()}
    texts["index"] = front_page((root / "README.md").read_text(encoding="utf-8"), executed, pages)
    for page, text in texts.items():
        moved = pointed_at_site(text, lambda path: _place(root, source, path, executed, pages))
        write_atomically(source / f"{page}.md", moved)


def write_pages(source: Path, out: Path, doctrees: Path) -> None:
    """Let Sphinx write `out` from `source`, in a process of its own. Raises LessonError with its complaints."""
    _refuse_to_overwrite(out)
    for folder in (out, doctrees):
        shutil.rmtree(folder, ignore_errors=True)
    options = ["-b", "html", "-q", "-E", "-W", "--keep-going", "-c", str(Path(__file__).parent), "-d", str(doctrees)]
    command = [sys.executable, "-m", "sphinx", *options, str(source), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SPHINX_SECONDS)
    if done.returncode or done.stderr.strip():
        plain = re.sub(r"\x1b\[[0-9;]*m", "", done.stderr)  # colours, where the environment forces them
        lines = [line.replace(f"{source}/", "") for line in plain.splitlines() if line.strip()]
        raise LessonError(f"Sphinx did not accept the pages: {' | '.join(lines[:10])}")
    for page in out.glob("*.html"):
        write_atomically(page, page.read_text(encoding="utf-8").replace(' data-theme="auto"', "", 1))


def _refuse_to_overwrite(out: Path) -> None:
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).exists())):
        raise FileProblem(
            f"{out} holds something that is no site; wanted an empty or new folder: choose another --out."
        )


def _place(root: Path, source: Path, path: str, executed: dict[str, Path], pages: dict[str, str]) -> str:
    """Where a path of the repository is on the site; a picture is taken along, and the rest stays in the repository."""
    target = Path(path)
    if target.suffix == ".ipynb" and target.stem in executed:
        return target.name
    if path == "README.md":
        return "index.md"
    if path in pages:
        return f"{pages[path]}.md"
    if target.suffix == ".png":
        shutil.copyfile(root / target, source / target.name)
        return target.name
    urls = dict(link.split(", ") for link in metadata("featherweight").get_all("Project-URL"))
    return f"{urls['Repository']}/{'tree' if (root / target).is_dir() else 'blob'}/main/{path.strip('/')}"
