import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Dossier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('procedure', models.CharField(max_length=40)),
                ('in_force_from', models.DateField()),
                ('subject', models.CharField(max_length=60)),
                ('place_code', models.CharField(max_length=12)),
                ('title', models.CharField(max_length=120)),
                ('year', models.SmallIntegerField()),
                ('campaign', models.CharField(blank=True, max_length=60)),
                ('proposal', models.JSONField(default=dict)),
                ('submitted_digest', models.CharField(blank=True, max_length=64)),
                ('step', models.CharField(max_length=40)),
                ('desk', models.CharField(blank=True, max_length=12)),
                ('outcome', models.CharField(blank=True, choices=[('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], max_length=10)),
                ('visit', models.SmallIntegerField(default=1)),
                ('due_on', models.DateField(null=True)),
                ('notice_posted', models.BooleanField(default=False)),
                ('notice_until', models.DateField(null=True)),
                ('notice_stopped', models.BooleanField(default=False)),
                ('version', models.IntegerField(default=1)),
                ('opened_at', models.DateTimeField()),
                ('opened_by', models.CharField(max_length=150)),
                ('opened_on', models.DateField()),
                ('closed_on', models.DateField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['desk', 'procedure', 'step', 'due_on', 'id'], name='procedures_desk'), models.Index(fields=['place_code', 'procedure', 'id'], name='procedures_place'), models.Index(fields=['subject'], name='procedures_subject')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('procedure', 'subject'), name='procedures_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('desk__gt', ''), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('desk', '')), _connector='OR'), name='procedures_open_on_a_desk')],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('step', models.CharField(max_length=40)),
                ('file_name', models.CharField(max_length=200)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.IntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='procedures.dossier')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dossier', 'kind', 'sha256'), name='procedures_evidence_once')],
            },
        ),
        migrations.CreateModel(
            name='StepTaken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.SmallIntegerField()),
                ('visit', models.SmallIntegerField()),
                ('step', models.CharField(max_length=40)),
                ('decision', models.CharField(max_length=10)),
                ('target', models.CharField(max_length=40)),
                ('opinion', models.TextField(blank=True)),
                ('facts', models.JSONField(default=dict)),
                ('by', models.CharField(max_length=150)),
                ('role', models.CharField(max_length=24)),
                ('area', models.CharField(max_length=12)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('about', models.JSONField(default=dict)),
                ('proposal', models.JSONField(null=True)),
                ('proposal_digest', models.CharField(max_length=64)),
                ('policy_version', models.CharField(max_length=12)),
                ('key', models.CharField(max_length=64)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps_taken', to='procedures.dossier')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dossier', 'seq'), name='procedures_step_once'), models.UniqueConstraint(fields=('dossier', 'key'), name='procedures_request_once')],
            },
        ),
    ]
