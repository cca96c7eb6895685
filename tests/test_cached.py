"""What is worked out when it is first asked for, and kept."""

from __future__ import annotations

from msgspec import Struct

from generator.cached import cached_property


class Sum(Struct, frozen=True, dict=True):
    """A frozen value, as most that keep something."""

    parts: list[int]

    @cached_property
    def whole(self) -> int:
        """All parts together."""
        self.parts.append(0)  # so that a second time would show
        return sum(self.parts)


def test_a_value_is_worked_out_when_it_is_first_asked_for_and_kept() -> None:
    one, other = Sum([1, 2]), Sum([3])
    assert one.parts == [1, 2]
    assert (one.whole, other.whole, one.whole) == (3, 3, 3)
    assert (one.parts, other.parts) == ([1, 2, 0], [3, 0])


def test_the_class_keeps_what_is_told_of_it() -> None:
    assert isinstance(Sum.whole, cached_property)
    assert Sum.whole.__doc__ == "All parts together."
