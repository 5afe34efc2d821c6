"""The pages: escaped, readable by everyone, and silent about what is hidden."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from featherweight.errors import FileProblem
from featherweight.grading.report import feedback_html, report_html, shade, write_report

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """What a page is made of, and what is wrong with it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open, self.faults, self.level, self.ids, self.labels, self.texts = [], [], 0, [], [], []
        self.feed(html)
        self.faults += [f"<{tag}> is never closed" for tag in self.open]
        self.faults += [f"nothing has the id {name}" for name in self.labels if name not in self.ids]
        self.faults += [f"two of the id {name}" for name in set(self.ids) if self.ids.count(name) > 1]

    def handle_starttag(self, tag, pairs):
        have = dict(pairs)
        self.ids += [have["id"]] if "id" in have else []
        self.labels += have.get("aria-labelledby", "").split()
        self.labels += [have["href"][1:]] if have.get("href", "").startswith("#") else []
        heading = re.fullmatch(r"h([1-6])", tag)
        checks = (
            (tag in ("script", "iframe", "object", "embed", "img", "link", "form"), f"a <{tag}>"),
            (any(name.startswith("on") for name in have), f"a handler in <{tag}>"),
            (re.search(r"//|javascript:|data:", have.get("href") or ""), f"a link to {have.get('href')}"),
            (tag == "html" and not have.get("lang"), "no language"),
            (tag == "th" and have.get("scope") not in ("col", "row"), "a header cell without scope"),
            (self.open[-1:] == ["table"] and tag == "thead" and "caption" not in self.texts, "a table without caption"),
            (heading and int(heading[1]) > self.level + 1, f"<{tag}> after <h{self.level}>"),
            ("role" in have and not {"aria-labelledby", "aria-label"} & set(have), "a region without a name"),
        )
        self.faults += [text for wrong, text in checks if wrong]
        self.level = int(heading[1]) if heading else self.level
        self.texts = [] if tag == "table" else [*self.texts, tag]
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag):
        if self.open[-1:] != [tag]:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()


def contrast(one: str, other: str) -> float:
    """Of two colours, as WCAG 2 defines it."""

    def luminance(colour):
        colour = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(scope="module")
def pages(made_up):
    """The report and every feedback page of the hostile class."""
    course = made_up.hostile_course()
    return [report_html(course), *(feedback_html(one, course.book) for one in course.everyone)]


def test_every_page_is_whole_and_accessible(pages):
    assert [fault for page in pages for fault in Page(page).faults] == []


@pytest.mark.parametrize(
    "html",
    [
        "<html></html>",
        "<html lang=en><script></script></html>",
        "<p onclick=x></p>",
        "<a href=https://cdn.example.org/x></a>",
        "<a href='javascript:x'></a>",
        "<table><thead></thead></table>",
        "<table><caption></caption><tr><th>x</th></tr></table>",
        "<h1></h1><h3></h3>",
        "<div role=region></div>",
        "<div aria-labelledby=none></div>",
        "<p id=a></p><p id=a></p>",
        "<p><b></p>",
        "<a href='#none'></a>",
    ],
)
def test_a_page_that_is_not_is_caught(html):
    assert Page(html).faults


