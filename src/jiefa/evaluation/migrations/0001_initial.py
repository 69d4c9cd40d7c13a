import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('procedures', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='DrawnVillage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('village_code', models.CharField(max_length=12)),
                ('stratum', models.CharField(max_length=16)),
                ('of', models.IntegerField()),
                ('drawn', models.IntegerField()),
                ('probability', models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name='DrawnHousehold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.IntegerField()),
                ('part', models.CharField(max_length=8)),
                ('household_id', models.BigIntegerField(null=True)),
                ('position', models.IntegerField(null=True)),
                ('order', models.IntegerField()),
                ('reserve', models.BooleanField()),
                ('probability', models.FloatField()),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='households', to='evaluation.drawnvillage')),
            ],
        ),
        migrations.CreateModel(
            name='Rebuttal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.dossier')),
                ('household', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rebutted', to='evaluation.drawnhousehold')),
            ],
        ),
        migrations.CreateModel(
            name='Replacement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('away', 'Away from home'), ('moved', 'Moved out of the village'), ('refused', 'Refused'), ('died', 'Nobody is left'), ('not_found', 'Not found')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('gone', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='replaced', to='evaluation.drawnhousehold')),
                ('instead', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='stands_for', to='evaluation.drawnhousehold')),
            ],
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField()),
                ('snapshot', models.CharField(max_length=60)),
                ('seed', models.BigIntegerField()),
                ('evaluator', models.CharField(max_length=150)),
                ('asked', models.JSONField()),
                ('frame', models.JSONField()),
                ('policy_version', models.CharField(max_length=80)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['evaluator', 'area_code'], name='evaluation_sample_evaluator')],
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('estimates', models.JSONField()),
                ('policy_version', models.CharField(max_length=80)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('sample', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='handed_over', to='evaluation.sample')),
            ],
        ),
        migrations.AddField(
            model_name='drawnvillage',
            name='sample',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='villages', to='evaluation.sample'),
        ),
        migrations.AddField(
            model_name='drawnhousehold',
            name='sample',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='households', to='evaluation.sample'),
        ),
        migrations.CreateModel(
            name='FieldAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visited_on', models.DateField()),
                ('people', models.SmallIntegerField()),
                ('income_fen', models.BigIntegerField()),
                ('food', models.BooleanField()),
                ('clothing', models.BooleanField()),
                ('education', models.BooleanField()),
                ('medical', models.BooleanField()),
                ('housing', models.BooleanField()),
                ('water', models.BooleanField()),
                ('satisfied', models.BooleanField(null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='evaluation.drawnhousehold')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('people__gte', 1)), name='evaluation_answer_people')],
            },
        ),
        migrations.AddConstraint(
            model_name='drawnvillage',
            constraint=models.UniqueConstraint(fields=('sample', 'village_code'), name='evaluation_village_once'),
        ),
        migrations.AddConstraint(
            model_name='drawnhousehold',
            constraint=models.UniqueConstraint(fields=('sample', 'sheet'), name='evaluation_sheet_once'),
        ),
        migrations.AddConstraint(
            model_name='drawnhousehold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('household_id__isnull', False), ('position__isnull', True)), models.Q(('household_id__isnull', True), ('position__isnull', False)), _connector='OR'), name='evaluation_household_or_position'),
        ),
        migrations.AddConstraint(
            model_name='drawnhousehold',
            constraint=models.CheckConstraint(condition=models.Q(('probability__gt', 0), ('probability__lte', 1)), name='evaluation_household_chance'),
        ),
    ]
