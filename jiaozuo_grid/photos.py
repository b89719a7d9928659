"""Photos: optional always; re-encoded, so that neither position nor anything else comes along."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 1600


def cleaned(upload: Any, field: str = "photo") -> ContentFile[bytes]:
    """The picture alone, upright, at most 1600 px a side, as JPEG under a random name.

    Raises ``ValidationError`` at ``field``.
    """
    if upload.size > MAX_BYTES:
        raise ValidationError({field: _("The photo is larger than 10 MB. Choose a smaller one.")})
    try:
        with Image.open(upload, formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValueError("too many pixels")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            out = BytesIO()
            # Comments and profiles would be written along with the pixels.
            upright.info.clear()
            upright.save(out, "JPEG", quality=80)
    except (OSError, ValueError, struct.error, SyntaxError, Image.DecompressionBombError):
        raise ValidationError(
            {field: _("This photo cannot be read. Choose a JPEG, PNG or WebP picture.")}
        ) from None
    return ContentFile(out.getvalue(), name=f"{uuid4()}.jpg")
