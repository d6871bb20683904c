"""Layouts: what a document is said to be, what each page was read with, fields of kinds, and what people say of them."""

from typing import Any

from django.db import migrations, models


def name_layouts(apps: Any, _schema_editor: Any) -> None:
    """What stands here already was read as one number, or searched for all its numbers."""
    documents = apps.get_model("recognition", "Document").everything
    documents.filter(one_number=True).update(layout="one-number")
    documents.filter(one_number=False).update(layout="any")


def name_none(apps: Any, _schema_editor: Any) -> None:
    documents = apps.get_model("recognition", "Document").everything
    documents.filter(layout="one-number").update(one_number=True)


class Migration(migrations.Migration):
    dependencies = [("recognition", "0004_readings_and_writing")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="layout",
            field=models.CharField(default="auto", max_length=60, verbose_name="what its pages are, by the layout's name"),
        ),
        migrations.RunPython(name_layouts, name_none),
        migrations.RemoveField(model_name="document", name="one_number"),
    ]
