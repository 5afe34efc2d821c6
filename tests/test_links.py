"""Every link of every page leads somewhere: to a file and heading of the project, or by https to a host."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.anchors import anchors_plugin

from featherweight.authoring import lesson

ROOT = Path(__file__).parents[1]
PARSER = MarkdownIt("commonmark").enable("table").use(anchors_plugin, max_level=6)
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
BARE = re.compile(r"\b(?:\w+://|www\.)\S+|\b[a-z0-9][a-z0-9.-]*\.(?:com|dev|edu|io|net|org)(?:/\S+|(?![\w-]|\.\w))")
OURS = re.compile(r"(?:/main/|%2F|/tree/)(?P<path>notebooks/\w+\.ipynb)")


def tokens(markdown: str) -> list:
    """All tokens of a page, inline ones too, in their order."""
    return [one for token in PARSER.parse(markdown) for one in (token, *(token.children or ()))]


def links(markdown: str) -> list[str]:
    """Where the links and pictures of a page lead, raw HTML's too."""
    found = []
    for token in tokens(markdown):
        found += [token.attrs[key] for key in ("href", "src") if key in token.attrs]
        if token.type in ("html_block", "html_inline"):
            found += re.findall(r"""(?:href|src)=["']([^"']+)""", token.content)
    return found


def anchors(markdown: str) -> set[str]:
    """What follows the # in a link to a heading of the page."""
    return {token.attrs["id"] for token in tokens(markdown) if token.type == "heading_open"}


def bare(markdown: str) -> Iterator[str]:
    """Addresses that stand in the text of a page and are no links."""
    inside = 0
    for token in tokens(markdown):
        inside += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "text" and not inside:
            yield from BARE.findall(token.content)


def problems(markdown: str, folder: Path) -> list[str]:
    """What is wrong with the links of a page in `folder`, a line each. Empty: nothing."""
    found = [f"{address}: is no link" for address in bare(markdown)]
    for link in links(markdown):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            found += [f"{link}: {problem}" for problem in _outside(link)]
        else:
            page = folder / unquote(parts.path)
            if not page.exists() or ROOT not in (page.resolve(), *page.resolve().parents):
                found.append(f"{link}: there is no such file")
            elif parts.fragment and unquote(parts.fragment) not in _headings(page if parts.path else markdown):
                found.append(f"{link}: there is no such heading")
    return found


def _outside(link: str) -> Iterator[str]:
    parts = urlsplit(link)
    if parts.scheme != "https" or not HOST.fullmatch(parts.netloc):
        yield "wanted https and a host"
    for match in OURS.finditer(link):
        if not (ROOT / match["path"]).exists():
            yield f"there is no {match['path']}"


def _headings(page: Path | str) -> set[str]:
    if isinstance(page, str):
        return anchors(page)
    return anchors(page.read_text(encoding="utf-8")) if page.suffix == ".md" else set()


def pages() -> dict[str, tuple[str, Path]]:
    """Every Markdown file of the project and every lesson's prose: name → (text, the folder its links start from)."""
    listed = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    names = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.splitlines()
    paths = [path for name in names if (path := ROOT / name).exists()]
    files = {str(path.relative_to(ROOT)): (path.read_text(encoding="utf-8"), path.parent) for path in paths}
    for path in sorted((ROOT / "solutions").glob("*.py")):
        cells = [cell.source for cell in lesson.read(path).cells if cell.kind == "markdown"]
        files[path.name] = ("\n\n".join(cells), ROOT / "notebooks")
    return files


PAGES = pages()


def test_all_pages_are_read():
    assert {"README.md", "GRADING.md", "CONTRIBUTING.md", "13_championship.py"} <= PAGES.keys()
    assert all(links(PAGES[name][0]) for name in ("README.md", "GRADING.md", "04_modern_optimizers.py"))


@pytest.mark.parametrize("name", PAGES)
def test_its_links_lead_somewhere(name):
    assert problems(*PAGES[name]) == []


def test_lessons_that_a_lesson_names_exist():
    last = max(int(name[:2]) for name in PAGES if name.endswith(".py"))
    for name, (text, _) in PAGES.items():
        named = {int(number) for number in re.findall(r"\b[Ll]essons? (\d+)", text)}
        assert not {number for number in named if not 1 <= number <= last}, name


BROKEN = {
    "no file": ("[a](solutions/99_none.ipynb)", "solutions/99_none.ipynb: there is no such file"),
    "no picture": ("![a](none.png)", "none.png: there is no such file"),
    "no file in HTML": ('<img src="none.png">', "none.png: there is no such file"),
    "no file by reference": ("[a][b]\n\n[b]: none.md", "none.md: there is no such file"),
    "no file in a table": ("|a|\n|---|\n|[a](none.md)|", "none.md: there is no such file"),
    "outside of the project": ("[a](../README.md)", "../README.md: there is no such file"),
    "no heading": ("# Here\n\n[a](#there)", "#there: there is no such heading"),
    "no heading of another page": ("[a](GRADING.md#nowhere)", "GRADING.md#nowhere: there is no such heading"),
    "no https": ("[a](http://example.org)", "http://example.org: wanted https and a host"),
    "no host": ("[a](https://example)", "https://example: wanted https and a host"),
    "two hosts": ("[a](https://https://example.org)", "wanted https and a host"),
    "another scheme": ("[a](ftp://example.org/a)", "wanted https and a host"),
    "a file of one machine": ("[a](file:///tmp)", "file:///tmp): is no link"),
    "no lesson": (
        "[a](https://colab.research.google.com/github/a/b/blob/main/notebooks/99_none.ipynb)",
        "there is no notebooks/99_none.ipynb",
    ),
    "bare": ("See example.org/page for more.", "example.org/page: is no link"),
    "bare with a scheme": ("See https://example.org/page.", "is no link"),
    "bare host": ("See www.example.org, or not.", "is no link"),
    "bare at the end": ("See example.org", "example.org: is no link"),
    "bare in a table": ("|a|\n|---|\n|example.org|", "example.org: is no link"),
}


@pytest.mark.parametrize(("markdown", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_link_is_found(markdown, said):
    assert said in "\n".join(problems(markdown, ROOT))


def test_good_links_pass():
    markdown = (
        "# Where to `go`?\n\n[a](#where-to-go) [b](README.md) [c](notebooks) <https://example.org>\n"
        "[example.org](https://example.org/a?b=c#d) `example.org/x` 3.5 e.g. torch.nn ![](.github/pictures/ravine.png)"
        "\n\n```\npip install https://example.org\n```\n"
    )
    assert problems(markdown, ROOT) == []
