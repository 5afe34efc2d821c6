"""What Sphinx learns for the book: cards in place of widget views, and formulas as MathML, which needs no script."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from nbformat import v4
from sphinx.util import logging

from featherweight.authoring.site.shown import shown
from featherweight.errors import LessonError

__all__ = ["mathml", "setup"]

SAME = (
    (re.compile(r"\\dots\b"), r"\\ldots"),
    (re.compile("½"), r"\\tfrac{1}{2}"),
    (re.compile(r"\\([td]?frac)\s*(\d)\s*(\d)"), r"\\\1{\2}{\3}"),
)
"""What our formulas use and docutils does not read as TeX does → the same in its words."""
LOGGER = logging.getLogger(__name__)
SEVERAL_DIGITS = re.compile(r"[_^]\d\d")


def setup(app) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", _live_cards)
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def mathml(tex: str, where: str, *, block: bool) -> str:
    """A formula in LaTeX as MathML. Raises LessonError that names the formula and its place."""
    words = tex
    for ours, theirs in SAME:
        words = ours.sub(theirs, words)
    if SEVERAL_DIGITS.search(words):
        raise LessonError(f"{where}: got the formula {tex!r}; TeX raises or lowers its first digit only: use braces.")
    try:
        return tex2mathml(words, as_block=block)
    except MathError as problem:
        raise LessonError(f"{where}: got the formula {tex!r}: {problem} Write it another way.") from None


def _live_cards(app, docname: str, source: list[str]) -> None:
    """Before myst-nb reads an executed notebook: what the site shows of it. A logged problem fails the build."""
    if Path(app.env.doc2path(docname)).suffix != ".ipynb":
        return
    try:
        notebook = shown(docname, nbformat.reads(source[0], as_version=4))
    except LessonError as problem:
        LOGGER.error("%s", problem)
        notebook = v4.new_notebook(cells=[v4.new_markdown_cell(f"# {docname}")])
    source[0] = nbformat.writes(notebook)


def _inline(translator, node: nodes.math) -> None:
    translator.body.append(_formula(translator, node, block=False))
    raise nodes.SkipNode


def _block(translator, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="fw-formula">{_formula(translator, node, block=True)}</div>\n')
    raise nodes.SkipNode


def _formula(translator, node: nodes.Node, *, block: bool) -> str:
    """MathML of a node. A problem is logged, and fails the build."""
    try:
        return mathml(node.astext(), translator.builder.current_docname, block=block)
    except LessonError as problem:
        LOGGER.error("%s", problem)
        return ""
