"""What a picture looks like in 64 bits, so that the same one sent twice is seen.

A difference hash: the picture shrunk to 9 × 8 grey points, and for each whether the one to its
right is brighter. It survives other sizes, qualities and formats; two pictures of one crowd taken
a step apart differ.
"""

from __future__ import annotations

from typing import IO, Any

from PIL import Image, ImageOps

SIDE = 8


def print_of(picture: IO[bytes] | Any) -> str:
    """The 16 hexadecimal digits of a readable picture; it is left as if nobody had read it."""
    picture.seek(0)
    with Image.open(picture) as opened:
        grey = ImageOps.exif_transpose(opened).convert("L").resize((SIDE + 1, SIDE), _SMOOTH)
        points = grey.tobytes()
    picture.seek(0)
    bits = 0
    for row in range(SIDE):
        for column in range(SIDE):
            at = row * (SIDE + 1) + column
            bits = bits << 1 | (points[at] < points[at + 1])
    return f"{bits:016x}"


_SMOOTH = Image.Resampling.BOX
