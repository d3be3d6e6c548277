from app.domain.rules.remembered import Remembered, RememberedEach
from app.domain.rules.words import ManyWords, Words


def test_the_same_parts_are_worked_on_once_and_equal_ones_are_not_the_same() -> None:
    seen: list[object] = []
    made = Remembered(lambda part: seen.append(part) or len(seen))  # type: ignore[func-returns-value]
    one, equal = ["a"], ["a"]
    assert [made(one), made(one), made(equal), made(equal)] == [1, 1, 2, 2]


def test_each_is_worked_on_once_while_it_stays() -> None:
    seen: list[str] = []

    def shout(word: str) -> str:
        seen.append(word)
        return word.upper()

    shouted = RememberedEach(shout)
    assert shouted(["a", "b"]) == ["A", "B"]
    assert shouted(["b", "c", "a"]) == ["B", "C", "A"]
    assert seen == ["a", "b", "c"]


def test_words_stand_by_themselves_whatever_their_capitals() -> None:
    for words in (
        Words(["Marcus\u2019s pool", "DB-7"]),
        ManyWords([Words(["Marcus' DB-7 pool"])]),
    ):
        assert "marcus" in words
        assert "db-7" in words
        assert "arcus" not in words
        assert "poo" not in words


def test_words_give_their_numbers_and_clock_times() -> None:
    words = ManyWords([Words(["1,200 of 9.5 at 14:02"]), Words(["14:02:31"])])
    assert {1200.0, 9.5} <= words.numbers
    assert {(clock.isoformat(), fine) for clock, fine in words.clocks} == {
        ("14:02:00", False),
        ("14:02:31", True),
    }
