"""A row of frames as a file, written frame by frame: GIF, or MP4 with the extra `video`."""

from __future__ import annotations

import io
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image, ImageColor
from PIL.GifImagePlugin import getdata

from sim.briefing.animation.scene import TALL, WIDE
from sim.words.direction import readable

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOLD = 3_000
"""Milliseconds for which the last frame stays."""
Colour = tuple[int, int, int]
PLAIN = str.maketrans("‘’−–«»", "''--\"\"")
"""A GIF's comment is in ASCII."""
UNUSED = (255, 0, 255)
"""Far from all that is drawn: it stands for what stays as it was."""
ON_WHITE, ON_LAND = (1, 0.8, 0.6, 0.4, 0.2), (0.75, 0.5, 0.25)
"""How much ink there is at the edge of what is drawn."""


class Film(NamedTuple):
    """Frames, each drawn when it is asked for: a year of them at once would fill gigabytes."""

    draw: Callable[[float], Image.Image]
    """The picture of a day."""
    days: Sequence[float]
    """A frame each."""
    milliseconds: int
    """How long a frame stays."""
    alt: str
    """What is seen, in words."""
    inks: Sequence[str]
    """Colours of what is drawn."""
    grounds: Sequence[str]
    """Colours of what it is drawn on: white first, then land."""


class Patch(NamedTuple):
    """What is new on a frame, and where its upper left corner is."""

    picture: Image.Image
    corner: tuple[int, int] = (0, 0)


def gif(shown: Film) -> bytes:
    """As GIF, with one palette for all frames; it plays again and again."""
    colours = _palette(shown)
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours[:-3] + bytes([255]) * (768 - len(colours) + 3))
    clear = len(colours) // 3 - 1
    whole = io.BytesIO()
    for patch, milliseconds in _patches(shown, palette, clear):
        if not whole.tell():
            about = _plain(readable(shown.alt)).encode("ascii", "replace")[:255]
            patch.picture.save(whole, "gif", optimize=False, loop=0, duration=milliseconds, comment=about)
            whole.seek(-1, io.SEEK_END)  # over the trailer
            continue
        for part in getdata(patch.picture, patch.corner, duration=milliseconds, transparency=clear, disposal=1):
            whole.write(part)
    whole.write(b";")
    return whole.getvalue()


def _plain(text: str) -> str:
    """Letters without their accents, quotes and dashes of ASCII."""
    parts = unicodedata.normalize("NFKD", text.translate(PLAIN))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _patches(shown: Film, palette: Image.Image, clear: int) -> Iterator[tuple[Patch, int]]:
    """Each frame's patch and how long it stays: longer where nothing is new for a while."""
    before: NDArray[np.uint8] | None = None
    patch, milliseconds = None, 0
    for day in shown.days:
        frame = shown.draw(day).quantize(palette=palette, dither=Image.Dither.NONE)
        dots = np.asarray(frame)
        new = Patch(frame) if before is None else _changed_part(dots, before, palette, clear)
        before = dots
        if new is not None:
            if patch is not None:
                yield patch, milliseconds
            patch, milliseconds = new, 0
        milliseconds += shown.milliseconds
    if patch is not None:
        yield patch, milliseconds - shown.milliseconds + HOLD


def _changed_part(dots: NDArray[np.uint8], before: NDArray[np.uint8], palette: Image.Image, clear: int) -> Patch | None:
    """The part of a frame that differs from the one before, clear where it does not; None where all is as it was."""
    same = dots == before
    down, across = (np.flatnonzero(~same.all(axis=axis)) for axis in (1, 0))
    if not len(down):
        return None
    box = slice(down[0], down[-1] + 1), slice(across[0], across[-1] + 1)
    picture = Image.fromarray(np.where(same[box], np.uint8(clear), dots[box]))
    picture.putpalette(palette.getpalette() or [])
    return Patch(picture, (int(across[0]), int(down[0])))


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
        frame = b""
        for day in shown.days:
            frame = shown.draw(day).tobytes()
            to.send(frame)
        for _ in range(HOLD // shown.milliseconds):
            to.send(frame)
        to.close()
        return path.read_bytes()


def _palette(shown: Film) -> bytes:
    """All that is drawn, its edges on white and on land, and UNUSED at the end."""
    grounds = [_rgb(colour) for colour in shown.grounds]
    colours = dict.fromkeys(grounds)
    for ink in map(_rgb, shown.inks):
        for ground, shares in zip(grounds, (ON_WHITE, ON_LAND), strict=False):
            colours |= dict.fromkeys(_blend(ink, ground, share) for share in shares)
    colours.pop(UNUSED, None)
    return bytes(value for colour in [*list(colours)[:255], UNUSED] for value in colour)


def _blend(ink: Colour, ground: Colour, share: float) -> Colour:
    red, green, blue = (round(share * a + (1 - share) * b) for a, b in zip(ink, ground, strict=True))
    return red, green, blue


def _rgb(colour: str) -> Colour:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue
