"""Ids of assertions, kept as bytes: millions of them in a fraction of the room that strings take."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray


class Ids(NamedTuple):
    """Ids one after the other, with what is known of each."""

    text: bytes
    ends: NDArray[np.int64]
    """Where each id ends in the text."""
    skills: NDArray[np.int32]
    """Row of the skill that the state is about."""
    digests: NDArray[np.uint32]
    """Checksum of each id."""


def ids_of(ids: Sequence[str], skills: NDArray[np.int32]) -> Ids:
    """The ids of assertion states and, for each, the row of its skill."""
    text = "".join(ids).encode()
    sizes: Iterable[int] = map(len, ids) if text.isascii() else map(len, map(str.encode, ids))
    ends = np.cumsum(np.fromiter(sizes, np.int64, len(ids)), dtype=np.int64)
    return Ids(text, ends, skills, np.fromiter(map(crc32, map(str.encode, ids)), np.uint32, len(ids)))


def joined_ids(parts: Sequence[Ids]) -> Ids:
    """One after the other."""
    shifts = np.cumsum([0, *(len(part.text) for part in parts[:-1])])
    return Ids(
        b"".join(part.text for part in parts),
        np.concatenate([part.ends + shift for part, shift in zip(parts, shifts, strict=True)]),
        np.concatenate([part.skills for part in parts]),
        np.concatenate([part.digests for part in parts]),
    )


NO_IDS = ids_of((), np.zeros(0, np.int32))


class References:
    """Ids of assertion states and the skills they were stated for; a reference is a place in it.

    It only grows, so that all snapshots share one. An id that was corrected has several references.
    """

    def __init__(self, ids: Ids) -> None:
        self._early = ids
        self._late_ids: list[str] = []
        self._late_skills: list[int] = []
        self._late_places: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._early.ends) + len(self._late_ids)

    def append(self, identity: str, skill: int) -> int:
        """The reference of one more state."""
        reference = len(self)
        self._late_places.setdefault(identity, []).append(reference)
        self._late_skills.append(skill)
        self._late_ids.append(identity)
        return reference

    def id(self, reference: int) -> str:
        """The assertion's id."""
        late = reference - len(self._early.ends)
        return self._bytes(reference).decode() if late < 0 else self._late_ids[late]

    def skill(self, reference: int) -> int:
        """Row of the skill that the state was about."""
        late = reference - len(self._early.ends)
        return int(self._early.skills[reference]) if late < 0 else self._late_skills[late]

    def find(self, identities: Sequence[str]) -> Iterator[list[int]]:
        """For each assertion, the references of all its states."""
        sought = list(map(str.encode, identities))
        digests, places = self._by_digest
        wanted = np.fromiter(map(crc32, sought), np.uint32, len(sought))
        first, until = digests.searchsorted(wanted), digests.searchsorted(wanted, side="right")
        for identity, text, begin, end in zip(identities, sought, first.tolist(), until.tolist(), strict=True):
            early = [place for place in places[begin:end].tolist() if self._bytes(place) == text]
            yield early + self._late_places.get(identity, [])

    def of_any(self, identities: Sequence[str]) -> NDArray[np.bool_]:
        """For each reference, whether it is of one of the assertions, all of which were stated at some time.

        So an id whose checksum is that of a single reference is its id, and need not be read.
        """
        found = np.zeros(len(self), np.bool_)
        digests, places = self._by_digest
        sought = np.fromiter((crc32(each.encode()) for each in identities), np.uint32, len(identities))
        first, until = digests.searchsorted(sought), digests.searchsorted(sought, side="right")
        is_single = until - first == 1
        found[places[first[is_single]]] = True
        rest = [identities[row] for row in np.flatnonzero(~is_single).tolist()]
        rest += [each for each in identities if each in self._late_places] if self._late_places else []
        found[[each for its_references in self.find(rest) for each in its_references]] = True
        return found

    def all(self) -> Ids:
        """All ids by reference, those that were appended too."""
        count = len(self._late_ids)
        skills = np.array(self._late_skills[:count], np.int32)
        return joined_ids([self._early, ids_of(self._late_ids[:count], skills)])

    def _bytes(self, reference: int) -> bytes:
        ends = self._early.ends
        return self._early.text[int(ends[reference - 1]) if reference else 0 : int(ends[reference])]

    @cached_property
    def _by_digest(self) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """Checksums of the early ids in ascending order, and their references."""
        places = np.argsort(self._early.digests, kind="stable").astype(np.int32)
        return self._early.digests[places], places
