"""The network as a graphviz drawing: layers as boxes, shapes on the edges, containers as frames."""

from __future__ import annotations

import shutil
import textwrap
from dataclasses import dataclass
from subprocess import CalledProcessError
from typing import cast

import graphviz

from builder.catalogue import CATALOGUE
from builder.check import BlockReport, Report
from builder.document import Block, TensorType
from builder.export.palette import DARK, LIGHT, Palette

FORMATS = ("svg", "png", "pdf")
MISSING = (
    "Pictures need graphviz's program dot, which is not installed. Debian and Ubuntu: "
    "apt install graphviz; macOS: brew install graphviz; Windows: winget install graphviz."
)
MESSAGE_WIDTH = 44


class DiagramError(RuntimeError):
    """A drawing that could not be made into a picture; the message says what to install."""


@dataclass(frozen=True)
class Tail:
    """Where the drawing has come to: a node, and the type that leaves it (None: unknown)."""

    node: str
    output: TensorType | None


def draw(report: Report, dark: bool = False) -> graphviz.Digraph:
    """The drawing of a network, faults marked; its ``source`` needs no graphviz program."""
    return _Drawing(report, DARK if dark else LIGHT).finish()


def missing_program() -> str | None:
    """What to install before pictures can be made, or None when nothing is missing."""
    return None if shutil.which("dot") else MISSING


def render(report: Report, suffix: str, dark: bool = False) -> bytes:
    """The drawing as a picture: svg, png or pdf.

    Raises DiagramError when graphviz's program ``dot`` is missing or fails, ValueError for
    another format.
    """
    if suffix not in FORMATS:
        raise ValueError(f"expected one of {', '.join(FORMATS)}, got {suffix!r}")
    try:
        return cast(bytes, draw(report, dark).pipe(format=suffix))
    except graphviz.ExecutableNotFound:
        raise DiagramError(MISSING) from None
    except CalledProcessError as error:
        raise DiagramError(f"graphviz could not draw the network: {error}.") from None


class _Drawing:
    """Draws lane after lane; edges come last, so that none pulls a node into a wrong frame.

    Node names: ``in`` and ``out``, ``b_`` + id for a layer, ``j_`` + id where a container joins
    its lanes, ``e_`` + id + lane for an empty lane.
    """

    def __init__(self, report: Report, palette: Palette) -> None:
        self.report = report
        self.palette = palette
        self.edges: list[tuple[Tail, str, str]] = []
        self.graph = graphviz.Digraph("network")
        text = {"fontname": "Helvetica", "fontsize": "11", "fontcolor": palette.ink}
        self.graph.attr("graph", bgcolor=palette.paper, rankdir="TB", nodesep="0.3", **text)
        self.graph.attr("node", shape="box", style="rounded,filled", margin="0.18,0.08", **text)
        self.graph.attr("edge", color=palette.line, arrowsize="0.7", **text)

    def finish(self) -> graphviz.Digraph:
        """Draw everything."""
        network = self.report.network
        self._plain(self.graph, "in", "Input")
        end = self._lane(self.graph, network.blocks, Tail("in", network.input))
        self._plain(self.graph, "out", "Output")
        self._connect(end, "out")
        for tail, head, style in self.edges:
            label = "" if tail.output is None else f" {tail.output} "
            style = style if tail.output is not None else "dotted"
            self.graph.edge(tail.node, head, label=_label(label), style=style)
        return self.graph

    def _connect(self, tail: Tail, head: str, style: str = "solid") -> None:
        self.edges.append((tail, head, style))

    def _plain(self, graph: graphviz.Digraph, node: str, *lines: str) -> None:
        fill, line = self.palette.paper, self.palette.line
        graph.node(node, _label(*lines), fillcolor=fill, color=line)

    def _lane(self, graph: graphviz.Digraph, lane: tuple[Block, ...], tail: Tail) -> Tail:
        for block in lane:
            if block.lanes and not block.bypassed:
                tail = self._container(graph, block, tail)
            else:
                tail = self._layer(graph, block, tail)
        return tail

    def _layer(self, graph: graphviz.Digraph, block: Block, tail: Tail) -> Tail:
        found = self.report.blocks[block.id]
        node = f"b_{block.id}"
        category = CATALOGUE[block.kind].category
        look = {"fillcolor": self.palette.fill(category), "color": self.palette.accent(category)}
        if found.state == "bypassed":
            look = {"fillcolor": self.palette.paper, "color": self.palette.line}
            look["style"] = "rounded,dashed"
        if found.state == "waiting":
            look["style"] = "rounded,filled,dashed"
        graph.node(node, _label(block.label, *_about(found)), **(look | self._mark(found)))
        self._connect(tail, node)
        return Tail(node, found.output)

    def _container(self, graph: graphviz.Digraph, block: Block, tail: Tail) -> Tail:
        found = self.report.blocks[block.id]
        lanes = CATALOGUE[block.kind].lanes
        assert lanes is not None
        with graph.subgraph(name=f"cluster_{block.id}") as frame:
            accent = self.palette.accent(CATALOGUE[block.kind].category)
            look = {"color": accent, "style": "rounded", "labeljust": "l"} | self._mark(found)
            frame.attr(label=_label(block.label, *_about(found)), **look)
            ends = [self._framed_lane(frame, block, i, tail) for i in range(len(block.lanes))]
            if lanes.mark is None:
                return Tail(ends[0].node, found.output)
            node = f"j_{block.id}"
            mark = _label(lanes.mark(found.arguments))
            frame.node(node, mark, shape="oval", color=accent, fillcolor=self.palette.paper)
        for end in ends:
            self._connect(end, node)
        if lanes.adds_input:
            self._connect(tail, node, "dashed")
        return Tail(node, found.output)

    def _framed_lane(self, frame: graphviz.Digraph, block: Block, index: int, tail: Tail) -> Tail:
        """A lane of a container; an empty one is a node too, or its frame would vanish."""
        lane = block.lanes[index]
        if lane:
            return self._lane(frame, lane, tail)
        node = f"e_{block.id}_{index}"
        self._plain(frame, node, "passes through")
        self._connect(tail, node)
        return Tail(node, tail.output)

    def _mark(self, found: BlockReport) -> dict[str, str]:
        if found.state != "fault":
            return {}
        return {"color": self.palette.fault, "fontcolor": self.palette.fault, "penwidth": "2"}


def _about(found: BlockReport) -> list[str]:
    """The lines below a block's name: its key arguments and parameters, or its fault."""
    if found.issue:
        return textwrap.wrap(f"✗ {found.issue.message}", MESSAGE_WIDTH)
    if found.state == "bypassed":
        return ["switched off"]
    if found.state != "ok":
        return []
    brief = CATALOGUE[found.block.kind].brief(found.arguments)
    frozen = "" if found.trainable else ", frozen"
    count = f"{found.parameters:,} parameters{frozen}" if found.parameters else ""
    return [line for line in (brief, count) if line]


def _label(*lines: str) -> str:
    """A label of these lines, in which nothing means anything to graphviz."""
    return cast(str, graphviz.nohtml("\\n".join(str(graphviz.escape(line)) for line in lines)))
