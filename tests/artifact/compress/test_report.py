"""The page: whole, from nowhere else, and whatever stands in a name is text."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from featherweight.artifact.compress.goal import Goal
from featherweight.artifact.compress.report import report_html

VOID = ("meta", "br", "link", "img")


class Balance(HTMLParser):
    """Every element is closed where it should be."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("goal", [Goal(None, 1.0), Goal(3000, None), Goal(3000, 2.0)], ids=str)
@pytest.mark.parametrize("reached", [True, False])
def test_the_page_is_well_formed_and_stands_alone(goal, reached, made_up):
    page = report_html(made_up(goal, reached))
    parser = Balance()
    parser.feed(page)
    assert parser.open == []
    assert not {"script", "img", "link", "iframe"} & set(parser.seen)
    assert not re.search(r"https?://|url\(|@import| on\w+=", page)
    ET.fromstring(re.search(r"<svg.*</svg>", page, re.DOTALL)[0])
    assert ("The goal was not reached" in page) is not reached


def test_the_numbers_are_on_it(made_up):
    page = report_html(made_up(notes=("Bring more.",)))
    for text in (
        "44,644",
        "2,345",
        "19.0 times smaller",
        "95.0% (93.5 to 96.2)",
        "94.6% (93.0 to 95.8)",
        "Bring more.",
    ):
        assert text in page
    assert "1.50 (1.25 to 2.00)" in page
    assert page.count("not counted") == 1  # what the file multiplies, which here nobody counted
    assert "load(&#34;mine.fw&#34;)" in page


def test_a_hostile_name_is_text(made_up):
    page = report_html(made_up(name="<script>alert(1)&\"'.fw"))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
