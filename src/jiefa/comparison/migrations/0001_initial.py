import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('identification', '0001_initial'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Comparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('department', models.CharField(max_length=60)),
                ('as_of', models.DateField()),
                ('exact', models.IntegerField()),
                ('probable', models.IntegerField()),
                ('doubtful', models.IntegerField()),
                ('agreed', models.IntegerField(default=0)),
                ('whole_of', models.CharField(blank=True, max_length=12)),
                ('missing', models.IntegerField(default=0)),
                ('lead_from', models.FloatField()),
                ('clerk_from', models.FloatField()),
                ('precision', models.FloatField(null=True)),
                ('recall', models.FloatField(null=True)),
                ('list', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='comparison', to='identification.leadlist')),
            ],
        ),
        migrations.CreateModel(
            name='Course',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('both', 'number and name'), ('number', 'number, another name'), ('likely', 'likeness'), ('clerk', "a clerk's eye"), ('missing', 'on the card, not on the list')], max_length=8)),
                ('probability', models.FloatField()),
                ('due_on', models.DateField()),
                ('comparison', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='courses', to='comparison.comparison')),
                ('lead', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='course', to='identification.lead')),
            ],
            options={
                'indexes': [models.Index(fields=['due_on', 'id'], name='comparison_course_due')],
            },
        ),
        migrations.CreateModel(
            name='Pair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.IntegerField()),
                ('village_code', models.CharField(max_length=12)),
                ('probability', models.FloatField()),
                ('said_name', models.CharField(max_length=60)),
                ('said_born', models.DateField(null=True)),
                ('said_place', models.CharField(blank=True, max_length=120)),
                ('detail', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('waiting', 'to be decided'), ('same', 'the same person'), ('other', 'somebody else'), ('unclear', 'unclear')], default='waiting', max_length=8)),
                ('by', models.CharField(blank=True, max_length=150)),
                ('at', models.DateTimeField(null=True)),
                ('comparison', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairs', to='comparison.comparison')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.household')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'village_code', 'id'], name='comparison_pair_waiting')],
            },
        ),
        migrations.CreateModel(
            name='SiteFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visit', models.BigIntegerField()),
                ('visited_on', models.DateField()),
                ('heard', models.CharField(max_length=400)),
                ('found', models.CharField(choices=[('true', 'True: to be taken off'), ('kept', 'True, but stays poor'), ('wrong', 'The list is wrong')], max_length=6)),
                ('reason', models.CharField(max_length=400)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('agreed', models.BooleanField(null=True)),
                ('review_reason', models.CharField(blank=True, max_length=400)),
                ('reviewed_by', models.CharField(blank=True, max_length=150)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='comparison.course')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('agreed__isnull', True)), fields=('course',), name='comparison_one_open_finding'), models.CheckConstraint(condition=models.Q(('reviewed_by', ''), models.Q(('reviewed_by', models.F('by')), _negated=True), _connector='OR'), name='comparison_second_officer')],
            },
        ),
    ]
