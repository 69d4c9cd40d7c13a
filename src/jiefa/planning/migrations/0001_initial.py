import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('procedures', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Overrule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household_id', models.BigIntegerField(db_index=True)),
                ('village_code', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField(null=True)),
                ('pathway', models.CharField(blank=True, max_length=20)),
                ('reason', models.CharField(max_length=300)),
                ('taken_back', models.BooleanField(default=False)),
                ('cost_yuan', models.FloatField(null=True)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('base_year', models.SmallIntegerField()),
                ('first_year', models.SmallIntegerField()),
                ('last_year', models.SmallIntegerField()),
                ('snapshot', models.CharField(max_length=60)),
                ('policy_version', models.CharField(max_length=80)),
                ('line_fen', models.BigIntegerField()),
                ('households', models.IntegerField()),
                ('people', models.IntegerField()),
                ('objective_yuan', models.FloatField()),
                ('bound_yuan', models.FloatField()),
                ('asked', models.JSONField()),
                ('prices', models.JSONField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('what_if', models.BooleanField(default=False)),
                ('seconds', models.FloatField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Capacity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=6)),
                ('year', models.SmallIntegerField()),
                ('resource', models.CharField(max_length=20)),
                ('amount', models.BigIntegerField()),
                ('document', models.CharField(max_length=100)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area_code', 'year', 'resource'), name='planning_capacity_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='planning_capacity_not_below_0')],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField()),
                ('month', models.SmallIntegerField()),
                ('figures', models.JSONField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['year', 'area_code', 'month', 'id'], name='planning_confirmation_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('month__gte', 1), ('month__lte', 12)), name='planning_confirmation_month')],
            },
        ),
        migrations.CreateModel(
            name='KeptDifference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField()),
                ('metric', models.CharField(max_length=24)),
                ('value', models.BigIntegerField()),
                ('below', models.BigIntegerField()),
                ('reason', models.CharField(max_length=300)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['area_code', 'year', 'metric', 'id'], name='planning_difference_newest')],
            },
        ),
        migrations.CreateModel(
            name='ShortfallReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField()),
                ('month', models.SmallIntegerField()),
                ('metric', models.CharField(max_length=24)),
                ('reason', models.CharField(max_length=300)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['year', 'metric', 'area_code', 'id'], name='planning_shortfall_newest')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField()),
                ('metric', models.CharField(max_length=24)),
                ('value', models.BigIntegerField()),
                ('carried', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('sent', 'Sent down'), ('proposed', 'Proposed from below'), ('fixed', 'Fixed')], max_length=10)),
                ('document', models.CharField(max_length=100)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['metric', 'year', 'area_code', 'id'], name='planning_target_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='planning_target_not_below_0')],
            },
        ),
        migrations.CreateModel(
            name='Unlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('confirmation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='unlock', to='planning.confirmation')),
            ],
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('upper_code', models.CharField(max_length=12)),
                ('area_code', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField()),
                ('document', models.CharField(max_length=100)),
                ('lines', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('signed_on', models.DateField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.dossier')),
            ],
            options={
                'indexes': [models.Index(fields=['area_code', 'year', 'id'], name='planning_letter_newest')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('village_code', models.CharField(max_length=12)),
                ('household_id', models.BigIntegerField()),
                ('size', models.SmallIntegerField()),
                ('year', models.SmallIntegerField(null=True)),
                ('pathway', models.CharField(blank=True, max_length=20)),
                ('lacks', models.CharField(blank=True, max_length=60)),
                ('poorest', models.BooleanField()),
                ('gap_yuan', models.IntegerField()),
                ('plan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='planning.plan')),
            ],
            options={
                'indexes': [models.Index(fields=['plan', 'village_code'], name='planning_assignment_place'), models.Index(fields=['household_id', 'plan'], name='planning_assignment_household')],
            },
        ),
    ]
