import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('lists', '0001_initial'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ModelCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.SmallIntegerField()),
                ('order_of', models.CharField(max_length=60)),
                ('snapshots', models.JSONField()),
                ('policy_version', models.CharField(max_length=80)),
                ('used', models.BooleanField()),
                ('reason', models.CharField(max_length=20)),
                ('auc', models.FloatField(null=True)),
                ('baseline_auc', models.FloatField(null=True)),
                ('facts', models.JSONField()),
                ('seconds', models.FloatField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('village_code', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField()),
                ('source', models.CharField(max_length=12)),
                ('trigger', models.CharField(max_length=12)),
                ('on', models.DateField()),
                ('amount_fen', models.BigIntegerField(null=True)),
                ('found', models.BigIntegerField(null=True)),
                ('department', models.CharField(blank=True, max_length=20)),
                ('detail', models.CharField(blank=True, max_length=200)),
                ('snapshot', models.CharField(blank=True, max_length=60)),
                ('visit', models.BigIntegerField(null=True)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'to be looked into'), ('followed', 'taken up by a dossier'), ('closed', 'closed with a reason')], default='open', max_length=8)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('settled_on', models.DateField(null=True)),
                ('settled_by', models.CharField(blank=True, max_length=150)),
                ('dossier', models.BigIntegerField(null=True)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='watch_events', to='registry.household')),
                ('of_list', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lists.receivedlist')),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
            ],
            options={
                'indexes': [models.Index(fields=['village_code', 'state', 'id'], name='monitoring_event_place')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('source', 'card')), fields=('household', 'year', 'trigger'), name='monitoring_card_event_once')],
            },
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(max_length=12)),
                ('triggers', models.CharField(max_length=120)),
                ('year', models.SmallIntegerField()),
                ('since', models.DateField()),
                ('dossier', models.BigIntegerField(unique=True)),
                ('ended', models.CharField(blank=True, max_length=10)),
                ('ended_on', models.DateField(null=True)),
                ('ended_dossier', models.BigIntegerField(null=True)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='watches', to='registry.household')),
            ],
            options={
                'indexes': [models.Index(fields=['ended', 'id'], name='monitoring_watch_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended', '')), fields=('household',), name='monitoring_watched_once_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('ended', ''), ('ended_on__isnull', True)), models.Q(models.Q(('ended', ''), _negated=True), ('ended_on__isnull', False)), _connector='OR'), name='monitoring_ended_on_a_day')],
            },
        ),
    ]
