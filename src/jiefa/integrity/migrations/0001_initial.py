import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('procedures', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('title', models.CharField(max_length=120)),
                ('from_year', models.SmallIntegerField()),
                ('to_year', models.SmallIntegerField()),
                ('offices', models.CharField(choices=[('county', 'Counties'), ('township', 'Townships'), ('both', 'Counties and townships')], max_length=10)),
                ('opened_on', models.DateField()),
                ('due_on', models.DateField()),
                ('document', models.CharField(max_length=100)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area_code', 'title'), name='integrity_campaign_once'), models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('opened_on')), ('to_year__gte', models.F('from_year'))), name='integrity_campaign_dates')],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('against_code', models.CharField(blank=True, max_length=12)),
                ('source', models.CharField(max_length=12)),
                ('subject_kind', models.CharField(max_length=12)),
                ('subject_sealed', models.BinaryField()),
                ('text_sealed', models.BinaryField()),
                ('opened_on', models.DateField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('dossier', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.dossier')),
            ],
        ),
        migrations.CreateModel(
            name='CaseNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('on', models.DateField()),
                ('text_sealed', models.BinaryField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='integrity.case')),
            ],
        ),
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('name', models.CharField(max_length=60)),
                ('head', models.CharField(max_length=80)),
                ('deputy', models.CharField(blank=True, max_length=80)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area_code', 'name'), name='integrity_group_once')],
            },
        ),
        migrations.AddField(
            model_name='case',
            name='group',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='integrity.group'),
        ),
        migrations.CreateModel(
            name='Violation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('number', models.CharField(max_length=40)),
                ('project', models.CharField(blank=True, max_length=80)),
                ('kind', models.CharField(max_length=20)),
                ('amount_fen', models.BigIntegerField()),
                ('found_on', models.DateField()),
                ('what', models.CharField(max_length=400)),
                ('responsible', models.CharField(max_length=80)),
                ('due_on', models.DateField()),
                ('rectified_fen', models.BigIntegerField(default=0)),
                ('settled_on', models.DateField(null=True)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='violations', to='integrity.campaign')),
            ],
            options={
                'indexes': [models.Index(fields=['settled_on', 'area_code', 'due_on'], name='integrity_violation_open')],
                'constraints': [models.UniqueConstraint(fields=('area_code', 'number'), name='integrity_violation_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0), ('due_on__gte', models.F('found_on')), ('rectified_fen__gte', 0), ('rectified_fen__lte', models.F('amount_fen'))), name='integrity_violation_sound'), models.CheckConstraint(condition=models.Q(('settled_on__isnull', True), ('rectified_fen', models.F('amount_fen')), _connector='OR'), name='integrity_settled_whole')],
            },
        ),
        migrations.CreateModel(
            name='Rectification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_fen', models.BigIntegerField()),
                ('on', models.DateField()),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.dossier')),
                ('violation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rectifications', to='integrity.violation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0)), name='integrity_rectification_amount')],
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('to', models.CharField(max_length=12)),
                ('on', models.DateField()),
                ('reason_sealed', models.BinaryField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handed_over', to='integrity.case')),
                ('violation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handed_over', to='integrity.violation')),
            ],
            options={
                'indexes': [models.Index(fields=['area_code', 'id'], name='integrity_handed_area')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('violation__isnull', True)), models.Q(('case__isnull', True), ('violation__isnull', False)), _connector='OR'), name='integrity_one_thing_handed'), models.UniqueConstraint(fields=('violation', 'to'), name='integrity_violation_handed_once'), models.UniqueConstraint(fields=('case', 'to'), name='integrity_case_handed_once')],
            },
        ),
        migrations.AddField(
            model_name='case',
            name='violation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='integrity.violation'),
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('project', models.CharField(blank=True, max_length=80)),
                ('item', models.CharField(max_length=20)),
                ('answer', models.CharField(max_length=16)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('on', models.DateField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='integrity.campaign')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'area_code', 'project', 'item'), name='integrity_answer_once')],
            },
        ),
        migrations.CreateModel(
            name='GroupTownship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(null=True)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='townships', to='integrity.group')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('to_date__isnull', True)), fields=('area_code',), name='integrity_one_group_a_township'), models.CheckConstraint(condition=models.Q(('to_date__isnull', True), ('to_date__gte', models.F('from_date')), _connector='OR'), name='integrity_group_dates')],
            },
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['area_code', 'id'], name='integrity_case_area'),
        ),
    ]
