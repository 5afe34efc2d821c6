"""References have one form, say the same wherever they stand, and each of a lesson is cited in it; and the reverse."""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from featherweight.authoring import lesson

ROOT = Path(__file__).parents[2]
LESSONS = {path.stem: lesson.read(path) for path in sorted((ROOT / "solutions").glob("*.py"))}
SUFFIXES = {".py", ".j2", ".js", ".css", ".md", ".yml", ".toml", ".cff"}
NAME = r"[^\W\d_a-z][\w’-]+"
AUTHOR = rf"{NAME}(?: {NAME})?"
ENTRY = re.compile(
    r"- (?P<authors>[^*()]+) \((?P<year>\d{4})\)\. \*(?P<title>[^*]+)\*(?P<dot>\.?)(?: (?P<venue>[^\[\].][^\[\]]*)\.)?"
    r"(?: \[(?P<label>[^\]]+)\]\((?P<link>\S+)\)\.)?"
)
LISTED = re.compile(rf"({AUTHOR}), (?:\w\.[ -]?)+")  # Hinton, G.
CITED = re.compile(rf"(?P<who>{AUTHOR}(?: et al\.| & {NAME})?)(?:, | \()(?P<year>1[789]\d\d|20\d\d)\b")
ARXIV = re.compile(r"arxiv(?:\.org/\w+/|:)(?P<id>[\w./-]*\w)", re.IGNORECASE)
ID = re.compile(r"(?:\d\d(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})")
BARE = re.compile(r"(?<![\w.:/])\d\d(?:0[1-9]|1[0-2])\.\d{5}(?!\w|\.\d)")
SAID = re.compile(  # Hinton et al., arXiv:… and Adam, Kingma & Ba (the authors), 2015, arXiv:…
    rf"(?P<names>{NAME} et al\.|{NAME}(?:, {NAME})* (?:&|and) {NAME})(?: \([^()]*\))?,?"
    rf"(?: (?P<year>\d{{4}}),?)? \(?arXiv:(?P<id>{ID.pattern})"
)


@dataclass(frozen=True)
class Entry:
    """One line of a list of references. `cited_as`: its authors as the text names them; `id`: on arXiv, or empty."""

    line: str
    cited_as: str
    year: str
    id: str


def entry(line: str) -> Entry:
    """The entry that `line` is. Raises ValueError, which says how its form differs from the book's."""
    found = ENTRY.fullmatch(line)
    if found is None:
        raise ValueError("wanted - Author, A. (year). *Title*. Venue. [arXiv:id](https://arxiv.org/abs/id).")
    if bool(found["dot"]) == found["title"].endswith("?"):
        raise ValueError("wanted one mark at the end of the title")
    if "arxiv" in (found["venue"] or "").lower():
        raise ValueError("wanted the arXiv id as a link")
    if not (found["venue"] or found["link"]):
        raise ValueError("says neither venue nor link")
    return Entry(line, _cited_as(found["authors"]), found["year"], _id(found["label"], found["link"]))


def _cited_as(authors: str) -> str:
    if authors.endswith(" et al.") and LISTED.fullmatch(authors.removesuffix(" et al.")):
        return f"{authors.partition(',')[0]} et al."
    names = [name for part in re.split(r"(?<=\.), ", authors) for name in LISTED.findall(part)]
    if ", ".join(part for part in re.split(r"(?<=\.), ", authors) if LISTED.fullmatch(part)) != authors:
        if "," in authors or "." in authors:
            raise ValueError("wanted each author as Name, I. I.; of more than three the first and et al.")
        return authors  # a group, as the Silero Team
    if len(names) > 3:
        raise ValueError("names more than three authors; wanted the first and et al.")
    return f"{names[0]} et al." if len(names) > 2 else " & ".join(names)


def _id(label: str | None, link: str | None) -> str:
    if not link or not re.search("arxiv", label + link, re.IGNORECASE):
        return ""
    number = label.removeprefix("arXiv:")
    if link != f"https://arxiv.org/abs/{number}" or label == number or not ID.fullmatch(number):
        raise ValueError("wanted [arXiv:id](https://arxiv.org/abs/id), one id in both")
    return number


