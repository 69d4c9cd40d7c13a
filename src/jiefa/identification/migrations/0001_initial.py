import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0001_initial'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LeadList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('rows', models.IntegerField()),
                ('found', models.IntegerField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='LookBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('year', models.SmallIntegerField()),
                ('begins', models.DateField()),
                ('ends', models.DateField()),
                ('households', models.IntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.division')),
            ],
        ),
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('village_code', models.CharField(max_length=12)),
                ('kind', models.CharField(max_length=12)),
                ('detail', models.CharField(blank=True, max_length=200)),
                ('seen_on', models.DateField(null=True)),
                ('settled', models.CharField(blank=True, choices=[('true', 'True: to be taken off'), ('kept', 'True, but stays poor'), ('wrong', 'The list is wrong')], max_length=6)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('settled_on', models.DateField(null=True)),
                ('by', models.CharField(blank=True, max_length=150)),
                ('dossier', models.BigIntegerField(null=True)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='registry.household')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('of_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='identification.leadlist')),
            ],
            options={
                'indexes': [models.Index(fields=['village_code', 'settled', 'id'], name='identification_lead_place'), models.Index(fields=['household'], name='identification_lead_household')],
            },
        ),
        migrations.CreateModel(
            name='LookBackHousehold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('village_code', models.CharField(max_length=12)),
                ('on_list', models.BooleanField()),
                ('status_then', models.CharField(max_length=12)),
                ('found', models.CharField(blank=True, choices=[('confirmed', 'Confirmed'), ('changed', 'Facts changed'), ('wrongly_in', 'Wrongly in'), ('missed', 'Missed'), ('gone', 'Gone')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('found_on', models.DateField(null=True)),
                ('by', models.CharField(blank=True, max_length=150)),
                ('dossier', models.BigIntegerField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='list', to='identification.lookback')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.household')),
            ],
            options={
                'indexes': [models.Index(fields=['campaign', 'village_code', 'found'], name='identification_visits')],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'household'), name='identification_lookback_once')],
            },
        ),
        migrations.CreateModel(
            name='Quota',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.SmallIntegerField()),
                ('people', models.IntegerField()),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.division')),
            ],
            options={
                'indexes': [models.Index(fields=['year', 'division', '-id'], name='identification_allotted')],
                'constraints': [models.CheckConstraint(condition=models.Q(('people__gte', 0)), name='identification_quota_people')],
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('village_code', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField()),
                ('scorecard', models.CharField(max_length=40)),
                ('in_force_from', models.DateField()),
                ('asked', models.JSONField(default=dict)),
                ('answers', models.JSONField(default=dict)),
                ('lowest', models.DecimalField(decimal_places=2, max_digits=5)),
                ('highest', models.DecimalField(decimal_places=2, max_digits=5)),
                ('disagreement', models.CharField(blank=True, max_length=10)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='registry.household')),
            ],
            options={
                'indexes': [models.Index(fields=['household', 'year', '-id'], name='identification_scored'), models.Index(condition=models.Q(('disagreement', ''), _negated=True), fields=['year', 'village_code'], name='identification_disagree')],
            },
        ),
    ]
