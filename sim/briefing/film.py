"""A row of frames as a file: GIF, or MP4 with the extra `video`."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image, ImageColor

from sim.briefing.scene import TALL, WIDE

HOLD = 3_000
"""Milliseconds for which the last frame stays."""
Colour = tuple[int, int, int]
UNUSED = (255, 0, 255)
"""Far from all that is drawn: it stands for what stays as it was."""
ON_WHITE, ON_LAND = (1, 0.8, 0.6, 0.4, 0.2), (0.75, 0.5, 0.25)
"""How much ink there is at the edge of what is drawn."""


class Film(NamedTuple):
    """Frames and how long each stays."""

    frames: Sequence[Image.Image]
    milliseconds: int
    alt: str
    """What is seen, in words."""
    inks: Sequence[str]
    """Colours of what is drawn."""
    grounds: Sequence[str]
    """Colours of what it is drawn on: white first, then land."""


def gif(shown: Film) -> bytes:
    """As GIF, with one palette for all frames; it plays again and again."""
    colours = _palette(shown)
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours[:-3] + bytes([255]) * (768 - len(colours) + 3))
    first, *others = (frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in shown.frames)
    whole = io.BytesIO()
    first.save(
        whole,
        "gif",
        save_all=True,
        append_images=others,
        palette=colours,
        transparency=len(colours) // 3 - 1,  # what stays as it was is not said again
        optimize=True,
        duration=[shown.milliseconds] * len(others) + [HOLD],
        loop=0,
        comment=shown.alt.encode("ascii", "replace")[:255],
    )
    return whole.getvalue()


def mp4(shown: Film) -> bytes:
    """As MP4 (H.264). ImportError where the extra `video` is not installed."""
    import imageio_ffmpeg

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        exact = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1", "-threads", "1"]
        to: Any = imageio_ffmpeg.write_frames(
            str(path), (WIDE, TALL), fps=1000 / shown.milliseconds, quality=8, macro_block_size=2, output_params=exact
        )
        to.send(None)
        for frame in [*shown.frames, *[shown.frames[-1]] * (HOLD // shown.milliseconds)]:
            to.send(frame.tobytes())
        to.close()
        return path.read_bytes()


def _palette(shown: Film) -> bytes:
    """All that is drawn, its edges on white and on land, and UNUSED at the end."""
    grounds = [_rgb(colour) for colour in shown.grounds]
    colours = dict.fromkeys(grounds)
    for ink in map(_rgb, shown.inks):
        for ground, shares in zip(grounds, (ON_WHITE, ON_LAND), strict=False):
            colours |= dict.fromkeys(_mixed(ink, ground, share) for share in shares)
    colours.pop(UNUSED, None)
    return bytes(value for colour in [*list(colours)[:255], UNUSED] for value in colour)


def _mixed(ink: Colour, ground: Colour, share: float) -> Colour:
    red, green, blue = (round(share * a + (1 - share) * b) for a, b in zip(ink, ground, strict=True))
    return red, green, blue


def _rgb(colour: str) -> Colour:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue
