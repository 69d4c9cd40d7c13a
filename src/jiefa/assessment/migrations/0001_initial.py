import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('procedures', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CountyFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField()),
                ('figure', models.CharField(max_length=40)),
                ('value', models.DecimalField(decimal_places=6, max_digits=20)),
                ('source', models.CharField(max_length=200)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('list_number', models.IntegerField(null=True)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['year', 'figure', 'area_code'], name='assessment_figure_newest')],
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(max_length=16)),
                ('scheme_from', models.DateField()),
                ('year', models.SmallIntegerField()),
                ('snapshot', models.CharField(max_length=60)),
                ('snapshot_before', models.CharField(blank=True, max_length=60)),
                ('policy_version', models.CharField(max_length=80)),
                ('digest', models.CharField(max_length=64)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('corrects', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='assessment.run')),
            ],
            options={
                'indexes': [models.Index(fields=['scheme', 'year', 'id'], name='assessment_run_newest')],
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('group', models.CharField(max_length=40)),
                ('hundredths', models.IntegerField()),
                ('grade', models.CharField(max_length=40)),
                ('rank', models.IntegerField()),
                ('ranked', models.IntegerField()),
                ('vetoes', models.JSONField(default=list)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='assessment.run')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'area_code'), name='assessment_place_once'), models.CheckConstraint(condition=models.Q(('hundredths__gte', 0), ('hundredths__lte', 10000)), name='assessment_score_bounds')],
            },
        ),
        migrations.CreateModel(
            name='Point',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.SmallIntegerField()),
                ('item', models.CharField(max_length=22)),
                ('figure', models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                ('hundredths', models.IntegerField()),
                ('of_hundredths', models.IntegerField()),
                ('source', models.JSONField()),
                ('workings', models.JSONField()),
                ('score', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points', to='assessment.score')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('score', 'item'), name='assessment_item_once'), models.CheckConstraint(condition=models.Q(('hundredths__gte', 0), ('hundredths__lte', models.F('of_hundredths'))), name='assessment_point_bounds')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(max_length=16)),
                ('year', models.SmallIntegerField()),
                ('area_code', models.CharField(max_length=12)),
                ('item', models.CharField(max_length=22)),
                ('value', models.DecimalField(decimal_places=6, max_digits=20)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='procedures.dossier')),
            ],
            options={
                'indexes': [models.Index(fields=['scheme', 'year', 'area_code'], name='assessment_correction_of')],
            },
        ),
    ]
