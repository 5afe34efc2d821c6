"""What a .fw file says before its numbers: the network as a list of nodes, and how each of its tensors is stored.

A node is a byte, the word's number, whose high bit says that its first argument is the node before it (and left out);
then the arguments that the word must have, a varint of how many more follow, where the word has defaults, and these.
Arguments refer to earlier nodes only, so a file's network has no cycle, whatever is in the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from featherweight.artifact.values import Cursor, Ref, damaged, write_value, write_varint
from featherweight.artifact.vocabulary import LAYERS, arity, number_of, word

__all__ = ["Graph", "Node", "read_graph", "write_graph"]

MAX_NODES = 4096
BEFORE = 128


@dataclass(frozen=True)
class Node:
    """One step of a network: a word and its arguments, whose references are to nodes before it."""

    word: str
    arguments: tuple

    @property
    def settings(self) -> tuple:
        """Of a layer: what it is built with."""
        return self.arguments[len(LAYERS[self.word].calls) :]


@dataclass(frozen=True)
class Graph:
    """A network as data. output: a reference, or a tuple of them."""

    nodes: tuple[Node, ...]
    output: object


def write_graph(out: bytearray, graph: Graph) -> None:
    """Append a network to a header."""
    write_varint(out, len(graph.nodes))
    for place, node in enumerate(graph.nodes):
        least, defaults = arity(node.word)
        arguments = _shortened(node.arguments, least, defaults)
        chained = bool(arguments) and least > 0 and arguments[0] == Ref(place - 1)
        out.append(number_of(node.word) | BEFORE * chained)
        for value in arguments[chained:least]:
            write_value(out, value, place)
        if defaults:
            write_varint(out, len(arguments) - least)
        for value in arguments[least:]:
            write_value(out, value, place)
    write_value(out, graph.output, len(graph.nodes))


def _shortened(arguments: tuple, least: int, defaults: tuple) -> tuple:
    """Without the last arguments that are as by default."""
    kept = list(arguments)
    while len(kept) > least and _same(kept[-1], defaults[len(kept) - 1 - least]):
        kept.pop()
    return tuple(kept)


def _same(value: object, default: object) -> bool:
    return type(value) is type(default) and value == default


def read_graph(cursor: Cursor) -> Graph:
    """The network of a header. Raises ArtifactProblem."""
    nodes = tuple(_read_node(cursor, place) for place in range(cursor.varint(MAX_NODES)))
    for place, node in enumerate(nodes):
        if node.word == "again":
            _check_again(place, node, nodes)
    output = cursor.value(len(nodes))
    outputs = output if isinstance(output, tuple) else (output,)
    if not outputs or not all(isinstance(part, Ref) for part in outputs):
        raise damaged("its network has no output")
    return Graph(nodes, output)


def _read_node(cursor: Cursor, place: int) -> Node:
    byte = cursor.byte()
    name, chained = word(byte & ~BEFORE), byte >= BEFORE
    least, defaults = arity(name)
    if chained and not (place and least):
        raise damaged(f"node {place} has nothing before it")
    arguments: Sequence[object] = [Ref(place - 1)] if chained else []
    arguments += [cursor.value(place) for _ in range(least - chained)]
    if defaults:
        arguments += [cursor.value(place) for _ in range(cursor.varint(len(defaults)))]
    return Node(name, tuple(arguments))


def _check_again(place: int, node: Node, nodes: Sequence[Node]) -> None:
    layer, arguments = node.arguments
    known = type(layer) is int and 0 <= layer < place and nodes[layer].word in LAYERS
    if not known or not isinstance(arguments, tuple) or len(arguments) != len(LAYERS[nodes[layer].word].calls):
        raise damaged(f"node {place} uses a layer again that is none")
