"""Whatever a record holds, a bundle brings it to another data folder and back, equal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlmodel import SQLModel

from app.domain.bookkeeping import Bookkeeping
from app.domain.merging import Copy, merge
from app.domain.record import LIST_PARTS
from tests.coherent_records import copies
from tests.machines import Machine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SLOW = [
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.function_scoped_fixture,
]
# To shrink an example takes longer than to read it.
DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)


class Pair:
    """Two machines whose databases are emptied for each example, which is faster than new ones."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.here, self.there = Machine(root / "here"), Machine(root / "there")

    def empty(self) -> None:
        for machine in (self.here, self.there):
            with machine.store._database.writing() as connection:
                for table in reversed(SQLModel.metadata.sorted_tables):
                    connection.execute(table.delete())

    def close(self) -> None:
        self.here.close()
        self.there.close()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    pair = Pair(tmp_path_factory.mktemp("pair"))
    yield pair
    pair.close()


def moves_equal(copy: Copy, pair: Pair) -> None:
    pair.empty()
    here, there, name = pair.here, pair.there, copy.record.incident.id
    here.store.take_in(copy)
    first = here.export(pair.root / "a.hotwash")
    opened = there.open(first)
    again = there.store.copy(name)
    assert again.record == copy.record
    assert set(again.books.not_undoable) == set(copy.books.not_undoable)
    assert again.books.cursors == copy.books.cursors
    assert there.export(pair.root / "b.hotwash").read_bytes() == first.read_bytes()
    twice = there.open(first)
    assert (twice.new, twice.merged, twice.conflicts) == (0, 0, ())
    assert twice.unchanged == opened.new
    assert there.store.copy(name) == again


@settings(max_examples=10, deadline=None, suppress_health_check=SLOW, phases=DRAWN)
@given(copies())
def test_generated_records_move_equal(pair: Pair, copy: Copy) -> None:
    moves_equal(copy, pair)


@pytest.mark.prove
@pytest.mark.timeout(3_600)
@settings(max_examples=1_000, deadline=None, suppress_health_check=SLOW, phases=DRAWN)
@given(copies())
def test_a_thousand_generated_records_move_equal(pair: Pair, copy: Copy) -> None:
    moves_equal(copy, pair)


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW, phases=DRAWN)
@given(copies())
def test_an_older_copy_changes_nothing_of_any_record(ours: Copy) -> None:
    fewer = {name: getattr(ours.record, name)[::2] for name in LIST_PARTS}
    steps = ours.record.operations[:1]
    older = Copy(replace(ours.record, operations=steps, **fewer), Bookkeeping())

    for theirs in (older, ours):
        found = merge(ours, theirs)
        assert (found.changes, found.operations, found.undone, found.conflicts) == ((), (), (), ())
