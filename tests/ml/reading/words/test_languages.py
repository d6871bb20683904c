"""Languages as tables."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np
import pytest

from ml.reading.words.alphabet import SIGNS
from ml.reading.words.amounts import AmountGrammar
from ml.reading.words.languages import SHIPPED, Language, language, shipped_languages

SWEDISH = "noll en tva tre fyra fem sex sju atta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton"
TENS = "tjugo trettio fyrtio femtio sextio sjuttio attio nittio"


def swedish() -> dict:
    numbers = dict(zip([*range(20), *range(20, 100, 10)], f"{SWEDISH} {TENS}".split(), strict=True))
    return {
        "name": "sv",
        "numbers": {str(number): {word: 0} for number, word in numbers.items()},
        "units": [
            {"value": 1000000, "most": 999, "spellings": {"miljoner": 0, "miljon": 0}, "one": "miljon"},
            {"value": 1000, "most": 999, "spellings": {"tusen": 0}},
            {"value": 100, "most": 19, "spellings": {"hundra": 0}},
        ],
        "and": {"och": 0},
        "before": {},
        "currency": {"kronor": 0},
        "after": {},
        "hundredths": {
            **{"words": {"ore": 0}, "words_first": {}, "strokes": {}, "none": {}, "point": {}},
            "usual": "words",
        },
    }


def test_another_language_is_a_table_and_no_code(frames_of):
    grammar = AmountGrammar.of_language(Language.from_json(swedish()))
    assert grammar.usual(Decimal("1002345.50")) == "en miljon tva tusen tre hundra fyrtio fem och femtio ore"
    best = grammar.look(frames_of("tolv hundra fyrtio fem kronor")).n_best(1)[0]
    assert (best.value, best.text) == (Decimal(1245), "tolv hundra fyrtio fem")


@pytest.mark.parametrize("name", shipped_languages())
def test_the_usual_spelling_is_the_cheapest_and_all_are_in_the_alphabet(name):
    table = language(name)
    words = [*table.numbers.values(), *(unit.spellings for unit in table.units), table.join, table.after]
    for spellings in words:
        assert min(spellings.values()) == 0
        assert set("".join(spellings)) <= {*SIGNS, " "}
    assert all(unit.one in unit.spellings for unit in table.units if unit.one)


def test_a_spelling_belongs_to_one_number():
    for name in shipped_languages():
        spellings = [spelling for number in language(name).numbers.values() for spelling in number]
        assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"units": []}, "units"),
        ({"numbers": {"1": {"en": 0}}}, "no word"),
        ({"and": None}, "no language"),
        ({"units": [{"value": 100}]}, "most"),
    ],
)
def test_a_table_that_is_none_is_refused(change, said):
    with pytest.raises(ValueError, match=said):
        Language.from_json(swedish() | change)


def test_a_part_that_is_missing_is_named():
    table = swedish()
    del table["hundredths"]["none"]
    with pytest.raises(ValueError, match="none"):
        Language.from_json(table)


def test_a_spelling_outside_the_alphabet_is_refused():
    table = swedish()
    table["and"] = {"&": 0}
    with pytest.raises(ValueError, match="the alphabet"):
        AmountGrammar.of_language(Language.from_json(table))


def test_each_file_has_its_languages_name():
    assert {json.loads(file.read_text("utf-8"))["name"] for file in SHIPPED.glob("*.json")} == set(shipped_languages())


def test_ways_are_drawn_as_often_as_people_write_them():
    rng, grammar = np.random.default_rng(0), AmountGrammar.of("en-india")
    texts = [grammar.another(Decimal(4240000), rng) for _ in range(400)]
    usual, misspelt = (sum(word in text.split() for text in texts) for word in ("forty", "fourty"))
    assert 100 < misspelt < usual
    assert 40 < sum(text.endswith("only") for text in texts) < 300
    assert sum(" and and " in text for text in texts) == 0