def split(cells) -> tuple[str, list[str]]:
    """(everything but the references, the lines of the references) of a lesson's cells."""
    listed = [cell.source for cell in cells if "part-references" in cell.tags]
    text = "\n".join(cell.source for cell in cells if "part-references" not in cell.tags)
    return text, [line for source in listed for line in source.splitlines() if line.startswith("-")]


def problems(text: str, lines: list[str]) -> list[str]:
    """What is wrong between a lesson's text and its references, a line each. Empty: nothing."""
    found, entries = [], []
    for line in lines:
        try:
            entries.append(entry(line))
        except ValueError as problem:
            found.append(f"{line[:40]}: {problem}")
    keys = [(one.year, one.cited_as) for one in entries]
    found += [f"{who}, {year} is listed twice" for year, who in sorted({key for key in keys if keys.count(key) > 1})]
    if [year for year, _ in keys] != sorted(year for year, _ in keys):
        found.append("the list is not in the order of the years")
    cited = {(match["year"], match["who"]) for match in CITED.finditer(text)}
    found += [f"{who}, {year} is listed and not cited" for year, who in keys if not _any(cited, year, who)]
    known = {(year, who) for year, who in cited if any(_any({(year, who)}, *key) for key in keys)}
    return found + [f"{who}, {year} is cited and not listed" for year, who in sorted(cited - known)]


def _any(cited: set, year: str, who: str) -> bool:
    return any(year == when and f" {name}".endswith(f" {who}") for when, name in cited)


def malformed(text: str) -> list[str]:
    """arXiv ids in `text` that none has, and ids that do not say what they are."""
    ids = [match["id"] for match in ARXIV.finditer(text)]
    return [one for one in ids if not ID.fullmatch(one)] + BARE.findall(text)


def disagreements(entries: list[Entry], texts: dict[str, str]) -> list[str]:
    """Entries of one id or one work that differ, and texts that name other authors or years for an id."""
    lines, firsts, years = defaultdict(set), defaultdict(list), defaultdict(set)
    for one in entries:
        lines[one.id or (one.cited_as, one.year)].add(one.line)
        firsts[one.id].append({re.split(" et al| & ", one.cited_as)[0]})
        years[one.id].add(one.year)
    for text in texts.values():
        for match in SAID.finditer(" ".join(text.split())):
            names = re.findall(NAME, match["names"])
            firsts[match["id"]].append(set(names[:-1] or names))  # the name of a method may stand before the authors
            years[match["id"]] |= {match["year"]} - {None}
    ids = firsts.keys() - {""}
    found = [f"{key} has {len(group)} entries" for key, group in lines.items() if len(group) > 1]
    found += [f"{key} has no one first author: {firsts[key]}" for key in ids if not set.intersection(*firsts[key])]
    return found + [f"{key} is of {sorted(years[key])}" for key in ids if len(years[key]) > 1]


def sources() -> dict[str, str]:
    """Every file of the project that may name a paper, by its path."""
    folders = (ROOT / "src", ROOT / "solutions", ROOT / ".github")
    paths = [*ROOT.glob("*.*"), *(path for folder in folders for path in folder.rglob("*"))]
    return {str(path): path.read_text(encoding="utf-8") for path in paths if path.suffix in SUFFIXES}


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_lists_what_it_cites_and_cites_what_it_lists(name):
    text, lines = split(LESSONS[name].cells)
    assert len(lines) >= 5
    assert problems(text, lines) == []


def test_an_id_is_one_that_arxiv_gives():
    assert {path: found for path, text in sources().items() if (found := malformed(text))} == {}


def test_a_paper_has_the_same_authors_and_year_everywhere():
    entries = [entry(line) for one in LESSONS.values() for line in split(one.cells)[1]]
    assert len({one.id for one in entries}) > 60
    assert disagreements(entries, sources()) == []


ADAM = "- Kingma, D. P., Ba, J. (2015). *Adam: a method*. ICLR. [arXiv:1412.6980](https://arxiv.org/abs/1412.6980)."
HAN = "- Han, S. et al. (2016). *Deep Compression*. ICLR. [arXiv:1510.00149](https://arxiv.org/abs/1510.00149)."
HUFFMAN = "- Huffman, D. A. (1952). *Codes?* Proceedings of the IRE 40."
TEAM = "- Silero Team (2024). *A detector*. [github.com](https://github.com/snakers4/silero-vad)."
TEXT = "Adam (Kingma & Ba, 2015), codes of Huffman (1952), all (FitNets, Han et al., 2016; Silero Team, 2024)."


