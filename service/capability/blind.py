"""Aliases under which people are ranked without anybody seeing who they are.

An alias is a keyed digest (BLAKE2b) of the person's id. The key mixes a secret of this installation with the
registry, the change known and the target asked, so that an alias stays the same on every page and at every
asking of one question, and tells nothing to who knows all ids: the ids of registries and people are public.
"""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.capability.targets import Target

_BYTES: Final = 6
"""Of a digest: two of 100,000 people share one once in 50,000 questions."""


@dataclass(frozen=True)
class Blind:
    """The aliases of one question."""

    key: bytes

    def digests(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """A number for each id."""
        digest = (blake2b(each.encode(), digest_size=_BYTES, key=self.key).digest() for each in ids)
        return np.fromiter((int.from_bytes(each) for each in digest), np.int64, len(ids))


def alias(digest: int) -> str:
    """A digest as people read it: ``3F9A-07C2-11DE``."""
    text = f"{digest:0{2 * _BYTES}X}"
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def digest_of(text: str) -> int | None:
    """The digest that an alias shows; None: it is no alias."""
    try:
        return int(text.replace("-", ""), 16)
    except ValueError:
        return None


def blind(secret: bytes, registry_id: str, known: int, target: Target) -> Blind:
    """The aliases for a target, as known at a change."""
    question = f"{registry_id}\n{known}\n{target!r}"
    return Blind(blake2b(question.encode(), key=secret, digest_size=32).digest())


def secret_in(folder: Path) -> bytes:
    """The secret kept in *folder*, made when it is first asked for; only the owner of the file may read it."""
    file = folder / "blind.key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"blind.{secrets.token_hex(8)}"
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_bytes()
