"""How far a long piece of work is: told on a terminal, and nowhere else."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import SmallSite
from generator.progress import Line

Make = Callable[..., SmallSite]
TERMINAL = {"TERM": "xterm"}


class Screen(io.StringIO):
    """A terminal that nobody looks at."""

    def isatty(self) -> bool:
        return True


class Clock:
    """Time that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def told(screen: io.StringIO, environment: dict[str, str], seconds: tuple[float, ...]) -> str:
    clock = Clock()
    with Line(screen, environment, clock) as line:
        sending = line.of("Sending {} files")
        for number, clock.now in enumerate(seconds, 1):
            sending(number * 1000, 20_000)
    return screen.getvalue()


def test_a_terminal_is_told_after_a_while_and_not_too_often() -> None:
    assert told(Screen(), TERMINAL, (0.1, 0.5)) == ""
    shown = told(Screen(), TERMINAL, (0.1, 1.0, 1.01, 1.05, 2.0))
    assert shown.split("\r\x1b[2K") == [
        "",
        "Sending 2,000 of 20,000 files",
        "Sending 5,000 of 20,000 files",
        "",
    ]


@pytest.mark.parametrize("environment", [{}, {"TERM": "dumb"}, {"TERM": "xterm", "CI": "true"}])
def test_where_nobody_looks_nothing_is_told(environment: dict[str, str]) -> None:
    assert told(Screen(), environment, (1.0, 2.0)) == ""
    assert told(io.StringIO(), TERMINAL, (1.0, 2.0)) == ""


def test_the_line_is_gone_when_all_is_done_and_when_something_goes_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("generator.progress._PATIENCE", 0)
    monkeypatch.setenv("COLUMNS", "20")
    screen = Screen()

    def fail() -> None:
        with Line(screen, TERMINAL, Clock()) as line:
            line.of("Sending {} files")(1, 2)
            assert screen.getvalue() == "\r\x1b[2KSending 1 of 2 file"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert screen.getvalue().endswith("file\r\x1b[2K")
    whole = Screen()
    line = Line(whole, TERMINAL, Clock())
    line.of("{}")(1, 2)
    line.of("{}")(2, 2)
    assert whole.getvalue().endswith("1 of 2\r\x1b[2K")


PUBLISH = """
import sys
from generator import cli, progress
progress._PATIENCE = progress._PAUSE = 0
cli.main(["publish", sys.argv[1], "--site", sys.argv[2]])
"""


def test_publishing_tells_a_terminal_how_far_it_is_and_a_file_nothing(site: Make, one_theme: None) -> None:
    made = site()
    assert made.build().exit_code == 0
    environment = {k: v for k, v in os.environ.items() if k != "CI"} | {"TERM": "xterm", "COLUMNS": "80"}

    def publish(name: str, errors: int) -> str:
        command = [sys.executable, "-c", PUBLISH, f"dir:{made.root.parent / name}", str(made.root)]
        done = subprocess.run(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            check=True,
            cwd=Path(__file__).parent.parent,
        )
        return done.stdout

    ours, theirs = pty.openpty()
    try:
        printed = publish("one", theirs)
        shown = os.read(ours, 100_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    count = len(made.files()) - 1
    assert f"Sending 1 of {count} files" in shown
    assert shown.endswith("\x1b[2K")
    assert "Sending" not in printed
    log = made.root.parent / "log"
    with log.open("w") as file:
        assert publish("two", file.fileno()).splitlines()[-1] == "Published."
    assert log.read_text() == ""