def test_all_forms_of_an_entry_are_understood():
    assert problems(TEXT, [HUFFMAN, ADAM, HAN, TEAM]) == []
    three = entry("- Tang, Y., De Mol, C., David, J.-P. (2003). *On it*. ICML.")
    assert (three.cited_as, three.id) == ("Tang et al.", "")


SPOILT = {
    "not cited": (TEXT.replace("Huffman (1952)", "Huffman"), None, "Huffman, 1952 is listed and not cited"),
    "not listed": (TEXT + " See Shannon (1948).", None, "Shannon, 1948 is cited and not listed"),
    "another year": (TEXT.replace("2015", "2014"), None, "Kingma & Ba, 2015 is listed and not cited"),
    "another number of authors": (TEXT.replace(" & Ba", " et al."), None, "Kingma & Ba, 2015 is listed and not"),
    "twice": (TEXT, [HUFFMAN, ADAM, ADAM, HAN, TEAM], "Kingma & Ba, 2015 is listed twice"),
    "out of order": (TEXT, [ADAM, HUFFMAN, HAN, TEAM], "not in the order of the years"),
    "no title": (TEXT, [HUFFMAN, ADAM.replace("*", ""), HAN, TEAM], "wanted - Author, A. (year). *Title*."),
    "no link": (TEXT, [HUFFMAN, ADAM.partition(" [")[0] + " arXiv:1412.6980.", HAN, TEAM], "the arXiv id as a link"),
    "two ids": (TEXT, [HUFFMAN, ADAM.replace("abs/1412", "abs/1411"), HAN, TEAM], "one id in both"),
    "two marks": (TEXT, [HUFFMAN.replace("?*", "?*."), ADAM, HAN, TEAM], "one mark at the end"),
    "nowhere to be found": (TEXT, [HUFFMAN.partition(" Proc")[0], ADAM, HAN, TEAM], "neither venue nor link"),
    "first names": (TEXT, [HUFFMAN, ADAM.replace("D. P.", "Diederik"), HAN, TEAM], "wanted each author as Name"),
    "four authors": (TEXT, [HUFFMAN, ADAM.replace("J. (", "J., Li, F., Fu, W. ("), HAN, TEAM], "more than three"),
}


@pytest.mark.parametrize(("text", "lines", "said"), SPOILT.values(), ids=SPOILT)
def test_a_fault_is_found(text, lines, said):
    assert said in " ".join(problems(text, lines or [HUFFMAN, ADAM, HAN, TEAM]))


@pytest.mark.parametrize(
    "wrong", ["arXiv:1413.6980", "arXiv:14126980", "https://arxiv.org/abs/1412", "math.OC/123", "see 1903.01611."]
)
def test_a_malformed_id_is_found(wrong):
    wrong = wrong if "see" in wrong or "rxiv" in wrong.lower() else f"arXiv:{wrong}"
    assert malformed(f"Adam ({wrong}), and math: arXiv:math/0307152, arXiv:2302.06675.") != []
    assert malformed("arXiv:math/0307152, https://arxiv.org/abs/2302.06675, 1412.5 grams") == []


def test_papers_that_disagree_are_found():
    first, other = entry(ADAM), entry(ADAM.replace("2015", "2014"))
    agreeing = {"a": "Adam, Kingma & Ba,\n    arXiv:1412.6980", "b": "Kingma et al. (Adam), 2015, arXiv:1412.6980"}
    assert disagreements([first, first], agreeing) == []
    assert len(disagreements([first, other], {})) == 2
    assert "1412.6980" in disagreements([first], {"a": "Duchi et al., arXiv:1412.6980"})[0]
    assert "1412.6980" in disagreements([first], {"a": "Kingma & Ba, 2014, arXiv:1412.6980"})[0]
    assert disagreements([], {"a": "Ma et al., arXiv:2402.17764", "b": "Li and Wu, arXiv:2402.17764"}) != []
