"""A generator of random numbers for a named thing, so that no draw depends on who drew before."""

from __future__ import annotations

from hashlib import blake2b

from numpy.random import PCG64, Generator, SeedSequence


def stream(seed: int, block: int, *names: str) -> Generator:
    """The generator that belongs to `names` in one block of replications.

    The names are hashed, so a stream is the same wherever, whenever and in whatever order it is asked for, and two
    different names never share one (128 bits).
    """
    key = "\x1f".join((str(seed), str(block), *names))
    digest = blake2b(key.encode(), digest_size=16).digest()
    return Generator(PCG64(SeedSequence(int.from_bytes(digest, "big"))))
