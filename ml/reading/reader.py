"""The reader: its networks, the decision rules that make one value of their outputs, and its settings.

Files in `ml/models` go in; one `Reader` comes out, which every stage is given.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.acceptance.evidence import EVIDENCE, AmountFeatures, Place
from ml.reading.acceptance.model import NOT_SURE, AcceptanceModel, Features, Judged
from ml.reading.files.limits import Limits
from ml.reading.forms.layouts import Layout
from ml.reading.operating_points import (
    AMOUNTS_READER,
    FIELDS_READER,
    MODELS,
    NEVER,
    PAGES_READER,
    SHIPPED_READER,
    shipped_card,
)
from ml.reading.recognisers.calibration import DecisionRule
from ml.reading.recognisers.classify import Classifier
from ml.reading.recognisers.combine import CombinedNumber, Number, combine
from ml.reading.recognisers.line_network import LineNetwork, print_chances
from ml.reading.recognisers.second_reader import SecondReader
from ml.reading.recognisers.transcribe import Transcriber
from ml.reading.sheets.quality import QualityLimits

SHIPPED_NETWORK = MODELS / "digits.tflite"
SHIPPED_STRINGS = MODELS / "strings.tflite"
SHIPPED_FIELDS = MODELS / "fields.tflite"
FIRST_FIELDS = MODELS / "fields_first.tflite"
NOTES = MODELS / "notes.tflite"
PRINT_NETWORK = MODELS / "print.tflite"
WORDS_NETWORK = MODELS / "words.tflite"
"""The networks that come with the project."""


@dataclass(frozen=True, slots=True, eq=False)
class SecondReaderStage:
    """The second reader, and when it is asked.

    Attributes:
        reader: The second reader.
        decision_rule: Combines our networks with the second reader, for numbers.
        asked_below: The second reader is asked about a number whose confidence after our networks is below this, 0 to
            1.
    """

    reader: SecondReader
    decision_rule: DecisionRule
    asked_below: float


@dataclass(frozen=True, slots=True, eq=False)
class FieldNetwork:
    """The networks of fields, which read a line with its signs, and the decision rules for fields.

    Attributes:
        transcriber: The network of fields.
        earlier: The network that it was trained from. The posteriors of both count half each.
        notes: What the first became when it learned on from numbers on any paper: it reads what is in no layout.
        rule_alone: Combines the networks of fields, digits and strings.
        rule_with_second: Combines these with the second reader.
    """

    transcriber: Transcriber
    earlier: Transcriber
    notes: Transcriber
    rule_alone: DecisionRule
    rule_with_second: DecisionRule

    @property
    def sha256(self) -> tuple[str, str, str]:
        """Hexadecimal SHA-256 of each network: the network of fields, the earlier one, and that of notes."""
        return self.transcriber.sha256, self.earlier.sha256, self.notes.sha256

    @classmethod
    def shipped(cls) -> FieldNetwork:
        """The networks of fields that come with the project.

        Raises:
            ValueError: Their card was made for other networks.
        """
        card = json.loads(FIELDS_READER.read_text("utf-8"))
        networks = Transcriber.load(SHIPPED_FIELDS), Transcriber.load(FIRST_FIELDS)
        if card["networks"] != [network.sha256 for network in networks]:
            raise ValueError(
                f"{FIELDS_READER.name} was made for other networks: run ml.training.calibration.calibrate_fields"
            )
        rules = DecisionRule.from_card(card["alone"]), DecisionRule.from_card(card["with_second"])
        return cls(*networks, Transcriber.load(NOTES), *rules)


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Networks, decision rules and settings: everything that reading needs beside a file and a layout.

    Attributes:
        classifier: The network of digits, which classifies glyphs.
        transcriber: The network of strings, which reads a line without segmentation.
        rule_alone: Combines these two networks, for numbers.
        second: The second reader; None where it is not installed or not wanted.
        error_rate: The operating point: the share of accepted values that may be wrong, 0 to 1.
        limits: How large a file may be.
        fields: The networks of fields; None in a reader of numbers alone.
        printing: Tells print from handwriting; None in a reader that takes all for handwriting.
        words: Reads lines of words; None in a reader of numbers alone.
        acceptance: Judges numbers by the place where they stand. No number without a layout passes in a place that has
            no model; without one for amounts with their words, these are judged as other fields.
        quality: When a picture is too poor.
        debug_directory: Every intermediate picture is written here; None: nowhere.
    """

    classifier: Classifier
    transcriber: Transcriber
    rule_alone: DecisionRule
    second: SecondReaderStage | None
    error_rate: float
    limits: Limits
    fields: FieldNetwork | None = None
    printing: LineNetwork | None = None
    words: LineNetwork | None = None
    acceptance: Mapping[Place, AcceptanceModel] = field(default_factory=dict)
    quality: QualityLimits = field(default_factory=QualityLimits)
    debug_directory: Path | None = None

    @classmethod
    def shipped(cls, limits: Limits | None = None, *, with_second: bool = True) -> Reader:
        """A reader with the networks that come with the project, and the decision rules on their cards.

        Args:
            limits: How large a file may be; None: the defaults.
            with_second: Whether the second reader is asked, where it is installed.

        Raises:
            ValueError: A card was made for other networks.
        """
        numbers = cls.of_numbers(limits, with_second=with_second)
        reader = replace(numbers, fields=FieldNetwork.shipped(), printing=LineNetwork.load(PRINT_NETWORK))
        card = json.loads(PAGES_READER.read_text("utf-8"))
        if card["networks"] != reader.own_networks:
            raise ValueError(
                f"{PAGES_READER.name} was made for other networks: run ml.training.calibration.calibrate_pages"
            )
        part = card["with_second" if reader.second and "with_second" in card else "alone"]
        models = {place: AcceptanceModel.from_card(part[place], features) for place, features in EVIDENCE.items()}
        whole = replace(reader, words=LineNetwork.load(WORDS_NETWORK))
        return replace(whole, acceptance={**models, **_model_of_amounts(replace(whole, printing=None))})

    @classmethod
    def of_numbers(cls, limits: Limits | None = None, *, with_second: bool = True) -> Reader:
        """A shipped reader without the networks of fields: it reads numbers, and no layout with fields.

        Args:
            limits: How large a file may be; None: the defaults.
            with_second: Whether the second reader is asked, where it is installed.

        Raises:
            ValueError: A card was made for other networks.
        """
        card = shipped_card()
        classifier, transcriber = Classifier.load(SHIPPED_NETWORK), Transcriber.load(SHIPPED_STRINGS)
        if set(card["networks"].values()) != {classifier.sha256, transcriber.sha256}:
            raise ValueError(
                f"{SHIPPED_READER.name} was made for other networks: run python -m ml.training.calibration.calibrate"
            )
        second = _second_reader_stage(card) if with_second else None
        rule_alone = DecisionRule.from_card(card["alone"])
        return cls(classifier, transcriber, rule_alone, second, card["error_rate"], limits or Limits())

    @property
    def decision_rule(self) -> DecisionRule:
        """Combines all recognisers that this reader has, for numbers."""
        return self.rule_alone if self.second is None else self.second.decision_rule

    @property
    def field_network(self) -> FieldNetwork:
        """The networks of fields.

        Raises:
            ValueError: This reader has none.
        """
        if self.fields is None:
            raise ValueError("This reader reads numbers alone: it has no network of fields.")
        return self.fields

    @property
    def field_decision_rule(self) -> DecisionRule:
        """Combines all recognisers that this reader has, for fields.

        Raises:
            ValueError: This reader has no networks of fields.
        """
        return self.field_network.rule_alone if self.second is None else self.field_network.rule_with_second

    @property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 over the digests of all networks. It tells one reader from another."""
        networks = self.own_networks + ([self.second.reader.sha256] if self.second else [])
        return hashlib.sha256("".join(networks).encode()).hexdigest()

    @property
    def own_networks(self) -> list[str]:
        """Hexadecimal SHA-256 of each network but the second reader's."""
        fields = self.fields.sha256 if self.fields else ()
        lines = [network.sha256 for network in (self.printing, self.words) if network is not None]
        return [self.classifier.sha256, self.transcriber.sha256, *fields, *lines]

    @property
    def reads_words(self) -> bool:
        """Whether anybody is there to read an amount in words."""
        return self.words is not None or self.second is not None

    def combined(self, number: Number, layout: Layout) -> CombinedNumber:
        """A number's value after classifier combination, calibrated for the recognisers that were asked about it."""
        asked = self.second is not None and number.second is not None
        return combine(number, layout, self.decision_rule.calibration if asked else self.rule_alone.calibration)

    def judged(self, features: Features, place: Place) -> tuple[Judged, float]:
        """A number judged by its evidence, and the least confidence with which it passes; above 1 where none does."""
        model = self.acceptance.get(place)
        if model is None:
            return Judged(0.0, NOT_SURE, is_known=False), NEVER
        return model.judge(features), model.threshold(self.error_rate)

    def print_chances(self, lines: Sequence[NDArray[np.float32]]) -> list[float]:
        """The probability, 0 to 1, that a machine printed each line, float32, 32 × width; 0.0 where none can tell."""
        return [0.0] * len(lines) if self.printing is None else print_chances(self.printing, lines)

    def at(self, error_rate: float) -> Reader:
        """The same reader at another operating point: this share of the accepted values may be wrong, 0 to 1."""
        return replace(self, error_rate=error_rate)

    def keeping(self, directory: Path) -> Reader:
        """The same reader, which also writes its intermediate pictures to a directory."""
        return replace(self, debug_directory=directory)


