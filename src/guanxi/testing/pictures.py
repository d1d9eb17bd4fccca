"""Pictures small enough for a repository: a PNG of at most 256 colours, written without a picture library."""

import struct
import zlib
from base64 import b64decode
from collections import Counter

from playwright.sync_api import Browser


def smaller(picture: bytes, browser: Browser) -> bytes:
    """A screenshot with its colours reduced to 256; `browser` decodes it."""
    width, height, pixels = _decoded(picture, browser)
    palette, indexed = _reduced(pixels)
    rows = b"".join(b"\0" + indexed[start : start + width] for start in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", head),
            (b"PLTE", palette),
            (b"IDAT", zlib.compress(rows, 9)),
            (b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _decoded(picture: bytes, browser: Browser) -> tuple[int, int, list[int]]:
    """Width, height and the pixels as 24-bit numbers."""
    page = browser.new_page()
    try:
        width, height, text = page.evaluate(
            """async bytes => {
                const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }));
                const canvas = new OffscreenCanvas(image.width, image.height);
                const drawn = canvas.getContext('2d');
                drawn.drawImage(image, 0, 0);
                const { data } = drawn.getImageData(0, 0, image.width, image.height);
                let text = '';
                for (let i = 0; i < data.length; i += 4)
                    text += String.fromCharCode(data[i], data[i + 1], data[i + 2]);
                return [image.width, image.height, btoa(text)];
            }""",
            list(picture),
        )
    finally:
        page.close()
    raw = b64decode(text)
    return width, height, [raw[i] << 16 | raw[i + 1] << 8 | raw[i + 2] for i in range(0, len(raw), 3)]


def _reduced(pixels: list[int]) -> tuple[bytes, bytes]:
    """The palette, and for each pixel its place there: the commonest colours, and for the rest the nearest."""
    counted = Counter(pixels)
    chosen = [colour for colour, _ in counted.most_common(256)]
    places = {colour: place for place, colour in enumerate(chosen)}
    for colour in counted.keys() - places.keys():
        places[colour] = min(range(len(chosen)), key=lambda place: _distance(colour, chosen[place]))
    palette = b"".join(colour.to_bytes(3, "big") for colour in chosen)
    return palette, bytes(map(places.__getitem__, pixels))


def _distance(one: int, other: int) -> int:
    return sum(((one >> shift & 255) - (other >> shift & 255)) ** 2 for shift in (0, 8, 16))
