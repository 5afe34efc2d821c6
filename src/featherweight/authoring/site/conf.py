"""Sphinx's settings for the book. No address outside the site is asked for anything: see `check.py`."""

from importlib.metadata import metadata

about = metadata("featherweight")
repository = dict(link.split(", ") for link in about.get_all("Project-URL"))["Repository"]

project = html_title = "featherweight"
author = "The featherweight authors"
copyright = "the featherweight authors. Text and pictures: CC BY 4.0; code: MIT"
version = release = about["Version"]
language = "en"

extensions = ["myst_nb", "featherweight.authoring.site.extension"]
nb_execution_mode = "off"
nb_merge_streams = True
nb_ipywidgets_js = {}
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
html_math_renderer = "mathml"

html_theme = "sphinx_book_theme"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_context = {"default_mode": "auto"}
html_theme_options = {
    "repository_url": repository,
    "repository_branch": "main",
    "path_to_docs": "notebooks",
    "launch_buttons": {
        "binderhub_url": "https://mybinder.org",
        "colab_url": "https://colab.research.google.com",
        "notebook_interface": "jupyterlab",
    },
    "use_repository_button": True,
    "use_download_button": False,
    "home_page_in_toc": True,
    "navbar_persistent": [],  # the side bar has the search
    "show_toc_level": 2,
    "toc_title": "On this page",
}
