
import accounts.models.organisation
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_invitations'),
    ]

    operations = [
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('clerk', 'Clerk'), ('checker', 'Checker'), ('supervisor', 'Supervisor'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], max_length=14)),
                ('since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='from')),
                ('until', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('since', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(default='Our organisation', max_length=120)),
            ],
        ),
        migrations.AddField(
            model_name='invitation',
            name='role',
            field=models.CharField(blank=True, choices=[('owner', 'Owner'), ('clerk', 'Clerk'), ('checker', 'Checker'), ('supervisor', 'Supervisor'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], max_length=14, verbose_name='role that it gives; empty for none'),
        ),
        migrations.CreateModel(
            name='Branch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('code', models.CharField(blank=True, help_text='As the bank knows it, such as NY-01.', max_length=12, validators=[django.core.validators.RegexValidator('^[A-Z0-9-]{1,12}\\Z', 'A code has at most 12 capital letters, digits and hyphens.')], verbose_name='code')),
                ('time_zone', models.CharField(blank=True, help_text='Empty for that of the site.', max_length=60, validators=[accounts.models.organisation.time_zone_exists])),
                ('currency', models.CharField(blank=True, help_text='Of amounts whose layout names none.', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}\\Z', 'A currency has three capital letters, such as USD (ISO 4217).')])),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('closed_at', models.DateTimeField(editable=False, null=True, verbose_name='closed')),
                ('private_of', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='private_branch', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('name', 'pk'),
            },
        ),
        migrations.AddField(
            model_name='invitation',
            name='branch',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.branch'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('branch', None), ('role', '')), models.Q(models.Q(('role', ''), _negated=True), models.Q(models.Q(('role__in', ['administrator', 'auditor']), ('branch', None)), models.Q(models.Q(('role__in', ['administrator', 'auditor']), _negated=True), ('branch__isnull', False)), _connector='OR')), _connector='OR'), name='invitation_has_its_place'),
        ),
        migrations.AddField(
            model_name='membership',
            name='branch',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.branch', verbose_name='branch, if of one'),
        ),
        migrations.AddField(
            model_name='membership',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='membership',
            name='given_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='membership',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='branch',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='branches', to='accounts.organisation'),
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(fields=['person', 'until'], name='membership_now'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['administrator', 'auditor']), ('branch', None)), models.Q(models.Q(('role__in', ['administrator', 'auditor']), _negated=True), ('branch__isnull', False)), _connector='OR'), name='membership_has_its_place'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='membership_ends_after'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('given_by', models.F('person')), _negated=True), name='nobody_gives_own_role'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('person', 'branch', 'role'), name='one_role_in_a_branch'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('branch', None), ('until', None)), fields=('person', 'role'), name='one_role_for_all'),
        ),
        migrations.AddConstraint(
            model_name='branch',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('organisation', 'code'), name='one_branch_a_code'),
        ),
    ]
