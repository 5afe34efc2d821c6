import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.artifact.header import Graph, Node, read_graph, write_graph
from featherweight.artifact.values import Cursor, Ref
from featherweight.errors import ArtifactProblem

NODES = (
    Node("input", ()),
    Node("Linear", (Ref(0), 784, 300, True)),
    Node("relu", (Ref(1),)),
    Node("Linear", (Ref(2), 300, 10, False)),
    Node("cat", ((Ref(3), Ref(1)), 1)),
    Node("again", (3, (Ref(2),))),
    Node("item", (Ref(5), (slice(None, Ref(0), 2), ..., None))),
)


def written(graph):
    out = bytearray()
    write_graph(out, graph)
    return bytes(out)


def read(data):
    return read_graph(Cursor(data, 0, len(data)))


@pytest.mark.parametrize("output", [Ref(6), (Ref(4), Ref(6))], ids=["one", "two"])
def test_a_network_comes_back_without_its_defaults(output):
    found = read(written(Graph(NODES, output)))
    assert found.nodes[1] == Node("Linear", (Ref(0), 784, 300))
    assert found.nodes[3] == Node("Linear", (Ref(2), 300, 10, False))
    assert (found.nodes[4:], found.output) == (NODES[4:], output)


def test_lenet_takes_few_bytes():
    shapes = [(784, 300), (300, 100), (100, 10)]
    nodes = [Node("input", ())]
    for columns, rows in shapes:
        nodes += [Node("Linear", (Ref(len(nodes) - 1), columns, rows, True)), Node("relu", (Ref(len(nodes)),))]
    assert len(written(Graph(tuple(nodes[:-1]), Ref(5)))) <= 25


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_network_or_a_problem(data):
    try:
        graph = read(data)
    except ArtifactProblem:
        return
    assert graph.output is not None


BAD = [
    ((Node("again", (0, ())),), "uses a layer again that is none"),
    ((*NODES[:2], Node("again", (1, ()))), "uses a layer again that is none"),
    ((*NODES[:2], Node("again", (5, (Ref(0),)))), "uses a layer again that is none"),
]


@pytest.mark.parametrize(("nodes", "said"), BAD, ids=["no layer", "no inputs", "a later one"])
def test_networks_that_make_no_sense_are_refused(nodes, said):
    with pytest.raises(ArtifactProblem, match=said):
        read(written(Graph(nodes, Ref(0))))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x00\x10", "has no output"),
        (b"\x01\x84\xf0", "node 0 has nothing before it"),
        (b"\x01\x7f", "127 is the number of no layer"),
        (b"\xff\xff\x03", "larger than any that belongs there"),
        (b"\x01\x01\xf1", "asks for a result that comes 2 before it"),
    ],
    ids=["output", "chain", "word", "too many", "output beyond"],
)
def test_bytes_that_make_no_sense_are_refused(data, said):
    with pytest.raises(ArtifactProblem, match=said):
        read(data)
