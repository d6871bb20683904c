"""With what is read: the networks, how their opinions are settled, and what a file may cost."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ml.reading.elements import Limits
from ml.reading.forms.layouts import Layout
from ml.reading.operating_points import MODELS, SHIPPED_READER, shipped_card
from ml.reading.recognisers.calibration import DecisionRule
from ml.reading.recognisers.classify import Classifier
from ml.reading.recognisers.combine import CombinedNumber, Number, combine
from ml.reading.recognisers.second_reader import SecondReader
from ml.reading.recognisers.transcribe import Transcriber
from ml.reading.sheets.quality import QualityLimits

SHIPPED_NETWORK = MODELS / "digits.tflite"
SHIPPED_STRINGS = MODELS / "strings.tflite"
SHIPPED_FIELDS = MODELS / "fields.tflite"
FIRST_FIELDS = MODELS / "fields_first.tflite"
FIELDS_READER = MODELS / "fields_reader.json"


@dataclass(frozen=True, slots=True, eq=False)
class SecondReaderStage:
    """A second reader, and when it is asked.

    Attributes:
        reader: Whom to ask.
        manner: How values are settled where it may be asked.
        asked_below: It is asked where our own networks are less sure than this, 0 to 1.
    """

    reader: SecondReader
    decision_rule: DecisionRule
    asked_below: float


@dataclass(frozen=True, slots=True, eq=False)
class FieldNetwork:
    """The network of fields with their signs, and how values are settled where it is asked.

    Attributes:
        transcriber: The network.
        earlier: The one from which it learned on; what both say counts half each.
        alone: With our own networks of digits and strings.
        with_second: With the second reader too.
    """

    transcriber: Transcriber
    earlier: Transcriber
    alone: DecisionRule
    with_second: DecisionRule

    @property
    def sha256(self) -> tuple[str, str]:
        """Of both networks."""
        return self.transcriber.sha256, self.earlier.sha256

    @classmethod
    def shipped(cls) -> FieldNetwork:
        """The one that comes with the project.

        Raises:
            ValueError: Its card was made for another network.
        """
        card = json.loads(FIELDS_READER.read_text("utf-8"))
        networks = Transcriber.load(SHIPPED_FIELDS), Transcriber.load(FIRST_FIELDS)
        if card["networks"] != [network.sha256 for network in networks]:
            raise ValueError(
                f"{FIELDS_READER.name} was made for other networks: run ml.training.calibration.calibrate_fields"
            )
        return cls(*networks, DecisionRule.from_card(card["alone"]), DecisionRule.from_card(card["with_second"]))


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """What reading needs, settled once.

    Attributes:
        classifier: The network of digits.
        transcriber: The network of strings.
        alone: How values are settled by our own networks.
        second: Who else is asked; None where nobody is.
        error_rate: Of the numbers that pass without a person, so much may be wrong.
        limits: What a file may cost.
        fields: The network of fields, with its manners; None where only numbers are read.
        quality: From where on a picture is not good enough.
        debug_directory: Where every intermediate picture is kept, to look at; None: nowhere.
    """

    classifier: Classifier
    transcriber: Transcriber
    alone: DecisionRule
    second: SecondReaderStage | None
    error_rate: float
    limits: Limits
    fields: FieldNetwork | None = None
    quality: QualityLimits = field(default_factory=QualityLimits)
    debug_directory: Path | None = None

    @classmethod
    def shipped(cls, limits: Limits | None = None, *, with_second: bool = True) -> Reader:
        """A reader with the networks that come with the project, and what their cards say they are worth together.

        Args:
            limits: What a file may cost; None: the usual.
            with_second: Ask the second reader, where it is installed.

        Raises:
            ValueError: A card was made for other networks.
        """
        return replace(cls.of_numbers(limits, with_second=with_second), fields=FieldNetwork.shipped())

    @classmethod
    def of_numbers(cls, limits: Limits | None = None, *, with_second: bool = True) -> Reader:
        """The same without the network of fields."""
        card = shipped_card()
        classifier, transcriber = Classifier.load(SHIPPED_NETWORK), Transcriber.load(SHIPPED_STRINGS)
        if set(card["networks"].values()) != {classifier.sha256, transcriber.sha256}:
            raise ValueError(
                f"{SHIPPED_READER.name} was made for other networks: run python -m ml.training.calibration.calibrate"
            )
        second = _second(card) if with_second else None
        alone = DecisionRule.from_card(card["alone"])
        return cls(classifier, transcriber, alone, second, card["error_rate"], limits or Limits())

    @property
    def decision_rule(self) -> DecisionRule:
        """How values are settled after all who may be asked."""
        return self.alone if self.second is None else self.second.decision_rule

    @property
    def field_network(self) -> FieldNetwork:
        """The network of fields.

        Raises:
            ValueError: This reader has none.
        """
        if self.fields is None:
            raise ValueError("This reader reads numbers alone: it has no network of fields.")
        return self.fields

    @property
    def field_decision_rule(self) -> DecisionRule:
        """How the values of fields are settled."""
        return self.field_network.alone if self.second is None else self.field_network.with_second

    @property
    def sha256(self) -> str:
        """Of all networks together: what tells one reader from another."""
        networks = [self.classifier.sha256, self.transcriber.sha256]
        networks += self.fields.sha256 if self.fields else []
        networks += [self.second.reader.sha256] if self.second else []
        return hashlib.sha256("".join(networks).encode()).hexdigest()

    def combined(self, number: Number, layout: Layout) -> CombinedNumber:
        """One value of a number's readings."""
        asked = self.second is not None and number.second is not None
        return combine(number, layout, self.decision_rule.calibration if asked else self.alone.calibration)

    def at(self, error_rate: float) -> Reader:
        """The same reader where so much of what passes may be wrong."""
        return replace(self, error_rate=error_rate)

    def keeping(self, directory: Path) -> Reader:
        """The same reader, keeping its intermediate pictures in a directory."""
        return replace(self, debug_directory=directory)


def _second(card: dict[str, Any]) -> SecondReaderStage | None:
    reader = SecondReader.load()
    if reader is None or "with_second" not in card:
        return None
    if reader.sha256 != card["second"]["sha256"]:
        raise ValueError(
            "The second reader is another than the one it was calibrated with: install it as uv.lock says."
        )
    return SecondReaderStage(reader, DecisionRule.from_card(card["with_second"]), card["second"]["asked_below"])
