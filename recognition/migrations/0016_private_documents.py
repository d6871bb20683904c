"""Puts what people have into their private branches."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps: Any, _schema_editor: Any) -> None:
    branches = apps.get_model("accounts", "Branch").objects
    for model, person in (("Document", "uploaded_by"), ("Layout", "made_by")):
        # The default manager leaves the deleted ones out.
        private = branches.filter(private_of=OuterRef(person)).values("pk")[:1]
        apps.get_model("recognition", model)._base_manager.update(branch=Subquery(private))


class Migration(migrations.Migration):
    dependencies = [("recognition", "0015_branches")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