def test_nothing_hostile_is_markup(pages):
    for page in pages:
        assert not re.search(r"<script|<img|<i>|<b>|\{\{", page.replace("{{ 7*7 }}", "").replace("{% raw %}", ""))
        assert not re.search("[\u202a-\u202e\u2066-\u2069\0]", page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages[0]
    assert "{{ 7*7 }}{% raw %}" in pages[0]


def test_pages_are_utf_8_and_short(pages):
    assert max(len(page.encode("utf-8")) for page in pages) < 60_000
    assert "n" * 100 not in "".join(pages)


def hidden(pages, planted):
    return [text for text in planted for page in pages if text in page]


def test_nothing_hidden_is_on_any_page(pages, made_up):
    assert "stops with a ValueError" in pages[1] and "another shape" in pages[1]
    assert hidden(pages, made_up.PLANTED) == []
    assert "4711" not in "".join(pages)


def test_what_is_hidden_would_be_found(pages, made_up):
    assert hidden([pages[0] + made_up.hostile_records()[0].results[1].found], made_up.PLANTED) == list(made_up.PLANTED)


def test_feedback_names_the_misconception_and_has_three_hints_to_open(made_up):
    course = made_up.hostile_course()
    [one] = [each for each in course.everyone if each.person.key == made_up.HOSTILE["script"]]
    page = feedback_html(one, course.book)
    assert "This looks like: no *doubling*.</strong> You give back x &lt; 2x as it is." in page
    assert "Where to look: the factor." in page
    assert [page.count(f"<summary>Hint {number} of 3</summary>") for number in (1, 2, 3)] == [2, 2, 2]
    assert "Draw &lt;b&gt;it&lt;/b&gt;." in page and "<details open" not in page
    assert "Points given by hand: <bdi>&lt;b&gt;half&lt;/b&gt; right =1</bdi>" in page
    assert "Not readable:" in page and "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "Unsandboxed." in page


def test_feedback_says_what_is_right_and_sets_code(made_up):
    from featherweight.grading.course import course

    book = {one.name: replace(one, hints=("Use `x < 2`.", "Add.", "`x`")) for one in made_up.BOOK}
    pages = {one.person.key: feedback_html(one, book) for one in made_up.small_course().everyone}
    assert "<p>Every exercise is right.</p>" in pages["ada"]
    assert "<p>Right: <code>double</code> (1 of 2 exercises).</p>" in pages["bob"]
    assert "<p>Use <code>x &lt; 2</code>.</p>" in pages["bob"]
    [zed] = course([made_up.record("zed", made_up.result("double", "error"))]).everyone
    assert "<p>No exercise is right yet" in feedback_html(zed, book)


def test_late_missing_and_other_submissions_are_said(made_up):
    from featherweight.grading.course import course
    from featherweight.grading.standing import Rules

    m = made_up
    tries = [m.record("a", m.result("double"), path=f"a/{number}.ipynb", late=True) for number in (1, 2)]
    [one] = course([*tries, m.record("a", m.result("halve"), lesson=2, path="b")], rules=Rules(late_off=50)).everyone
    page = feedback_html(one, {})
    assert "1.5 of 3 points, 3 before what being late costs." in page
    assert "What counts: <bdi>a/2.ipynb</bdi>" in page and "What does not: <bdi>a/1.ipynb</bdi>" in page
    cy = feedback_html(m.small_course().everyone[1], {})
    assert cy.count("Nothing was handed in") == 2


def test_namesakes_of_moodle_in_one_row_are_pointed_out(made_up):
    from featherweight.grading.course import course

    m = made_up
    paths = [f"Jo Lee_{number}_assignsubmission_file/1.ipynb" for number in (7, 8)]
    page = report_html(course([m.record("Jo Lee", m.result("double"), path=path) for path in paths]))
    assert "lesson 1: 2 submissions, of 2 participants of one name" in page
    page = report_html(course([m.record("Jo Lee", m.result("double"), path=paths[0] + str(n)) for n in (1, 2)]))
    assert "lesson 1: 2 submissions<" in page


def test_the_report_has_the_class_in_it(made_up):
    page = report_html(made_up.small_course())
    assert "Most frequent: 1 of 2 “squared” (twice)." in page
    row = page.partition("Lovelace, Ada</bdi>")[2].partition("</tr>")[0]
    assert re.findall(r"<td[^>]*>([^<]*)", row) == ["5", "4", "9 of 9", "100%", ""]
    row = page.partition("Cy Young</bdi>")[2].partition("</tr>")[0]
    assert re.findall(r"<td[^>]*>([^<]*)", row) == ["missing", "missing", "0 of 9", "0%", ""]
    row = page.partition("Bob van Dam</bdi>")[2].partition("</tr>")[0]
    assert re.findall(r"<td[^>]*>([^<]*)", row)[-1] == "lesson 1: late"
    assert f'<td class="number shaded" style="background:{shade(1, 2)}">1 of 2</td>' in page
    assert "In the roster, nothing handed in: Cy Young." in page and "Unsandboxed." not in page


def test_unsandboxed_grades_are_marked(pages, made_up):
    assert f"{len(made_up.HOSTILE)} of {len(made_up.HOSTILE)} were graded without a sandbox" in pages[0]
    assert pages[0].count("unsandboxed") == len(made_up.HOSTILE)


def test_how_memory_was_counted_is_said(made_up):
    from featherweight.grading.course import course

    m = made_up
    records = [m.record(name, m.result("double"), counted="watchdog") for name in ("a", "b")]
    assert "by a watchdog, as there is no cgroup (notebooks: 2)." in report_html(course(records))
    assert "Memory" not in report_html(m.small_course())


def test_an_empty_gradebook_is_a_page_too(made_up):
    from featherweight.grading.course import course

    assert Page(report_html(course([]))).faults == []
    assert "Grades of 0 students" in report_html(course([]))


@pytest.mark.parametrize("count", range(0, 81, 8))
def test_numbers_on_every_shade_can_be_read(count):
    assert contrast("#1b1b1b", shade(count, 80)) >= 4.5


def test_a_shade_that_is_too_dark_is_caught():
    assert contrast("#1b1b1b", "#7a3b10") < 4.5
    assert round(contrast("#000000", "#ffffff")) == 21


def test_colours_of_text_can_be_read(pages):
    style = pages[0].partition("<style>")[2].partition("</style>")[0]
    light, dark = (dict(re.findall(r"--(\w+): (#\w+)", line)) for line in style.splitlines() if "--ink:" in line)
    assert light.keys() == dark.keys() and light["paper"] != dark["paper"]
    for colours in (light, dark):
        papers = [colours["paper"], colours["head"]]
        assert min(contrast(colours[text], paper) for text in ("ink", "link", "faint") for paper in papers) >= 4.5
        assert min(contrast(colours[edge], papers[0]) for edge in ("line", "right", "wrong", "bar")) >= 3
    assert re.findall(r"(?<![-\w])color: (#\w+)", style) == ["#1b1b1b"]  # on a shade, in any scheme


def test_files(made_up, tmp_path):
    (tmp_path / "feedback").mkdir()
    (tmp_path / "feedback" / "left.html").write_text("of one who left")
    lines = write_report(made_up.hostile_course(), tmp_path)
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    assert len(names) == 1 + len(made_up.HOSTILE) + 2 and "feedback/left.html" not in names
    assert names[-3:] == ["guide/lesson-01.md", "guide/lesson-02.md", "report.html"]
    links = re.findall(r'href="(feedback/[^"]*)"', (tmp_path / "report.html").read_text("utf-8"))
    assert sorted(links) == names[: len(made_up.HOSTILE)]
    assert lines[0] == f"{tmp_path / 'report.html'}: {len(made_up.HOSTILE)} students"


def test_what_cannot_be_written_costs_no_page_of_before(made_up, tmp_path):
    write_report(made_up.small_course(), tmp_path)
    before = sorted(path.name for path in (tmp_path / "feedback").iterdir())
    (tmp_path / "feedback" / before[-1]).unlink()
    (tmp_path / "feedback" / before[-1]).mkdir()
    with pytest.raises(FileProblem, match="Could not write"):
        write_report(made_up.small_course(), tmp_path)
    assert sorted(path.name for path in (tmp_path / "feedback").iterdir()) == before


def test_the_same_records_give_the_same_bytes(made_up):
    from featherweight.grading.course import course

    records = made_up.hostile_records()
    slower = [replace(one, seconds=9.0) for one in records[::-1]]
    one, other = course(records), course(slower)
    assert report_html(one) == report_html(other)
    assert [feedback_html(each, {}) for each in one.everyone] == [feedback_html(each, {}) for each in other.everyone]
