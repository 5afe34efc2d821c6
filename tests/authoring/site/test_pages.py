"""The front page and where its links lead."""

from pathlib import Path

import pytest

from featherweight.authoring.site.pages import PAGES, front_page, markdown_pages, pointed_at_site

ROOT = Path(__file__).parents[3]
README = "\n\n".join(
    ["# it", "[![badge](https://b)](https://c)", "## Lessons", "one", "## For contributors", "no", "## End", "last"]
)


def test_the_front_page_has_no_badges_nothing_for_contributors_and_a_table_of_contents():
    page = front_page(README, ["01_a", "02_b"], {"GRADING.md": "grading", "GLOSSARY.md": "glossary"})
    assert "badge" not in page and "contributors" not in page and "last" in page
    assert ":caption: Lessons\n\n01_a\n02_b\n```" in page
    assert page.index(":caption: Reference\n\nglossary\n") < page.index(":caption: For instructors\n\ngrading\n")


def test_a_part_without_pages_has_no_caption():
    assert "Reference" not in front_page(README, ["01_a"], {})


def test_pages_are_those_that_exist(tmp_path):
    for name in ("GLOSSARY.md", "GRADING.md", "NEWS.md"):
        (tmp_path / name).touch()
    assert markdown_pages(tmp_path) == {"GLOSSARY.md": "glossary", "GRADING.md": "grading"}
    assert set(markdown_pages(ROOT)) <= set(PAGES)


@pytest.mark.parametrize(
    ("link", "moved"),
    [
        ("[one](notebooks/01_a.ipynb)", "[one](<notebooks/01_a.ipynb>)"),
        ("[part](GRADING.md#how)", "[part](<GRADING.md>#how)"),
        ("![alt](.github/x.png)", "![alt](<.github/x.png>)"),
        ("[here](#start)", "[here](#start)"),
        ("[far](https://example.org/x)", "[far](https://example.org/x)"),
        ("[post](mailto:x@example.org)", "[post](mailto:x@example.org)"),
        ("`a[0](b)`", "`a[0](b)`"),
        ("```py\nf[0](x)\n```", "```py\nf[0](x)\n```"),
    ],
)
def test_links_inside_the_repository_move(link, moved):
    assert pointed_at_site(link, lambda path: f"<{path}>") == moved
