"""Figures of the lesson on eight bits: values and their codes, sound with the speech that is heard, small moments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from featherweight.lab.palette import GHOST, INK, plot_options, style, text_colour
from featherweight.lab.plots import Picture, label_ends, label_line, new_figure, picture
from featherweight.lab.speech import FRAME, RATE
from featherweight.lab.speech_runs import BITS, WAYS, Results
from featherweight.lab.statistics import mean_interval

__all__ = ["code_map", "f1_curves", "number_line", "readings", "sounds"]

LABELS = {
    "per tensor": "one scale",
    "percentile": "… by percentile",
    "squared error": "… by squared error",
    "per channel": "one per channel",
}
LOOKS = {"percentile": "clipping"}


def number_line(values: Tensor, scale: float, zero_point: int, low: int, high: int, alt: str) -> Picture:
    """Values above, the codes that they can get below, and a line from each value to the code it gets."""
    figure, (axes,) = new_figure(size=(7.2, 1.7))
    codes = np.arange(low, high + 1)
    places = scale * (codes - zero_point)
    given = np.clip(np.round(values.numpy() / scale) + zero_point, low, high).astype(int)
    axes.plot(places, np.zeros(len(places)), "|", color=INK, markersize=12)
    for place, code in zip(places, codes, strict=True):
        weight = "bold" if code in given else "normal"
        axes.text(place, -0.35, f"{code}".replace("-", "−"), ha="center", va="top", fontsize=9, fontweight=weight)
    for value, code in zip(values.tolist(), given.tolist(), strict=True):
        axes.plot([value, scale * (code - zero_point)], [1, 0.15], color=style("rounding").colour, linewidth=1.2)
        axes.plot(value, 1, "o", color=style("per tensor").colour, markersize=5)
        axes.text(value, 1.2, f"{value:g}".replace("-", "−"), ha="center", fontsize=9)
    axes.plot([0, 0], [-0.1, 1], ":", color=GHOST, zorder=0)
    axes.set(yticks=[0, 1], ylim=(-1.1, 1.7))
    axes.set_yticklabels(["code", "value"])
    axes.set_xticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    return picture(figure, alt)


def sounds(sound: Tensor, heard: dict[str, Tensor], alt: str, looks: Sequence[str]) -> Picture:
    """The same sound once for each network, what the network hears as speech shaded. heard: name → (frames,) bool."""
    figure, panels = _stack(len(heard))
    seconds = np.arange(len(sound)) / RATE
    for axes, (name, frames), look in zip(panels, heard.items(), looks, strict=True):
        axes.plot(seconds[::8], sound[::8].numpy(), color=INK, linewidth=0.5)
        spoken = np.repeat(frames.numpy(), FRAME)
        shade = {"color": style(look).colour, "alpha": 0.35, "linewidth": 0}
        axes.fill_between(seconds[: len(spoken)], -1, 1, where=spoken, transform=axes.get_xaxis_transform(), **shade)
        axes.set(yticks=[], xlim=(0, seconds[-1]), ylim=(-0.5, 0.5))
        axes.set_title(f"{name}: {int(frames.sum())} of {len(frames)} frames are speech", fontsize=10, loc="left")
    panels[-1].set_xlabel("seconds")
    return picture(figure, alt)


def readings(images: Tensor, read: dict[str, Tensor]) -> Picture:
    """A row of digits, and below it what each network reads; what differs from the first network's is marked."""
    figure, panels = new_figure(len(images), size=(7.2, 1.0 + 0.25 * len(read)))
    wanted = next(iter(read.values()))
    for number, (axes, image) in enumerate(zip(panels, images, strict=True)):
        axes.imshow(image.numpy(), cmap="gray_r")
        texts = [f"{int(labels[number])}" for labels in read.values()]
        texts = [text if text == texts[0] else f"[{text}]" for text in texts]
        axes.set(xticks=[], yticks=[], xlabel="\n".join(texts))
        axes.spines[:].set_visible(False)
    right = ", ".join(f"{name} {int((labels == wanted).sum())}" for name, labels in read.items())
    figure.suptitle(f"top to bottom: {', '.join(read)}", fontsize=10)
    return picture(figure, f"{len(images)} digits, read as by the first network: {right}")


def _stack(rows: int):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 0.5 + 1.05 * rows), layout="constrained", facecolor="white")
    panels = figure.subplots(rows, 1, sharex=True, squeeze=False)[:, 0]
    for axes in panels:
        axes.spines[["top", "right", "left"]].set_visible(False)
    return figure, list(panels)


def f1_curves(results: Results, alt: str) -> Picture:
    """F1 of the speech frames over bits, for each way to choose scales; bands are 95% intervals over recordings."""
    figure, (axes,) = new_figure(size=(7.2, 3.0))
    ends = []
    for way in WAYS:
        look = LOOKS.get(way, way)
        rows = [mean_interval(results.rows[f"{way} {bits}"].f1) for bits in BITS]
        low, high = [max(row.low, 0) for row in rows], [min(row.high, 1) for row in rows]
        axes.fill_between(BITS, low, high, color=style(look).colour, alpha=0.15, linewidth=0)
        axes.plot(BITS, [row.estimate for row in rows], **plot_options(look))
        ends.append((BITS[0], rows[0].estimate, LABELS[way], text_colour(look)))
    axes.set(xlabel="bits for each weight", ylabel="F1 against 32 bits", ylim=(-0.07, 1.05), xlim=(2.9, 9.4))
    axes.set_xticks(BITS)
    label_ends(axes, ends)
    return picture(figure, alt)


def code_map(moment: Tensor, maps: dict[str, Tensor], block: int, alt: str) -> Picture:
    """Sizes of a moment over the largest of its block, and the entries of each map, on one logarithmic axis."""
    figure, (axes,) = new_figure(size=(7.2, 2.8))
    flat = moment.flatten().cpu()
    blocks = torch.nn.functional.pad(flat, (0, -len(flat) % block)).view(-1, block).abs()
    sizes = (blocks / blocks.amax(1, keepdim=True).clamp(min=1e-45)).flatten()
    sizes = sizes[sizes > 0].log10().numpy()
    counts, edges = np.histogram(sizes, np.linspace(-9, 0, 61))
    heights = counts / counts.max()
    axes.stairs(heights, 10.0**edges, fill=True, color=style("dense").colour, alpha=0.25)
    label_line(axes, 10.0 ** edges[heights.argmax()], 1.0, "numbers in the moment", INK, lift=2, ha="right")
    for row, ((name, entries), look) in enumerate(zip(maps.items(), ("8-bit state", "rounding"), strict=True)):
        seen = entries[entries > 0].cpu().numpy()
        axes.plot(seen, np.full(len(seen), -0.2 - 0.25 * row), "|", color=style(look).colour, markersize=11)
        label_line(axes, 1.2e-10, -0.2 - 0.25 * row, f"entries of the {name}", text_colour(look), lift=-3)
    axes.set(xscale="log", xlim=(1e-10, 2), ylim=(-0.6, 1.2), yticks=[])
    axes.set_xlabel("size, over the largest of the block (log scale)")
    axes.spines["left"].set_visible(False)
    return picture(figure, alt)
