"""Gives everybody who has an account a private branch, and administrators their role."""

from typing import Any

from django.db import migrations

AT_ONCE = 500


def begin(apps: Any, _schema_editor: Any) -> None:
    User, Branch = apps.get_model("accounts", "User"), apps.get_model("accounts", "Branch")
    Membership = apps.get_model("accounts", "Membership")
    organisation, _new = apps.get_model("accounts", "Organisation").objects.get_or_create()
    people = list(User.objects.order_by("pk").values_list("pk", "date_joined", "is_staff"))
    for first in range(0, len(people), AT_ONCE):
        chunk = people[first : first + AT_ONCE]
        branches = Branch.objects.bulk_create(
            Branch(organisation=organisation, name="Private", private_of_id=pk, made_at=joined)
            for pk, joined, _ in chunk
        )
        Membership.objects.bulk_create(
            Membership(person_id=branch.private_of_id, branch=branch, role="owner", since=branch.made_at)
            for branch in branches
        )
        Membership.objects.bulk_create(
            Membership(person_id=pk, role="administrator", since=joined) for pk, joined, is_staff in chunk if is_staff
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_organisation")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
