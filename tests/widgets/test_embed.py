"""The kernel-free HTML is self-contained and cannot be broken out of."""

import json
import re

from featherweight.widgets import embed


def test_everything_is_inside():
    page = embed.snippet({"table": b"\x00\x01", "title": "T"}, b"png", 'A "line" <b>', 784)
    assert not re.search(r"""(src|href)=["']?(https?:)?//|import\s|@import|url\(""", page)
    assert 'alt="A &quot;line&quot; &lt;b&gt;"' in page and "data:image/png;base64,cG5n" in page
    assert "export default" not in page and "function render(" in page


def test_state_comes_back():
    page = embed.snippet({"table": b"\x00\x01", "title": "</script><b>"}, b"", "", 1)
    state = re.search(r"const state = (.*);\n", page).group(1)
    assert json.loads(state.replace("<\\/", "</")) == {"table": "AAE=", "title": "</script><b>"}
    assert page.count("</script>") == 1 and 'of ["table"]' in page
