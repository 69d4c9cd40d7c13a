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
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=12)),
                ('area_code', models.CharField(max_length=12)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area_code', 'name'), name='responsibility_organisation_once')],
            },
        ),
        migrations.CreateModel(
            name='Cadre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=32, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('rank', models.CharField(max_length=12)),
                ('area_code', models.CharField(max_length=12)),
                ('username', models.CharField(blank=True, max_length=60)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cadres', to='responsibility.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['area_code', 'id'], name='responsibility_cadre_place')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('username', ''), _negated=True), fields=('username',), name='responsibility_one_cadre_a_user'), models.CheckConstraint(condition=models.Q(('to_date__isnull', True), ('to_date__gte', models.F('from_date')), _connector='OR'), name='responsibility_cadre_dates')],
            },
        ),
        migrations.CreateModel(
            name='Pairing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('kind', models.CharField(max_length=12)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(null=True)),
                ('by', models.CharField(max_length=150)),
                ('ended_by', models.CharField(blank=True, max_length=150)),
                ('leader', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pairings', to='responsibility.cadre')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairings', to='responsibility.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['area_code'], name='responsibility_paired_place')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('to_date__isnull', True), ('leader__isnull', True)), fields=('organisation', 'area_code', 'kind'), name='responsibility_paired_once'), models.UniqueConstraint(condition=models.Q(('to_date__isnull', True), ('leader__isnull', False)), fields=('leader', 'area_code', 'kind'), name='responsibility_linked_once'), models.CheckConstraint(condition=models.Q(('to_date__isnull', True), ('to_date__gte', models.F('from_date')), _connector='OR'), name='responsibility_pairing_dates')],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('form', models.CharField(max_length=12)),
                ('what', models.CharField(max_length=200)),
                ('amount_fen', models.BigIntegerField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('of_list', models.CharField(blank=True, db_index=True, max_length=64)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('due', models.DateField(null=True)),
                ('corrects', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected', to='responsibility.commitment')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='responsibility.pairing')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0)), name='responsibility_promised')],
            },
        ),
        migrations.CreateModel(
            name='Arrival',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('form', models.CharField(max_length=12)),
                ('what', models.CharField(max_length=200)),
                ('amount_fen', models.BigIntegerField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('of_list', models.CharField(blank=True, db_index=True, max_length=64)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('area_code', models.CharField(max_length=12)),
                ('source', models.CharField(max_length=12)),
                ('voucher', models.CharField(blank=True, max_length=60)),
                ('corrects', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected', to='responsibility.arrival')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='arrivals', to='responsibility.pairing')),
            ],
            options={
                'indexes': [models.Index(fields=['area_code', 'on'], name='responsibility_came_to')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0)), name='responsibility_arrived')],
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('begins', models.DateField()),
                ('ends', models.DateField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.division')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__gte', models.F('begins'))), name='responsibility_round_days')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('village_code', models.CharField(max_length=12)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(null=True)),
                ('by', models.CharField(max_length=150)),
                ('ended_by', models.CharField(blank=True, max_length=150)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('to_date__isnull', True)), fields=('village_code',), name='responsibility_one_team'), models.CheckConstraint(condition=models.Q(('to_date__isnull', True), ('to_date__gte', models.F('from_date')), _connector='OR'), name='responsibility_team_dates')],
            },
        ),
        migrations.CreateModel(
            name='TeamMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('village_code', models.CharField(max_length=12)),
                ('role', models.CharField(max_length=12)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(null=True)),
                ('by', models.CharField(max_length=150)),
                ('ended_by', models.CharField(blank=True, max_length=150)),
                ('cadre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='service', to='responsibility.cadre')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='responsibility.team')),
            ],
            options={
                'indexes': [models.Index(fields=['village_code'], name='responsibility_service_place')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('to_date__isnull', True)), fields=('cadre',), name='responsibility_one_service'), models.UniqueConstraint(condition=models.Q(('to_date__isnull', True), ('role', 'first_sec')), fields=('team',), name='responsibility_one_first_secretary'), models.CheckConstraint(condition=models.Q(('to_date__isnull', True), ('to_date__gte', models.F('from_date')), _connector='OR'), name='responsibility_service_dates')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('village_code', models.CharField(max_length=12)),
                ('purpose', models.CharField(max_length=12)),
                ('found', models.CharField(max_length=1000)),
                ('next_step', models.CharField(blank=True, max_length=400)),
                ('place', models.CharField(blank=True, max_length=120)),
                ('photo', models.CharField(blank=True, max_length=64)),
                ('photo_type', models.CharField(blank=True, max_length=40)),
                ('of_list', models.CharField(blank=True, max_length=64)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('void', models.BooleanField(default=False)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('cadre', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='responsibility.cadre')),
                ('corrects', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='responsibility.visit')),
                ('household', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='registry.household')),
                ('of_round', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='responsibility.round')),
            ],
            options={
                'indexes': [models.Index(fields=['household', '-on'], name='responsibility_visited'), models.Index(fields=['cadre', '-on'], name='responsibility_visitor'), models.Index(fields=['of_round', 'village_code'], name='responsibility_of_round'), models.Index(fields=['village_code', 'on'], name='responsibility_visit_place')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('corrects__isnull', False)), fields=('corrects',), name='responsibility_corrected_once')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('village_code', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField()),
                ('month', models.SmallIntegerField()),
                ('present', models.SmallIntegerField()),
                ('leave', models.JSONField(default=dict)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('cadre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='responsibility.cadre')),
            ],
            options={
                'indexes': [models.Index(fields=['year', 'month', 'village_code'], name='responsibility_attended'), models.Index(fields=['cadre', 'year', 'month', '-id'], name='responsibility_days')],
                'constraints': [models.CheckConstraint(condition=models.Q(('month__range', (1, 12))), name='responsibility_month'), models.CheckConstraint(condition=models.Q(('present__range', (0, 31))), name='responsibility_present')],
            },
        ),
        migrations.CreateModel(
            name='Helper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('village_code', models.CharField(max_length=12)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(null=True)),
                ('by', models.CharField(max_length=150)),
                ('ended_by', models.CharField(blank=True, max_length=150)),
                ('cadre', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='households', to='responsibility.cadre')),
                ('household', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='helpers', to='registry.household')),
            ],
            options={
                'indexes': [models.Index(fields=['household', 'from_date'], name='responsibility_answered'), models.Index(fields=['cadre', 'to_date'], name='responsibility_answers')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('to_date__isnull', True)), fields=('household',), name='responsibility_one_helper'), models.CheckConstraint(condition=models.Q(('to_date__isnull', True), ('to_date__gte', models.F('from_date')), _connector='OR'), name='responsibility_helper_dates')],
            },
        ),
    ]
