"""The book's settings for Jupyter Server and JupyterLab; read through JUPYTER_CONFIG_PATH, never copied to a home."""

from pathlib import Path

c = get_config()  # noqa: F821

LESSON_1 = "01_gradient_descent.ipynb"
folder = "" if Path(LESSON_1).is_file() else "notebooks/"

c.LabApp.default_url = f"/lab/tree/{folder}{LESSON_1}"
c.LabApp.extension_manager = "readonly"
c.LabApp.news_url = None

c.ServerApp.contents_manager_class = "featherweight.server.twins.TwinContentsManager"
c.ContentsManager.pre_save_hook = "featherweight.server.saving.strip_widget_views"
c.ContentsManager.hide_globs = [
    "__pycache__",
    "*.pyc",
    "*.pyo",
    ".DS_Store",
    "*~",
    "*.egg-info",
    "build",
    "dist",
    "generated.json",
]
c.LanguageServerManager.autodetect = False
c.ServerApp.jpserver_extensions = {
    "nbgrader.server_extensions.assignment_list": False,
    "nbgrader.server_extensions.course_list": False,
    "nbgrader.server_extensions.formgrader": False,
    "nbgrader.server_extensions.validate_assignment": False,
    "notebook": False,
}
