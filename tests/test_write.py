"""Writing: the new site whole, or the old one; strangers' files stay; nothing is left behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator import manifest, write


def files(**named: str) -> dict[str, bytes | None]:
    made: dict[str, bytes | None] = {
        name.replace("__", "/") + ".html": text.encode() for name, text in named.items()
    }
    listed = {path: manifest.digest(data) for path, data in made.items() if data is not None}
    return {**made, manifest.NAME: manifest.dumps(listed)}


def tree(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_first_site_is_written_whole(tmp_path: Path) -> None:
    output = tmp_path / "output"
    done = write.publish(output, files(index="home", facts__a="fact"))
    assert tree(output).keys() == {"index.html", "facts/a.html", "manifest.json"}
    assert (output / "facts/a.html").read_text() == "fact"
    assert set(done.written) == {"index.html", "facts/a.html", "manifest.json"}
    assert names(tmp_path) == ["output"], "nothing is left beside the output"
    verdict = manifest.verify(output)
    assert verdict is not None
    assert verdict.complete


def test_what_is_no_longer_there_is_deleted_and_the_rest_keeps_its_inode(tmp_path: Path) -> None:
    output = tmp_path / "output"
    write.publish(output, files(index="home", facts__a="a", facts__b="b"))
    before = os.stat(output / "facts/a.html")
    new = files(index="new home", facts__a="a")
    done = write.publish(output, {**new, "facts/a.html": None})
    assert done.deleted == ("facts/b.html",)
    assert tree(output)["index.html"] == "new home"
    after = os.stat(output / "facts/a.html")
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert not (output / "facts/b.html").exists()


def test_nothing_to_write_touches_nothing(tmp_path: Path) -> None:
    output = tmp_path / "output"
    same = files(index="home")
    write.publish(output, same)
    inode = output.stat().st_ino
    assert write.publish(output, dict.fromkeys(same)).written == ()
    assert output.stat().st_ino == inode


def test_files_of_strangers_are_carried_along(tmp_path: Path) -> None:
    output = tmp_path / "output"
    write.publish(output, files(index="home"))
    (output / "CNAME").write_text("dossier.example")
    (output / ".well-known").mkdir()
    (output / ".well-known/security.txt").write_text("Contact: someone")
    write.publish(output, files(index="new home"))
    found = tree(output)
    assert found["CNAME"] == "dossier.example"
    assert found[".well-known/security.txt"] == "Contact: someone"
    assert found["index.html"] == "new home"


def test_a_page_in_the_place_of_a_strangers_file_is_a_problem(tmp_path: Path) -> None:
    output = tmp_path / "output"
    write.publish(output, files(index="home"))
    (output / "about.html").write_text("by hand")
    problem = write.collision(output, files(index="home", about="ours"))
    assert problem is not None
    assert problem.code == "output-foreign"
    assert write.collision(output, files(index="home")) is None


def test_a_reader_with_an_open_folder_keeps_the_old_site(tmp_path: Path) -> None:
    output = tmp_path / "output"
    write.publish(output, files(index="old", facts__a="old fact"))
    handle = os.open(output / "facts/a.html", os.O_RDONLY)
    write.publish(output, files(index="new", facts__a="new fact"))
    assert os.read(handle, 100) == b"old fact", "a file is replaced and never written in place"
    os.close(handle)
    assert tree(output)["facts/a.html"] == "new fact"


@pytest.mark.parametrize("call", ["mkdir", "link", "exchange", "open", "write"])
def test_a_failing_call_leaves_the_old_site_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    output = tmp_path / "output"
    write.publish(output, files(index="old", facts__a="a"))
    before = tree(output)

    def fail(*_arguments: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    owner = {"mkdir": Path, "exchange": write}.get(call, os)
    with monkeypatch.context() as patch:
        patch.setattr(owner, call, fail)
        with pytest.raises(OSError, match="No space left"):
            write.publish(output, {**files(index="new", facts__a="a"), "facts/a.html": None})
    assert tree(output) == before
    assert names(tmp_path) == ["output"]
    write.publish(output, files(index="new", facts__a="a"))
    assert tree(output)["index.html"] == "new"


def test_without_an_exchange_call_two_renames_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "output"
    write.publish(output, files(index="old"))
    monkeypatch.setattr(write, "exchange", lambda *_: False)
    write.publish(output, files(index="new"))
    assert tree(output)["index.html"] == "new"
    assert names(tmp_path) == ["output"]


def test_a_crash_between_two_renames_is_undone_by_the_next_run(tmp_path: Path) -> None:
    output = tmp_path / "output"
    write.publish(output, files(index="old"))
    output.rename(tmp_path / ".output.old.factsheet")
    write.recover(output)
    assert tree(output)["index.html"] == "old"
    assert names(tmp_path) == ["output"]


def refused(output: Path, root: Path) -> str:
    problem = write.refusal(output, root)
    return problem.message if problem else ""


def test_folders_that_are_not_ours_are_refused(tmp_path: Path) -> None:
    root = tmp_path / "site"
    (root / "content").mkdir(parents=True)
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / "cat.jpg").write_text("meow")
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    link = tmp_path / "link"
    link.symlink_to(foreign)
    cases = [
        (Path("/"), "never be replaced"),
        (Path.home(), "never be replaced"),
        (root / "content", "content"),
        (root, "content"),
        (tmp_path, "content"),
        (root / "content/sources", "content"),
        (foreign, "did not make"),
        (foreign / "cat.jpg", "is a file"),
        (repository, "is a repository"),
        (link, "is a link"),
    ]
    for output, words in cases:
        assert words in refused(output, root), output
    assert refused(root / "output", root) == ""


def test_a_folder_with_only_a_placeholder_counts_as_empty(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.mkdir()
    (output / ".gitkeep").write_text("")
    assert refused(output, tmp_path / "site") == ""
    write.publish(output, files(index="home"))
    assert tree(output).keys() == {".gitkeep", "index.html", "manifest.json"}


def test_verify_names_what_is_missing_changed_and_foreign(tmp_path: Path) -> None:
    output = tmp_path / "output"
    write.publish(output, files(index="home", facts__a="a", facts__b="b"))
    (output / "facts/a.html").unlink()
    (output / "facts/b.html").write_text("tampered")
    (output / "CNAME").write_text("x")
    verdict = manifest.verify(output)
    assert verdict is not None
    assert (verdict.missing, verdict.changed, verdict.foreign) == (
        ("facts/a.html",),
        ("facts/b.html",),
        ("CNAME",),
    )
    assert not verdict.complete
    assert manifest.verify(tmp_path) is None


def test_a_manifest_that_leads_out_of_the_folder_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / manifest.NAME).write_text('{"factsheet": 1, "files": {"../secret": "00"}}')
    assert manifest.load(tmp_path) is None
