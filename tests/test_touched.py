"""Which pages an edit touches: every date that a coarser one could fall on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import SmallSite
from generator.shelves import Shelves
from generator.touched import Touched
from planned import Planned, fact

Make = Callable[..., SmallSite]
DAYS = [
    f"{month}-{day:02d}" for month, last in (("2019-07", 31), ("2019-12", 31)) for day in range(1, last + 1)
]
OTHERS = ["2018-07-31", "2019-02", "2020-01-01"]


@pytest.mark.parametrize(
    ("date", "inside"), [("2019-07", "2019-07"), ("2019", "2019"), ("2019-07-04", "2019-07-04")]
)
def test_an_edited_date_touches_all_that_stand_inside_it(
    site: Callable[..., SmallSite], date: str, inside: str
) -> None:
    dated = "".join(fact(f"on-{day}", day) for day in (*DAYS, *OTHERS))
    planned = Planned(site({"content/facts/dated.yaml": fact("edited", date) + dated}))
    shelves = Shelves(planned.dossier)
    found = Touched(shelves, shelves, {"edited"}).dates
    within = {key for key in shelves.calendar if key == inside or key.startswith(f"{inside}-")}
    assert within, "or nothing is tried"
    assert {key for key in found if key.startswith(inside)} == within
    assert not found & {"2018-07-31", "2020-01-01"}
