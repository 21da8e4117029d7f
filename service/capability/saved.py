"""The index beside the data: one file of raw arrays and JSON, so that a restart reads only later changes.

The file is a line of JSON (format, registry, digest of the rest), a line of JSON with the smaller kinds
and where each array lies, and the arrays, each beginning at a multiple of 64 bytes.
"""

import hashlib
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from service.capability.assertions import Assertions
from service.capability.blocks import Block, with_decisions
from service.capability.identities import Identities
from service.capability.index import Snapshot
from service.capability.references import Ids, References
from service.capability.registers import Names, Register, Registers
from service.capability.rows import EMPTY, Rows, joined
from service.capability.states import DecisionState
from service.capability.tables import KINDS, LOOK_UPS, Table, Tables

log = logging.getLogger(__name__)

FORMAT: Final = "capability index 1"
ALIGNMENT: Final = 64
LONGEST_HEADER: Final = 4096

Arrays = dict[str, NDArray[Any]]
Plain = dict[str, Any]


def save(snapshot: Snapshot, path: Path) -> None:
    """Write *snapshot* to *path*, readable by its owner only; a reader sees the former file or all of this one."""
    plain, arrays = _parts(snapshot)
    places, end = {}, 0
    for name, array in arrays.items():
        places[name] = [array.dtype.str, len(array), end]
        end += array.nbytes + -array.nbytes % ALIGNMENT
    pieces: list[Any] = [orjson.dumps({"arrays": places, "plain": plain}) + b"\n"]
    pieces += [np.ascontiguousarray(array).view(np.uint8).data for array in arrays.values()]
    padded = [part for piece in pieces for part in (piece, b"\0" * (-len(piece) % ALIGNMENT))]
    digest = hashlib.blake2b()
    for part in padded:
        digest.update(part)
    header = {"format": FORMAT, "registry_id": snapshot.registry_id, "blake2b": digest.hexdigest()}
    head = orjson.dumps(header) + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        try:
            file.writelines([head, b"\0" * (-len(head) % ALIGNMENT), *padded])
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise


def load(path: Path, registry_id: str) -> Snapshot | None:
    """The snapshot saved at *path*; None when there is none, or it is damaged, foreign or of another format."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        log.info("No saved index at %s", path)
        return None
    except OSError as error:
        log.warning("The saved index cannot be read: %s", error)
        return None
    body = _checked(content, registry_id)
    if body is None:
        return None
    manifest = orjson.loads(content[body : content.index(b"\n", body)])
    begin = _aligned(content.index(b"\n", body) + 1)
    arrays = {
        name: np.frombuffer(content, kind, count, begin + place)
        for name, (kind, count, place) in manifest["arrays"].items()
    }
    return _snapshot(manifest["plain"], arrays, registry_id)


def _checked(content: bytes, registry_id: str) -> int | None:
    """Where the digested part begins; None, and a line in the log, unless it is whole and of this registry."""
    end = content.find(b"\n", 0, LONGEST_HEADER)
    try:
        header = orjson.loads(content[: max(end, 0)])
    except orjson.JSONDecodeError:
        header = None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        log.warning("The saved index is not of the format %r; it is rebuilt", FORMAT)
        return None
    if header.get("registry_id") != registry_id:
        log.warning("The saved index is of registry %r, not %r; it is rebuilt", header.get("registry_id"), registry_id)
        return None
    body = _aligned(end + 1)
    if hashlib.blake2b(memoryview(content)[body:]).hexdigest() != header.get("blake2b"):
        log.warning("The saved index is damaged; it is rebuilt")
        return None
    return body


def _aligned(place: int) -> int:
    return place + -place % ALIGNMENT


def _parts(snapshot: Snapshot) -> tuple[Plain, Arrays]:
    """What a snapshot is made of: plain values for JSON, and arrays."""
    blocks = snapshot.assertions.blocks
    is_cut = {skill_id: block.counting is not block.stated for skill_id, block in blocks.items()}
    plain: Plain = {
        "seq": snapshot.seq,
        "names": {name: identities.ids for name, identities in vars(snapshot.names).items()},
        "blocks": {
            skill_id: [len(block.stated.person), len(block.counting.person) if is_cut[skill_id] else None]
            for skill_id, block in blocks.items()
        },
        "tables": {kind.__name__: _columns(getattr(snapshot.tables, LOOK_UPS[kind][0])) for kind in KINDS},
        "decisions": {
            skill_id: _columns(chain.from_iterable(block.decisions.values()))
            for skill_id, block in blocks.items()
            if block.decisions
        },
        "registers": {},
    }
    references = snapshot.assertions.references.all()
    arrays: Arrays = {"text": np.frombuffer(references.text, np.uint8)}
    arrays |= {name: getattr(references, name) for name in ("ends", "skills", "digests")}
    stated = joined([EMPTY, *(block.stated for block in blocks.values())])
    counting = joined([EMPTY, *(block.counting for skill_id, block in blocks.items() if is_cut[skill_id])])
    for name in Rows._fields:
        arrays[f"stated {name}"] = getattr(stated, name)
        arrays[f"counting {name}"] = getattr(counting, name)
    for kind, register in snapshot.registers._asdict().items():
        texts = [name for name, column in register.columns.items() if column.dtype == np.object_]
        plain["registers"][kind] = {name: register[name].tolist() for name in texts}
        arrays |= {f"{kind} {name}": register[name] for name in register.columns if name not in texts}
    return plain, arrays


def _columns(states: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return list(map(list, zip(*states, strict=True)))


def _snapshot(plain: Plain, arrays: Arrays, registry_id: str) -> Snapshot:
    """The snapshot that was made into *plain* and *arrays*."""
    names = Names()
    for name, ids in plain["names"].items():
        setattr(names, name, Identities(ids))
    tables: dict[str, Table[Any]] = {}
    for kind, state in KINDS.items():
        states = list(map(state._make, zip(*plain["tables"][kind.__name__], strict=True)))
        for look_up in LOOK_UPS[kind]:
            tables[look_up] = getattr(Tables(), look_up).merged(states)
    references = References(Ids(arrays["text"].tobytes(), arrays["ends"], arrays["skills"], arrays["digests"]))
    return Snapshot(
        seq=plain["seq"],
        registry_id=registry_id,
        names=names,
        tables=Tables(**tables),
        registers=Registers._make(_register(kind, plain["registers"][kind], arrays) for kind in Registers._fields),
        assertions=Assertions(_blocks(plain, arrays), references),
    )


def _register(kind: str, texts: Mapping[str, Sequence[str]], arrays: Arrays) -> Register:
    columns = {name.removeprefix(f"{kind} "): array for name, array in arrays.items() if name.startswith(f"{kind} ")}
    for name, values in texts.items():
        columns[name] = np.empty(len(values), np.object_)
        columns[name][:] = values
    return Register(columns)


def _blocks(plain: Plain, arrays: Arrays) -> dict[str, Block]:
    stated = Rows._make(arrays[f"stated {name}"] for name in Rows._fields)
    counting = Rows._make(arrays[f"counting {name}"] for name in Rows._fields)
    blocks: dict[str, Block] = {}
    at = at_counting = 0
    for skill_id, (count, count_counting) in plain["blocks"].items():
        states = map(DecisionState._make, zip(*plain["decisions"].get(skill_id, ()), strict=True))
        part = stated.take(slice(at, at + count))
        at += count
        if count_counting is None:
            rows = part
        else:
            rows = counting.take(slice(at_counting, at_counting + count_counting))
            at_counting += count_counting
        blocks[skill_id] = Block(part, rows, with_decisions({}, list(states)))
    return blocks
