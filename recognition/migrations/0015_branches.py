import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_private_branches"),
        ("recognition", "0014_amount_in_words"),
    ]
    operations = [
        migrations.RemoveConstraint("document", "one_document_an_upload"),
        migrations.RemoveIndex("document", "document_history"),
        migrations.RemoveIndex("document", "document_turn"),
        migrations.RemoveIndex("document", "document_served"),
        migrations.RenameField("document", "owner", "uploaded_by"),
        migrations.RenameField("layout", "owner", "made_by"),
        migrations.AlterField(
            "document",
            "uploaded_by",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "layout",
            "made_by",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="layouts", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            "decision",
            "decided_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "document",
            "branch",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="accounts.branch",
            ),
        ),
        migrations.AddField(
            "layout",
            "branch",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="layouts", to="accounts.branch"
            ),
        ),
    ]
