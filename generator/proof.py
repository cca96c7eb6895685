"""Files whose bytes were read once, and which of them need not be read again.

In: what `stat` told of files when they were read, with their digests. Out: the digests of those that are as
they were. A file is the same when size, modification time, inode and change time are, unless it was changed
so shortly before it was looked at that a later change could carry the same times (git: racily clean).
"""

from __future__ import annotations

from msgspec import Struct

from generator import stats
from generator.stats import Seen, Stats

_SECOND = 1_000_000_000
#: Within which two changes may carry the same time: where only whole seconds are told (FAT: every other one),
#: and where fractions are (the clock that systems take them from goes in steps of up to 10 ms).
_COARSE, _FINE = 2 * _SECOND, _SECOND // 10
_END = "\n"  # stands in no digest


class Proved(Struct, frozen=True):
    """Files that were read, each with its digest."""

    #: When, in nanoseconds since 1970; what `stat` tells of them is of this moment, or they were ours alone
    #: until then.
    at: int = 0
    files: Stats = Stats()
    #: SHA-256 of each, hexadecimal, ended by a line end.
    sha256: str = ""

    def digests(self) -> dict[str, str]:
        """The digest of each file as it was."""
        return dict(zip(self.files, self.sha256.split(_END)[:-1], strict=True))

    def still(self, now: dict[str, Seen], *, relinked: bool = False) -> dict[str, str]:
        """The digests of the files that are as they were, by path.

        `relinked`: it is known that only links to them were made or taken away since, which changes the
        change time and nothing else.
        """
        edge = self.at - self.step
        rows = zip(self.files.by_path.items(), self.sha256.split(_END), strict=False)
        if relinked:
            return {
                path: sha256
                for (path, then), sha256 in rows
                if then[1] < edge and path in now and now[path][:3] == then[:3]
            }
        return {path: sha256 for (path, then), sha256 in rows if then[1] < edge and now.get(path) == then}

    @property
    def step(self) -> int:
        """How far apart two changes of a file are at least that carry different times, in nanoseconds."""
        return _FINE if any(seen[1] % _SECOND for seen in self.files.by_path.values()) else _COARSE


def proved(at: int, files: dict[str, Seen], sha256: dict[str, str]) -> Proved:
    """Keep the digests of files that were read after `at`."""
    return Proved(at, stats.of(files.items()), "".join(f"{sha256[path]}{_END}" for path in files))
