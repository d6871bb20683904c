"""On the way back: the version before deletes what is undone, and knows no former pages."""

from typing import Any

from django.db import migrations


def forget_undone(apps: Any, schema_editor: Any) -> None:
    def delete(name: str, **rows: Any) -> None:
        """Delete rows that nothing refers to any more."""
        apps.get_model("recognition", name).objects.filter(**rows)._raw_delete(schema_editor.connection.alias)

    decisions = apps.get_model("recognition", "Decision").objects
    undone = list(decisions.filter(reverses__isnull=False).values_list("reverses_id", flat=True))
    former = list(apps.get_model("recognition", "Page").objects.filter(document=None).values_list("pk", flat=True))
    delete("Decision", reverses__isnull=False)
    delete("Decision", pk__in=undone)
    delete("FieldReading", page_id__in=former)
    delete("Table", page_id__in=former)
    delete("Page", pk__in=former)


class Migration(migrations.Migration):
    dependencies = [("recognition", "0020_document_infected_with")]
    operations = [migrations.RunPython(migrations.RunPython.noop, forget_undone)]
