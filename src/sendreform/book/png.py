"""PNG pictures, packed well."""

import zlib

#: What a PNG ends with: the name of its last chunk, and its check.
_END_OF_PNG = b"IEND\xaeB`\x82"


def packed(png: bytes) -> bytes:
    """Return a PNG with its pixels packed well, a quarter of the size; vl-convert packs fast."""
    before, pixels, rest = b"", b"", png[8:]
    while rest:
        length = int.from_bytes(rest[:4])
        chunk, rest = rest[: 12 + length], rest[12 + length :]
        if chunk[4:8] == b"IDAT":
            pixels += chunk[8:-4]
        elif chunk[4:8] != b"IEND":
            before += chunk
    packed = b"IDAT" + zlib.compress(zlib.decompress(pixels))
    check = zlib.crc32(packed).to_bytes(4)
    return b"".join(
        [png[:8], before, (len(packed) - 4).to_bytes(4), packed, check, b"\0\0\0\0", _END_OF_PNG]
    )
