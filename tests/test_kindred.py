"""Digests of other kinds, worked out once for the same bytes."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from generator.kindred import Kindred
from generator.sending import Built, Refused
from publishing import OLD, built, lay


def of(root: Path, kind: str, here: Built) -> dict[str, str]:
    digests = Kindred(root, kind)
    found = {path: digests.of(here, path) for path in OLD}
    digests.keep()
    return found


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_a_digest_is_the_one_that_others_know(tmp_path: Path, kind: str) -> None:
    found = of(tmp_path, kind, built(lay(tmp_path / "old", OLD)))
    assert found == {path: hashlib.new(kind, text.encode()).hexdigest() for path, text in OLD.items()}


def test_git_knows_a_file_by_the_same_name(tmp_path: Path) -> None:
    output = lay(tmp_path / "old", OLD)
    found = of(tmp_path, "git-sha1", built(output))
    asked = ["git", "hash-object", *(str(output / path) for path in OLD)]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    assert list(found.values()) == told


def test_bytes_are_read_once_and_those_that_are_gone_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = built(lay(tmp_path / "old", OLD))
    first = of(tmp_path, "md5", here)
    read: list[str] = []
    really = Built.read
    monkeypatch.setattr(Built, "read", lambda self, path: (read.append(path), really(self, path))[1])
    assert of(tmp_path, "md5", here) == first
    assert read == []
    learning = Kindred(tmp_path, "md5")
    learning.learn(here.files["a.html"].sha256, "told")
    learning.keep()
    again = Kindred(tmp_path, "md5")
    assert again.of(here, "a.html") == "told"
    again.of(here, "about.html")
    again.keep()
    again.of(here, "about.html")
    assert read == ["about.html"]


def test_bytes_that_are_others_by_now_are_not_taken(tmp_path: Path) -> None:
    output = lay(tmp_path / "old", OLD)
    here = built(output)
    (output / "a.html").write_text("other", encoding="utf-8")
    with pytest.raises(Refused, match=r"a\.html changed"):
        Kindred(tmp_path, "md5").of(here, "a.html")
