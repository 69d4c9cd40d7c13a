import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Division',
            fields=[
                ('code', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('level', models.CharField(max_length=10)),
                ('valid_from', models.DateField(null=True)),
                ('valid_to', models.DateField(null=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='areas.division')),
                ('successor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='areas.division')),
            ],
            options={
                'ordering': ('code',),
                'indexes': [models.Index(fields=['name'], name='areas_division_name')],
            },
        ),
        migrations.CreateModel(
            name='Designation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('key_county', 'Key county'), ('area_county', 'County in a contiguous poor area'), ('poor_township', 'Poor township'), ('poor_village', 'Poor village'), ('demo_county', 'Demonstration county'), ('contract_pilot', 'Contract pilot county'), ('village_left', 'Village that left'), ('township_off', 'Township de-listed by the province'), ('county_off', 'County de-listed by the province'), ('county_left', 'County that left (national)')], max_length=16)),
                ('detail', models.CharField(blank=True, max_length=60)),
                ('from_year', models.SmallIntegerField()),
                ('to_year', models.SmallIntegerField(null=True)),
                ('source', models.CharField(max_length=200)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='designations', to='areas.division')),
            ],
            options={
                'ordering': ('division', 'kind', 'from_year'),
                'constraints': [models.UniqueConstraint(fields=('division', 'kind', 'from_year'), name='areas_designation_once'), models.CheckConstraint(condition=models.Q(('to_year__isnull', True), ('to_year__gte', models.F('from_year')), _connector='OR'), name='areas_designation_years')],
            },
        ),
        migrations.CreateModel(
            name='DivisionYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.SmallIntegerField()),
                ('rural_registered_households', models.IntegerField(null=True)),
                ('rural_registered_people', models.IntegerField(null=True)),
                ('reported_poor_households', models.IntegerField(null=True)),
                ('reported_poor_people', models.IntegerField(null=True)),
                ('cultivated_land_mu', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('collective_income_fen', models.BigIntegerField(null=True)),
                ('net_income_per_person_fen', models.BigIntegerField(null=True)),
                ('disposable_income_per_person_fen', models.BigIntegerField(null=True)),
                ('hardened_road', models.BooleanField(null=True)),
                ('bus', models.BooleanField(null=True)),
                ('safe_water', models.BooleanField(null=True)),
                ('electricity', models.BooleanField(null=True)),
                ('clinic', models.BooleanField(null=True)),
                ('doctor', models.BooleanField(null=True)),
                ('culture_room', models.BooleanField(null=True)),
                ('broadband', models.BooleanField(null=True)),
                ('own', models.JSONField(default=dict)),
                ('version', models.IntegerField(default=1)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='years', to='areas.division')),
            ],
            options={
                'ordering': ('division', 'year'),
                'constraints': [models.UniqueConstraint(fields=('division', 'year'), name='areas_division_year_once')],
            },
        ),
    ]
