"""The index beside the data, so that a restart reads only later changes."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from service.capability.assertions import Assertions
from service.capability.blocks import Block, with_decisions
from service.capability.container import Arrays, Plain, read, write
from service.capability.identities import Identities
from service.capability.index import Snapshot
from service.capability.references import Ids, References
from service.capability.registers import Names, Register, Registers
from service.capability.rows import EMPTY, Rows, joined
from service.capability.states import DecisionState
from service.capability.tables import KINDS, LOOK_UPS, Table, Tables

FORMAT: Final = "capability index 3"


def save(snapshot: Snapshot, path: Path) -> None:
    """Write *snapshot* to *path*, readable by its owner only; a reader sees the former file or all of this one."""
    plain: Plain = {
        "seq": snapshot.seq,
        "names": {name: identities.ids for name, identities in vars(snapshot.names).items()},
        "tables": {kind.__name__: _columns(getattr(snapshot.tables, LOOK_UPS[kind][0])) for kind in KINDS},
    }
    references = snapshot.assertions.references.all()
    arrays: Arrays = {"text": np.frombuffer(references.text, np.uint8)}
    arrays |= {name: getattr(references, name) for name in ("ends", "skills", "digests")}
    for parts in (_register_parts(snapshot), _block_parts(snapshot), _decision_parts(snapshot)):
        plain |= parts[0]
        arrays |= parts[1]
    write(path, FORMAT, snapshot.registry_id, plain, arrays)


def load(path: Path, registry_id: str) -> Snapshot | None:
    """The snapshot saved at *path*; None when there is none, or it is damaged, foreign or of another format."""
    content = read(path, FORMAT, registry_id)
    if content is None:
        return None
    plain, arrays = content
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


def _columns(states: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return list(map(list, zip(*states, strict=True)))


def _register_parts(snapshot: Snapshot) -> tuple[Plain, Arrays]:
    texts: dict[str, dict[str, list[str]]] = {}
    arrays: Arrays = {}
    for kind, register in snapshot.registers._asdict().items():
        texts[kind] = {}
        for name, column in register.columns.items():
            if column.dtype == np.object_:
                texts[kind][name] = column.tolist()
            else:
                arrays[f"{kind} {name}"] = column
    return {"registers": texts}, arrays


def _register(kind: str, texts: Mapping[str, Sequence[str]], arrays: Arrays) -> Register:
    columns = {name.removeprefix(f"{kind} "): array for name, array in arrays.items() if name.startswith(f"{kind} ")}
    for name, values in texts.items():
        columns[name] = np.empty(len(values), np.object_)
        columns[name][:] = values
    return Register(columns)


def _block_parts(snapshot: Snapshot) -> tuple[Plain, Arrays]:
    """Counts of rows and decisions by skill id, and the rows of all blocks one after the other.

    A block whose decisions change nothing has no count of counting rows.
    """
    blocks = snapshot.assertions.blocks
    cut = {skill_id: block.counting for skill_id, block in blocks.items() if block.counting is not block.stated}
    counts = {
        skill_id: [
            len(block.stated.person),
            len(cut[skill_id].person) if skill_id in cut else None,
            sum(map(len, block.decisions.values())),
        ]
        for skill_id, block in blocks.items()
    }
    stated = joined([EMPTY, *(block.stated for block in blocks.values())])
    counting = joined([EMPTY, *cut.values()])
    arrays = {f"stated {name}": column for name, column in stated._asdict().items()}
    arrays |= {f"counting {name}": column for name, column in counting._asdict().items()}
    return {"blocks": counts}, arrays


def _decision_parts(snapshot: Snapshot) -> tuple[Plain, Arrays]:
    """The decisions of all blocks one after the other."""
    blocks = snapshot.assertions.blocks.values()
    found = [pair for block in blocks for pair in block.decisions.items()]
    states = [each for _, decisions in found for each in decisions]
    ids, recorded, retracted, kinds, verifiers, decided, suspended = _columns(states) or [[]] * len(
        DecisionState._fields
    )
    arrays: Arrays = {
        "decision reference": np.repeat(
            np.array([reference for reference, _ in found], np.int32), [len(decisions) for _, decisions in found]
        ),
        "decision recorded": np.array(recorded, np.int64),
        "decision retracted": np.array(retracted, np.int64),
        "decision decided": np.array(decided, np.int32),
        "decision suspended": np.array(suspended, np.int32),
    }
    return {"decisions": {"ids": ids, "kinds": kinds, "verifiers": verifiers}}, arrays


def _decisions(plain: Plain, arrays: Arrays) -> Iterable[tuple[int, DecisionState]]:
    once: dict[str, str] = {}
    states = map(
        DecisionState,
        plain["decisions"]["ids"],
        arrays["decision recorded"].tolist(),
        arrays["decision retracted"].tolist(),
        (once.setdefault(each, each) for each in plain["decisions"]["kinds"]),
        (once.setdefault(each, each) for each in plain["decisions"]["verifiers"]),
        arrays["decision decided"].tolist(),
        arrays["decision suspended"].tolist(),
    )
    return zip(arrays["decision reference"].tolist(), states, strict=True)


def _blocks(plain: Plain, arrays: Arrays) -> dict[str, Block]:
    stated = Rows._make(arrays[f"stated {name}"] for name in Rows._fields)
    counting = Rows._make(arrays[f"counting {name}"] for name in Rows._fields)
    decisions = iter(_decisions(plain, arrays))
    blocks: dict[str, Block] = {}
    at = at_counting = 0
    for skill_id, (count, count_counting, count_decisions) in plain["blocks"].items():
        rows = part = stated.take(slice(at, at + count))
        at += count
        if count_counting is not None:
            rows = counting.take(slice(at_counting, at_counting + count_counting))
            at_counting += count_counting
        blocks[skill_id] = Block(part, rows, with_decisions({}, islice(decisions, count_decisions)))
    return blocks
