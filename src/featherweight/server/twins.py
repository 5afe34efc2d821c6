"""Open a workbook whichever of its two files, .ipynb or .py, is newer, and lose nothing of either."""

from pathlib import Path

from jupytext import AsyncTextFileContentsManager

from featherweight.errors import FeatherweightError

__all__ = ["TwinContentsManager"]


class TwinContentsManager(AsyncTextFileContentsManager):
    """Jupytext's contents manager, with the two files of a pair brought in step before they are opened.

    Jupytext alone takes the code from the .py file, and refuses to open a pair whose .ipynb is newer and differs.
    """

    async def get(self, path, content=True, type=None, **options):
        if content and type in (None, "notebook"):
            self._bring_in_step(Path(self._get_os_path(path)))
        return await super().get(path, content=content, type=type, **options)

    def _bring_in_step(self, opened: Path) -> None:
        notebook, script = opened.with_suffix(".ipynb"), opened.with_suffix(".py")
        if opened.suffix not in (".ipynb", ".py") or not (notebook.is_file() and script.is_file()):
            return
        from featherweight.exercises.workbook import reconcile  # here, since it loads torch: Lab is to answer first

        try:
            done = reconcile(notebook)
        except FeatherweightError as problem:
            self.log.error("%s", problem)
        else:
            if done:
                self.log.warning("%s", done)
