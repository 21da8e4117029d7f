"""Ids of assertions, kept as bytes: millions of them in a tenth of the room that strings take."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from zlib import crc32

import numpy as np
from numpy.typing import NDArray


class References:
    """Ids of assertion states and the skills they were stated for; a reference is a place in it.

    It only grows, so that all snapshots share one. An id that was corrected has several references.
    """

    def __init__(
        self, text: bytes, ends: NDArray[np.int64], skills: NDArray[np.int32], digests: NDArray[np.uint32]
    ) -> None:
        self._text = text
        self._ends = ends
        self._skills = skills
        self._digests = digests
        self._late_ids: list[str] = []
        self._late_skills: list[int] = []
        self._late_places: dict[str, list[int]] = {}

    @classmethod
    def of(cls, ids: Sequence[str], skills: NDArray[np.int32]) -> "References":
        """The ids of assertion states and, for each, the row of its skill."""
        text = "".join(ids).encode()
        sizes: Iterable[int] = map(len, ids) if text.isascii() else (len(each.encode()) for each in ids)
        ends = np.cumsum(np.fromiter(sizes, np.int64, len(ids)), dtype=np.int64)
        return cls(text, ends, skills, np.fromiter((crc32(each.encode()) for each in ids), np.uint32, len(ids)))

    @classmethod
    def joined(cls, parts: Sequence["References"]) -> "References":
        """One after the other; no part may have appended states."""
        shifts = np.cumsum([0, *(len(part._text) for part in parts)])
        return cls(
            b"".join(part._text for part in parts),
            np.concatenate([part._ends + shift for part, shift in zip(parts, shifts[:-1], strict=True)]),
            np.concatenate([part._skills for part in parts]),
            np.concatenate([part._digests for part in parts]),
        )

    def __len__(self) -> int:
        return len(self._ends) + len(self._late_ids)

    def append(self, identity: str, skill: int) -> int:
        """The reference of one more state."""
        reference = len(self)
        self._late_places.setdefault(identity, []).append(reference)
        self._late_skills.append(skill)
        self._late_ids.append(identity)
        return reference

    def id(self, reference: int) -> str:
        """The assertion's id."""
        late = reference - len(self._ends)
        return self._bytes(reference).decode() if late < 0 else self._late_ids[late]

    def skill(self, reference: int) -> int:
        """Row of the skill that the state was about."""
        late = reference - len(self._ends)
        return int(self._skills[reference]) if late < 0 else self._late_skills[late]

    def find(self, identity: str) -> list[int]:
        """The references of all states of an assertion."""
        sought = identity.encode()
        digests, places = self._by_digest
        digest = np.uint32(crc32(sought))
        first = np.searchsorted(digests, digest, side="left")
        until = np.searchsorted(digests, digest, side="right")
        early = sorted(place for place in places[first:until].tolist() if self._bytes(place) == sought)
        return early + self._late_places.get(identity, [])

    def compact(self, references: NDArray[np.int32]) -> "References":
        """The ids at *references*, in that order, and nothing else."""
        skills = np.fromiter(map(self.skill, references.tolist()), np.int32, len(references))
        return References.of([self.id(reference) for reference in references.tolist()], skills)

    @property
    def parts(self) -> tuple[bytes, NDArray[np.int64], NDArray[np.int32], NDArray[np.uint32]]:
        """What ``References`` is made from; refuses when states were appended: ``compact`` first."""
        if self._late_ids:
            raise ValueError(f"{len(self._late_ids)} states were appended")
        return self._text, self._ends, self._skills, self._digests

    def _bytes(self, reference: int) -> bytes:
        first = int(self._ends[reference - 1]) if reference else 0
        return self._text[first : int(self._ends[reference])]

    @cached_property
    def _by_digest(self) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """Checksums of the first ids in ascending order, and the places they stand for."""
        places = np.argsort(self._digests, kind="stable").astype(np.int32)
        return self._digests[places], places
