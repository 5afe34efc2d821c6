"""Open a workbook whichever of its two files, .ipynb or .py, is newer, and lose nothing of either."""

import json
from pathlib import Path, PurePosixPath

from jupytext import AsyncTextFileContentsManager

from featherweight.errors import FeatherweightError

__all__ = ["TwinContentsManager", "are_twins"]

PAIRING = "ipynb,py:percent"
HEADER_LINES = 20


def are_twins(notebook: Path, script: Path) -> bool:
    """True when both files exist and one of them says that they are a Jupytext pair.

    A solved notebook and its lesson source share a name, and are no pair: neither may be written from the other.
    """
    if not (notebook.is_file() and script.is_file()):
        return False
    header = script.read_text(encoding="utf-8", errors="replace").splitlines()[:HEADER_LINES]
    if any(line.startswith("#") and line.endswith(f"formats: {PAIRING}") for line in header):
        return True
    try:
        return json.loads(notebook.read_bytes())["metadata"]["jupytext"]["formats"] == PAIRING
    except (ValueError, KeyError, TypeError):
        return False


class TwinContentsManager(AsyncTextFileContentsManager):
    """Jupytext's contents manager, with the two files of a pair brought in step before they are opened.

    Jupytext alone takes the code from the .py file, and refuses to open a pair whose .ipynb is newer and differs.
    The cells of a pair in step come from the .ipynb, which holds any text: a .py file read back makes one cell of all
    that follows an unfinished triple quote, and two of one with a `# %%` in it.
    """

    async def get(self, path, content=True, type=None, **options):
        wanted = content and type in (None, "notebook") and path.endswith((".ipynb", ".py"))
        if wanted and self._bring_in_step(Path(self._get_os_path(path))):
            return await self._get_pair(path, **options)
        return await super().get(path, content=content, type=type, **options)

    async def _get_pair(self, path: str, **options) -> dict:
        """A pair in step, under the name that was asked for, with the cells of its .ipynb."""
        self.update_paired_notebooks(path.strip("/"), PAIRING)
        model = await super().get(path, content=False, type="notebook", **options)
        notebook = str(PurePosixPath(path).with_suffix(".ipynb"))
        whole = await super().get(notebook, type="notebook", load_alternative_format=False)
        return model | {"content": whole["content"], "format": "json", "mimetype": None}

    def _bring_in_step(self, opened: Path) -> bool:
        """Whether the two files of a pair now say the same."""
        notebook, script = opened.with_suffix(".ipynb"), opened.with_suffix(".py")
        if not are_twins(notebook, script):
            return False
        from featherweight.exercises.reconcile import reconcile  # here, since it loads torch: Lab is to answer first

        try:
            done = reconcile(notebook)
        except FeatherweightError as problem:
            self.log.error("%s", problem)
            return False
        if done:
            self.log.warning("%s", done)
        return True
