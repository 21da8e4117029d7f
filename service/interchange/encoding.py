"""Bytes to text: UTF-8 or a sentence that says where it is not and what it looks like."""

import codecs
from collections.abc import Iterable, Iterator

from service.errors import Invalid

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(file: str, chunks: Iterable[bytes]) -> Iterator[str]:
    """The text of *chunks* without its byte order mark, in pieces that are never empty.

    Raises Invalid with the offset of the first byte that is not UTF-8.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset = 0
    for chunk in chunks:
        if offset == 0 and chunk.startswith(UTF_16):
            raise Invalid(f"{file} looks like UTF-16: it starts with its mark {chunk[:2]!r}; save it as UTF-8")
        held = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise Invalid(_not_utf_8(file, error, offset - held)) from None
        if offset == 0:
            text = text.removeprefix("\ufeff")
        offset += len(chunk)
        if text:
            yield text
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Invalid(f"{file} ends in the middle of a character ({error.object!r}), so it was cut short") from None


def _not_utf_8(file: str, error: UnicodeDecodeError, before: int) -> str:
    wrong = error.object[error.start : error.start + 1]
    around = error.object[max(0, error.start - 12) : error.start + 12]
    try:
        guess = f", so it looks like Windows-1252: {around.decode('cp1252')!r}"
    except UnicodeDecodeError:
        guess = ""
    return f"{file} is not UTF-8: byte {before + error.start} is 0x{wrong.hex().upper()}{guess}; save it as UTF-8"
