"""The phase ribbon for forms that draw nothing: the same anchors as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.content.blocks import Table
from drafting.content.lines import links, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drafting.report import Tick


def ribbon_table(ticks: Sequence[Tick]) -> Table:
    """Return the anchors with what the incident was in from each of them on."""
    return Table(
        ("Anchor", "UTC", "Line", "Then"),
        tuple(
            (plain(tick.name), plain(tick.clock), links((tick.ref,)), plain(tick.phase))
            for tick in ticks
        ),
        (4, 2, 2, 3),
    )
