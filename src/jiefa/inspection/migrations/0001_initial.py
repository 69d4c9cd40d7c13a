import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='SpotCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_code', models.CharField(max_length=12)),
                ('place_code', models.CharField(max_length=12)),
                ('planned_for', models.DateField()),
                ('reason_sealed', models.BinaryField()),
                ('state', models.CharField(choices=[('planned', 'planned, secret'), ('done', 'done'), ('dropped', 'dropped')], default='planned', max_length=8)),
                ('done_on', models.DateField(null=True)),
                ('record', models.CharField(blank=True, max_length=2000)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['by_code', 'id'], name='inspection_by'), models.Index(fields=['place_code', 'id'], name='inspection_place')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_on__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_on__isnull', True)), _connector='OR'), name='inspection_done_has_a_day'), models.CheckConstraint(condition=models.Q(('by_code', models.F('place_code')), _negated=True), name='inspection_from_above')],
            },
        ),
        migrations.CreateModel(
            name='SpotFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place_code', models.CharField(max_length=12)),
                ('item', models.CharField(max_length=16)),
                ('what', models.CharField(max_length=400)),
                ('state', models.CharField(choices=[('open', 'to be put right'), ('replied', 'to be looked at again'), ('closed', 'put right')], default='open', max_length=8)),
                ('found_on', models.DateField()),
                ('since', models.DateField()),
                ('due_on', models.DateField()),
                ('closed_on', models.DateField(null=True)),
                ('check_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='inspection.spotcheck')),
            ],
            options={
                'indexes': [models.Index(fields=['place_code', 'state', 'due_on'], name='inspection_finding_open')],
                'constraints': [models.UniqueConstraint(fields=('check_of', 'item'), name='inspection_finding_once'), models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('found_on'))), name='inspection_finding_days')],
            },
        ),
        migrations.CreateModel(
            name='SpotFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('media_type', models.CharField(max_length=40)),
                ('size', models.IntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='inspection.spotfinding')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('finding', 'sha256'), name='inspection_file_once')],
            },
        ),
        migrations.CreateModel(
            name='Interview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_code', models.CharField(max_length=12)),
                ('place_code', models.CharField(max_length=12)),
                ('whom', models.CharField(max_length=80)),
                ('reason', models.CharField(max_length=16)),
                ('said_sealed', models.BinaryField()),
                ('demand', models.CharField(max_length=400)),
                ('on', models.DateField()),
                ('due_on', models.DateField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('finding', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='interviews', to='inspection.spotfinding')),
            ],
            options={
                'indexes': [models.Index(fields=['place_code', 'id'], name='inspection_interview_place')],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('on'))), name='inspection_interview_days')],
            },
        ),
        migrations.CreateModel(
            name='SpotItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=16)),
                ('result', models.CharField(max_length=12)),
                ('check_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='inspection.spotcheck')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('check_of', 'item'), name='inspection_item_once')],
            },
        ),
        migrations.CreateModel(
            name='SpotRecheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('result', models.CharField(max_length=12)),
                ('what', models.CharField(max_length=1000)),
                ('on', models.DateField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rechecks', to='inspection.spotfinding')),
            ],
        ),
        migrations.CreateModel(
            name='SpotReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(max_length=1000)),
                ('on', models.DateField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='inspection.spotfinding')),
            ],
        ),
    ]
