"""What the database itself refuses to do with decisions."""

from accounts.triggers import Refusal

DECISIONS = (Refusal("recognition_decision", "UPDATE"), Refusal("recognition_decision", "TRUNCATE"))
"""A decision stays as it was made. With a document that is removed for good, its decisions go."""
