"""Words that carry grammar and no secret: alone, they are never sought in other texts."""

from __future__ import annotations

FUNCTION_WORDS = frozenset(
    """
    a about above after again all also am an and another any are as at away back be because been
    before being below between both but by can could did do does doing done down during each else
    even ever every few first for from further get go going gone got had has have having he her
    here hers him his how i if in into is it its just keep last let like ll made make many may me
    might more most much must my need never new next no nor not now of off oh ok okay on once one
    only or other our out over own please put re right s said same say see shall she should so
    some still such t take than that the their them then there these they this those though
    through to too two under until up upon us use very want was way we well went were what when
    where which while who whom why will with within without would yeah yes yet you your
    """.split()  # noqa: SIM905  a list of words reads better as words
)
