"""Documents and their readings, as database rows."""

from recognition.models.decision import Decision
from recognition.models.document import Document, InvalidState
from recognition.models.drawing import Drawing
from recognition.models.error_rate import ErrorRate
from recognition.models.layout import Layout, LayoutVersion
from recognition.models.page import Page
from recognition.models.reading import ChangedMeanwhile, FieldReading, Outcome
from recognition.models.stored_file import StoredFile
from recognition.models.table import Table
from recognition.models.worker_process import WorkerProcess

__all__ = [
    "ChangedMeanwhile",
    "Decision",
    "Document",
    "Drawing",
    "ErrorRate",
    "FieldReading",
    "InvalidState",
    "Layout",
    "LayoutVersion",
    "Outcome",
    "Page",
    "StoredFile",
    "Table",
    "WorkerProcess",
]
