"""The whole way from executed copies to pages, on a lesson small enough for a test, and every way it must fail."""

import nbformat
import pytest

from featherweight.authoring.site import build
from featherweight.authoring.site.shown import NEEDS_KERNEL
from featherweight.errors import FileProblem, LessonError, MissingTool

README = """# small

Read [lesson 1](notebooks/01_slopes.ipynb), [lesson 2](notebooks/02_no.ipynb), [the licence](LICENSE) and
[the code](src/). See [grading](GRADING.md#how).

![a dot](.github/pictures/dot.png)
"""
DOT = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")


@pytest.fixture
def project(tmp_path, lesson, monkeypatch):
    """A clone with one executed lesson; `save()` writes the lesson as it is now."""
    for name in ("src", ".github/pictures", "executed"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    (tmp_path / "GRADING.md").write_text("# Grading\n\n## How\n\nBack to [it](README.md).\n", encoding="utf-8")
    (tmp_path / ".github/pictures/dot.png").write_bytes(DOT)
    path = tmp_path / "executed" / "01_slopes.ipynb"
    nbformat.write(lesson, path)
    monkeypatch.setattr(build, "solved_notebooks", lambda root, lessons: [path])
    monkeypatch.setattr(build, "copies", lambda paths, folder, report: {"01_slopes": path})
    return tmp_path


def built(project):
    return build.build_site(project, project / "site", report=lambda line: None)


def test_links_lead_into_the_site_or_to_the_repository(project):
    build.lay_out(project, project / "source", {"01_slopes": project / "executed" / "01_slopes.ipynb"})
    page = (project / "source" / "index.md").read_text(encoding="utf-8")
    assert "[lesson 1](01_slopes.ipynb)" in page and "[grading](grading.md#how)" in page
    for path in ("blob/main/notebooks/02_no.ipynb", "blob/main/LICENSE", "tree/main/src"):
        assert f"/featherweight/{path})" in page
    assert "[it](index.md)" in (project / "source" / "grading.md").read_text(encoding="utf-8")
    assert "![a dot](dot.png)" in page and (project / "source" / "dot.png").read_bytes() == DOT


@pytest.mark.slow
def test_a_site_comes_out_and_takes_the_place_of_an_earlier_one(project):
    (project / "site").mkdir()
    (project / "site" / build.MARK).touch()
    (project / "site" / "stale.html").touch()
    first = built(project)
    page = (first.parent / "01_slopes.html").read_text(encoding="utf-8")
    assert first.name == "index.html" and not (first.parent / "stale.html").exists()
    assert page.count('class="fw-embed"') == 1 and NEEDS_KERNEL in page and "<mfrac" in page
    assert "unicorns" in page and "google.colab" not in page and "Show our solution" in page
    assert 'data-theme="auto"' not in page  # without scripts the theme falls back to light
    assert "unicorn" in (first.parent / "searchindex.js").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_warning_of_sphinx_fails_the_build(project):
    (project / "GLOSSARY.md").write_text("# Words\n\n[nowhere](#nosuch)\n", encoding="utf-8")
    with pytest.raises(
        LessonError, match=r"Sphinx did not accept the pages: glossary.md:3: WARNING: .*nosuch"
    ) as problem:
        built(project)
    assert "\n" not in str(problem.value)


def test_a_page_that_loads_from_elsewhere_fails_the_build(project, monkeypatch):
    def write(source, out, doctrees):
        out.mkdir()
        (out / "index.html").write_text('<img alt="" src="https://img.example/x.png">', encoding="utf-8")

    monkeypatch.setattr(build, "write_pages", write)
    with pytest.raises(LessonError, match=r"loads from elsewhere; .*: index.html: <img src> https://img.example/x.png"):
        built(project)


@pytest.mark.slow
def test_a_card_without_its_module_fails_the_build_with_its_cell(project, lesson):
    for model in lesson.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values():
        model["state"].pop("_esm", None)
    nbformat.write(lesson, project / "executed" / "01_slopes.ipynb")
    with pytest.raises(
        LessonError, match=r"accept the pages: ERROR: 01_slopes, cell 01-003: the card came without its module"
    ):
        built(project)


def test_a_folder_of_something_else_is_left_alone(project):
    (project / "site").mkdir()
    (project / "site" / "thesis.tex").touch()
    with pytest.raises(FileProblem, match=r"holds something that is no site; .*: choose another --out"):
        built(project)
    assert (project / "site" / "thesis.tex").exists()


def test_a_tool_that_is_missing_is_named(project, monkeypatch):
    monkeypatch.setattr(build, "TOOLS", ("sphinx", "no_such_theme"))
    with pytest.raises(MissingTool, match=r"The site needs no_such_theme, not installed here: pip install"):
        built(project)
