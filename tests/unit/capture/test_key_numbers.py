"""How systems number their keys, for those on which these tests do not run."""

from app.domain.shortcuts import KEYS, KeyCombination, Modifier
from capture.shortcuts import macos, windows, x11
from capture.shortcuts.portal import MODIFIERS


def test_every_key_that_can_be_chosen_has_a_number_of_its_own() -> None:
    combinations = [KeyCombination(frozenset({Modifier.CTRL}), key) for key in KEYS]

    assert len({windows.virtual_key(keys) for keys in combinations}) == len(KEYS)
    assert set(macos.KEY_PLACES) == KEYS
    assert len(set(macos.KEY_PLACES.values())) == len(KEYS)
    assert windows.virtual_key(KeyCombination.parse("Ctrl+F12")) == 0x7B
    assert windows.virtual_key(KeyCombination.parse("Ctrl+A")) == 0x41


def test_every_modifier_has_a_bit_of_its_own() -> None:
    for masks in (macos.MASKS, windows.MASKS, x11.MASKS):
        assert set(masks) == set(Modifier)
        assert all(bit.bit_count() == 1 for bit in masks.values())
        assert len(set(masks.values())) == len(Modifier)
    assert set(MODIFIERS) == set(Modifier)
