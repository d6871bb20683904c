"""Files that are there and are not sent: malware was found in them, or nobody has looked yet."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404

from recognition.models import Document


class Withheld(Http404):
    """A file is not sent; the sentence says why.

    Attributes:
        status: Of the answer.
    """

    def __init__(self, sentence: str, status: HTTPStatus) -> None:
        super().__init__(sentence)
        self.status = status


def check_original(document: Document) -> None:
    """Check that a document's original may be sent.

    Raises:
        Withheld: It may not.
    """
    check_previews(document)
    if document.withheld:
        raise Withheld(document.withheld, HTTPStatus.CONFLICT)


def check_previews(document: Document) -> None:
    """Check that the pictures of a document's pages may be sent.

    Raises:
        Withheld: They may not.
    """
    if document.infected_with:
        raise Withheld(document.withheld, HTTPStatus.GONE)
