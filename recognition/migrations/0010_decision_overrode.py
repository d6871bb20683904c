from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recognition', '0009_turns_keys_and_limits'),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='overrode',
            field=models.JSONField(blank=True, default=list, verbose_name='checks against the value that the person was told of'),
        ),
    ]
