"""What Sphinx learns for the book: cards in place of widget views, and formulas as MathML, which needs no script."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.errors import SphinxError

from featherweight.authoring.site.shown import shown
from featherweight.errors import LessonError

__all__ = ["mathml", "setup"]

SAME = (
    (re.compile(r"\\dots\b"), r"\\ldots"),
    (re.compile("½"), r"\\tfrac{1}{2}"),
    (re.compile(r"\\([td]?frac)\s*(\d)\s*(\d)"), r"\\\1{\2}{\3}"),
)
"""What our formulas use and docutils does not read as TeX does → the same in its words."""
SEVERAL_DIGITS = re.compile(r"[_^]\d\d")


class PageProblem(SphinxError):
    """Something on a page that cannot be shown. Sphinx prints it as it is, without a traceback."""

    category = "featherweight"


def setup(app) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", _live_cards)
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def mathml(tex: str, where: str, *, block: bool) -> str:
    """A formula in LaTeX as MathML. Raises PageProblem that names the formula and its place."""
    words = tex
    for ours, theirs in SAME:
        words = ours.sub(theirs, words)
    if SEVERAL_DIGITS.search(words):
        raise PageProblem(f"{where}: got the formula {tex!r}; TeX raises or lowers its first digit only: use braces.")
    try:
        return tex2mathml(words, as_block=block)
    except MathError as problem:
        raise PageProblem(f"{where}: got the formula {tex!r}: {problem} Write it another way.") from None


def _live_cards(app, docname: str, source: list[str]) -> None:
    """Before myst-nb reads an executed notebook: what the site shows of it."""
    if Path(app.env.doc2path(docname)).suffix != ".ipynb":
        return
    try:
        source[0] = nbformat.writes(shown(docname, nbformat.reads(source[0], as_version=4)))
    except LessonError as problem:
        raise PageProblem(str(problem)) from None


def _inline(translator, node: nodes.math) -> None:
    translator.body.append(mathml(node.astext(), _place(translator, node), block=False))
    raise nodes.SkipNode


def _block(translator, node: nodes.math_block) -> None:
    formula = mathml(node.astext(), _place(translator, node), block=True)
    translator.body.append(f'<div class="fw-formula">{formula}</div>\n')
    raise nodes.SkipNode


def _place(translator, node: nodes.Node) -> str:
    return f"{translator.builder.current_docname}, line {node.line}"
