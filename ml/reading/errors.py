"""Expected failures, each with a sentence for the person who uploaded the file."""


class RefusedFile(Exception):
    """A file that will not be read. `str()` is a plain sentence: what is wrong, and the way out.

    Attributes:
        code: A short word for machines: "empty", "type", "damaged", "encrypted", "bytes", "pixels", "pages".
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class BadLayout(ValueError):
    """A layout that cannot be used; the sentence says why."""
