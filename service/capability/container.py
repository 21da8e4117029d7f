"""One file of JSON and raw arrays under a digest, so that a damaged or foreign one is told from a whole one.

The file is a line of JSON (format, registry, digest of the rest), a line of JSON with plain values and where
each array lies, and the arrays, each beginning at a multiple of 64 bytes.
"""

import hashlib
import logging
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

log = logging.getLogger(__name__)

ALIGNMENT: Final = 64
LONGEST_HEADER: Final = 4096

Arrays = dict[str, NDArray[Any]]
Plain = dict[str, Any]


def write(path: Path, kind: str, registry_id: str, plain: Plain, arrays: Arrays) -> None:
    """Write the file, readable by its owner only; a reader sees the former file or all of this one."""
    places, end = {}, 0
    for name, array in arrays.items():
        places[name] = [array.dtype.str, len(array), end]
        end = _aligned(end + array.nbytes)
    pieces: list[Any] = [orjson.dumps({"arrays": places, "plain": plain}) + b"\n"]
    pieces += [np.ascontiguousarray(array).view(np.uint8).data for array in arrays.values()]
    padded = [part for piece in pieces for part in (piece, bytes(_aligned(len(piece)) - len(piece)))]
    digest = hashlib.blake2b()
    for part in padded:
        digest.update(part)
    head = orjson.dumps({"format": kind, "registry_id": registry_id, "blake2b": digest.hexdigest()}) + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        try:
            file.writelines([head, bytes(_aligned(len(head)) - len(head)), *padded])
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise


def read(path: Path, kind: str, registry_id: str) -> tuple[Plain, Arrays] | None:
    """What was written; None, and a line in the log, when it is missing, damaged, foreign or of another format."""
    try:
        content = path.read_bytes()
    except OSError as error:
        log.info("No saved file to start from: %s", error)
        return None
    body = _body(content, kind, registry_id)
    if body is None:
        return None
    end = content.index(b"\n", body)
    manifest = orjson.loads(memoryview(content)[body:end])
    begin = _aligned(end + 1)
    arrays = {
        name: np.frombuffer(content, dtype, count, begin + place)
        for name, (dtype, count, place) in manifest["arrays"].items()
    }
    return manifest["plain"], arrays


def _body(content: bytes, kind: str, registry_id: str) -> int | None:
    """Where the digested part begins, if it is whole and what was asked for."""
    end = content.find(b"\n", 0, LONGEST_HEADER)
    try:
        header = orjson.loads(content[: max(end, 0)])
    except orjson.JSONDecodeError:
        header = None
    if not isinstance(header, dict) or header.get("format") != kind:
        log.warning("The saved file is not of the format %r", kind)
        return None
    if header.get("registry_id") != registry_id:
        log.warning("The saved file is of registry %r, not %r", header.get("registry_id"), registry_id)
        return None
    body = _aligned(end + 1)
    if hashlib.blake2b(memoryview(content)[body:]).hexdigest() != header.get("blake2b"):
        log.warning("The saved file is damaged")
        return None
    return body


def _aligned(place: int) -> int:
    return place + -place % ALIGNMENT
