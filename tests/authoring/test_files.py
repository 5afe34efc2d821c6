"""What was generated last, who edited it since, and writing all or none."""

import nbformat
import pytest

from featherweight.authoring import files
from featherweight.errors import FileProblem

CELLS = [nbformat.v4.new_markdown_cell("# A", id="a"), nbformat.v4.new_code_cell("x = 1", id="b")]
NOTEBOOK = nbformat.v4.new_notebook(cells=CELLS)


def mark(change) -> str:
    copy = nbformat.from_dict(NOTEBOOK)
    change(copy)
    return files.fingerprint("a.ipynb", nbformat.writes(copy).encode())


def unchanged(copy):
    pass


UNSEEN = {
    "an output": lambda copy: copy.cells[1].outputs.append(nbformat.v4.new_output("stream", text="1")),
    "a count": lambda copy: copy.cells[1].update(execution_count=3),
    "metadata": lambda copy: copy.metadata.update(language_info={"name": "python"}),
    "an id": lambda copy: copy.cells[0].update(id="c"),
}
SEEN = {
    "a source": lambda copy: copy.cells[1].update(source="x = 2"),
    "a new cell": lambda copy: copy.cells.append(nbformat.v4.new_code_cell("")),
    "a lost cell": lambda copy: copy.cells.pop(),
    "the order": lambda copy: copy.cells.reverse(),
}


@pytest.mark.parametrize("change", UNSEEN.values(), ids=UNSEEN)
def test_running_a_notebook_is_no_edit(change):
    assert mark(change) == mark(unchanged)


@pytest.mark.parametrize("change", SEEN.values(), ids=SEEN)
def test_typing_is_an_edit(change):
    assert mark(change) != mark(unchanged)


def test_a_twin_has_its_notebooks_fingerprint():
    assert files.fingerprint("a.py", b"# %% [markdown]\n# # A\n\n# %%\nx = 1\n") == mark(unchanged)


@pytest.mark.parametrize("text", [None, "", "[]", "{"], ids=["none", "empty", "a list", "cut"])
def test_a_damaged_manifest_knows_nothing(tmp_path, text):
    if text is not None:
        (tmp_path / "notebooks").mkdir()
        (tmp_path / files.MANIFEST).write_text(text)
    assert files.read_manifest(tmp_path) == {}


def test_a_manifest_is_read_back(tmp_path):
    files.write_all(tmp_path, {files.MANIFEST: files.manifest_bytes({"b": "2", "a": "1"})})
    assert files.read_manifest(tmp_path) == {"a": "1", "b": "2"}


def test_an_edited_file_is_told_from_what_was_and_what_will_be(tmp_path):
    old, new, mine = (f"# %%\nx = {value}\n".encode() for value in (1, 2, 3))
    manifest = files.manifest_bytes({"a.py": files.fingerprint("a.py", old)})
    files.write_all(tmp_path, {files.MANIFEST: manifest})
    for content, edited in ((old, []), (new, []), (mine, ["a.py"])):
        (tmp_path / "a.py").write_bytes(content)
        assert files.edited(tmp_path, {"a.py": new, "missing.py": new}) == edited


def test_all_files_are_written_or_none(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"old")
    (tmp_path / "b").write_bytes(b"a file where a folder is wanted")
    with pytest.raises(FileProblem, match=r"Could not write b/c\.txt \(.+\); free some space or make it writable"):
        files.write_all(tmp_path, {"a.txt": b"new", "b/c.txt": b"new"})
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b"]
