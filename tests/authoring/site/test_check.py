"""Everything that a page would load from another machine is found; what a reader clicks on is not."""

import pytest

from featherweight.authoring.site.check import external_requests

FAR = [
    '<script src="https://cdn.example/x.js"></script>',
    "<SCRIPT SRC='//cdn.example/x.js'></SCRIPT>",
    '<link rel="stylesheet" href="http://cdn.example/x.css">',
    '<link rel="preload" href="https://cdn.example/x.woff2" as="font">',
    '<link rel="dns-prefetch" href="//cdn.example">',
    '<img alt="" src="https://img.example/x.png">',
    '<img alt="" src="x.png" srcset="x.png 1x, https://img.example/x.png 2x">',
    '<iframe src="https://frame.example"></iframe>',
    '<video src="https://film.example/x.mp4"></video>',
    '<object data="https://film.example/x.svg"></object>',
    '<p style="background: url(https://img.example/x.png)">',
    "<style>@import 'https://cdn.example/x.css';</style>",
    "<style>@font-face { src: url(//cdn.example/x.woff2) }</style>",
]
NEAR = [
    '<a href="https://example.org">read</a>',
    '<script src="_static/x.js"></script>',
    '<script>fetch("https://example.org")</script>',
    '<img alt="" src="data:image/png;base64,//8=">',
    '<link rel="canonical" href="https://example.org/">',
    '<p>See url(https://example.org) and src="https://example.org".</p>',
    '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
]


@pytest.mark.parametrize("html", FAR)
def test_a_far_request_is_found(tmp_path, html):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "page.html").write_text(f"<!doctype html><title>x</title>{html}", encoding="utf-8")
    (line,) = external_requests(tmp_path)
    assert line.startswith("sub/page.html: ") and ".example" in line


@pytest.mark.parametrize("html", NEAR)
def test_what_stays_or_is_only_clicked_is_not(tmp_path, html):
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    assert list(external_requests(tmp_path)) == []


@pytest.mark.parametrize(
    "rule", ["@import url(https://cdn.example/x.css);", "p { background: url('//img.example/x') }"]
)
def test_a_style_sheet_is_read_too(tmp_path, rule):
    (tmp_path / "x.css").write_text(rule, encoding="utf-8")
    assert [line.split(": ")[0] for line in external_requests(tmp_path)] == ["x.css"]
