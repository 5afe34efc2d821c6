"""What a visitor and pip see: versions, bounds, links, licence, README and its pictures."""

import re
import subprocess
import tomllib
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest
import yaml

from featherweight.authoring.colab import COLAB_CELL

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
URL = PROJECT["urls"]["Repository"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
REQUIREMENTS = [
    *PROJECT["dependencies"],
    *(one for extra in PROJECT["optional-dependencies"].values() for one in extra),
]
PINS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
TOP_LEVEL = {
    *{".ci", ".devcontainer", ".gitattributes", ".github", ".gitignore"},
    *{"BENCHMARKS.json", "BENCHMARKS.md"},
    *{"CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "GLOSSARY.md", "GRADING.md", "LICENSE", "MISCONCEPTIONS.md"},
    *{"Makefile", "README.md"},
    *{"binder", "constraints.txt", "pyproject.toml", "notebooks", "solutions", "src", "tests"},
}
LARGEST = 200_000  # bytes
LARGEST_PAGE = 500_000  # of text that GitHub still shows laid out


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_pyproject_gives_lower_bounds_only(requirement):
    assert re.fullmatch(r"[\w-]+>=[\d.]+", requirement)


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_constraints_pin_every_requirement_at_or_above_its_bound(requirement):
    name, bound = requirement.split(">=")
    pins = {pin.split("==")[0].lower().replace("_", "-"): pin.split("==")[1] for pin in PINS}
    numbers = [[int(part) for part in re.findall(r"\d+", text)] for text in (pins[name.lower()], bound)]
    assert numbers[0] >= numbers[1]


def test_constraints_are_plain_pins():
    assert [pin for pin in PINS if not re.fullmatch(r"[\w.-]+==[\w.]+", pin)] == []
    assert "torch==2.13.0" in PINS


def test_one_version_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert PROJECT["version"] == version("featherweight") == citation["version"]
    assert citation["repository-code"] == URL


def releases(text: str) -> list[str]:
    """The versions of a changelog, newest first; each must have a link below."""
    found = re.findall(r"^## \[(.+?)\] - \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    return [version for version in found if f"\n[{version}]: {URL}/releases/tag/v{version}\n" in text]


def test_the_changelog_begins_with_this_version_and_colab_installs_it():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert releases(text)[0] == PROJECT["version"]
    assert releases(text.replace("releases/tag", "release/tag")) == []
    assert f"{URL}/archive/refs/tags/v{PROJECT['version']}.zip" in COLAB_CELL


def test_the_command_is_installed():
    (command,) = entry_points(group="console_scripts", name="featherweight")
    assert command.value == "featherweight.cli:main"


def test_top_level_is_what_the_customer_fixed():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    assert {name.split("/")[0] for name in files if name} <= TOP_LEVEL


def test_licences_of_code_and_text_are_named():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PROJECT["license"] == "MIT" and text.startswith("MIT License")
    assert "CC BY 4.0" in text and "CC BY 4.0" in README


def links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text)


def missing_files(text: str) -> list[str]:
    """Relative links of a Markdown text that lead nowhere."""
    targets = ["".join(pair).split("#")[0] for pair in links(text)]
    return [target for target in targets if target and "://" not in target and not (ROOT / target).exists()]


@pytest.mark.parametrize("name", sorted(path.name for path in ROOT.glob("*.md")))
def test_relative_links_lead_somewhere(name):
    assert missing_files((ROOT / name).read_text(encoding="utf-8")) == []


def test_a_broken_link_is_caught():
    assert missing_files("see [this](nowhere.md)") == ["nowhere.md"]


def test_readme_badges_come_from_the_one_repository():
    owner = URL.removeprefix("https://github.com/")
    lesson = "notebooks/01_gradient_descent.ipynb"
    assert f"https://mybinder.org/v2/gh/{owner}/main?urlpath=lab/tree/{lesson}" in README
    assert f"https://colab.research.google.com/github/{owner}/blob/main/{lesson}" in README
    assert set(re.findall(r"github\.com/[\w-]+/[\w-]+", README)) <= {f"github.com/{owner}"}


def test_readme_shows_small_pictures_with_alt_text():
    pictures = re.findall(r"!\[([^\]]+)\]\((?!https)([^)]+\.png)\)", README)
    assert len(pictures) >= 2
    assert all(len(alt) > 20 for alt, _ in pictures)
    assert all((ROOT / path).stat().st_size <= LARGEST for _, path in pictures)


def test_contributing_is_short():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    before, table = text.split("## Symbols and terms\n")  # a table to look things up in, and what follows it
    after = table.split("\n## ", 1)[1]
    assert len(before.splitlines()) + len(after.splitlines()) <= 65


def test_no_committed_file_is_large():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    large = {name for name in files if (ROOT / name).is_file() and (ROOT / name).stat().st_size > LARGEST}
    assert {name for name in large if not name.endswith(".ipynb")} <= {"MISCONCEPTIONS.md"}
    assert (ROOT / "MISCONCEPTIONS.md").stat().st_size < LARGEST_PAGE


ROWS = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \| (\d+)–(\d+) \| (open|to come) \|$", README, re.MULTILINE)


def test_readme_lists_thirteen_lessons():
    assert [int(row[0]) for row in ROWS] == list(range(1, 14))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_lesson_is_open_in_the_readme_when_it_exists(row):
    number, title, question, least, most, state = row
    sources = list((ROOT / "solutions").glob(f"{int(number):02d}_*.py"))
    assert (state == "open") is bool(sources)
    for source in sources:
        text = source.read_text(encoding="utf-8")
        assert f"](notebooks/{source.stem}.ipynb)" in title
        assert question in text
        assert f"{least} to {most} minutes" in text