def _model_of_amounts(reader: Reader) -> dict[Place, AcceptanceModel]:
    """The model for amounts beside which words stand; none without the second reader, with which it was fitted.

    Raises:
        ValueError: Its card was made for another reader.
    """
    if reader.second is None:
        return {}
    card = json.loads(AMOUNTS_READER.read_text("utf-8"))
    if [card["reader"], card["fields_reader"]] != [
        reader.sha256,
        hashlib.sha256(FIELDS_READER.read_bytes()).hexdigest(),
    ]:
        raise ValueError(
            f"{AMOUNTS_READER.name} was made for another reader: run ml.training.calibration.calibrate_amounts"
        )
    return {"amount": AcceptanceModel.from_card(card["with_second"], AmountFeatures)}


def _second_reader_stage(card: dict[str, Any]) -> SecondReaderStage | None:
    """The second reader with its decision rule; None where it is not installed, or the card has none.

    Raises:
        ValueError: The card was made for another second reader.
    """
    reader = SecondReader.load()
    if reader is None or "with_second" not in card:
        return None
    if reader.sha256 != card["second"]["sha256"]:
        raise ValueError(
            "The second reader is another than the one it was calibrated with: install it as uv.lock says."
        )
    return SecondReaderStage(reader, DecisionRule.from_card(card["with_second"]), card["second"]["asked_below"])
