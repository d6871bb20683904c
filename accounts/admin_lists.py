"""What the administrators' lists answer when their address asks for more than they show."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from unfold.admin import ModelAdmin


class ClosedList(ModelAdmin):  # type: ignore[misc]
    """A list that can be filtered by what it offers as a filter, and by nothing else.

    Django lets the address filter by every column of the table: `?password__startswith=` would spell a hash out.
    """

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Allow what the links of the filters and of the days ask."""
        filters = (*self.list_filter, *filter(None, [self.date_hierarchy]))
        allowed = {name + way for name in filters for way in ("", "__exact", "__gte", "__lt")}
        if self.date_hierarchy:
            allowed |= {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        return lookup in allowed

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Make the list.

        Raises:
            IncorrectLookupParameters: A number in the address is larger than any date.
        """
        try:
            found: ChangeList = super().get_changelist_instance(request)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from error
        return found
