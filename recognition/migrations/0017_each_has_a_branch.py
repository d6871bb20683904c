import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recognition", "0016_private_documents")]
    operations = [
        migrations.AlterField(
            "document",
            "branch",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="accounts.branch"
            ),
        ),
        migrations.AlterField(
            "layout",
            "branch",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="layouts", to="accounts.branch"
            ),
        ),
        migrations.AddIndex("document", models.Index(fields=["branch", "-created_at"], name="document_history")),
        migrations.AddIndex(
            "document",
            models.Index(fields=["state", "uploaded_by", "queued_at", "deleted_at"], name="document_turn"),
        ),
        migrations.AddIndex("document", models.Index(fields=["uploaded_by", "claimed_at"], name="document_served")),
        migrations.AddConstraint(
            "document",
            models.UniqueConstraint(
                fields=["uploaded_by", "upload_key", "sha256"],
                condition=~models.Q(upload_key=""),
                name="one_document_an_upload",
            ),
        ),
    ]
