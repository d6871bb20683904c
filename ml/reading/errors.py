"""Expected failures. Each carries a sentence for the person whose file or layout it is."""


class RefusedFile(Exception):
    """A file that the reader does not read. Its text is a plain sentence: what is wrong, and the way out.

    Attributes:
        code: The reason in a word, for programs: "empty", "type", "damaged", "encrypted", "bytes", "pixels", "pages",
            "seconds", "memory"; and three for which the file itself is not to blame: "layout", "late", "malware" (the
            scanner did not take it).
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class BadLayout(ValueError):
    """A layout that cannot be used. Its text is a sentence on the reason."""
