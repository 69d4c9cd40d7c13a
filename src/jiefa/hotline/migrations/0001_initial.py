import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('integrity', '0001_initial'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('receipt', models.CharField(max_length=12, unique=True)),
                ('word_mark', models.CharField(max_length=64)),
                ('channel', models.CharField(choices=[('phone', 'By telephone'), ('page', 'On the public page'), ('letter', 'By letter or in person')], max_length=10)),
                ('category', models.CharField(max_length=20)),
                ('about_code', models.CharField(max_length=12)),
                ('against_code', models.CharField(blank=True, max_length=12)),
                ('kept_at', models.CharField(max_length=6)),
                ('received_on', models.DateField()),
                ('state', models.CharField(choices=[('received', 'received'), ('accepted', 'taken on'), ('refused', 'not taken on'), ('passed_on', 'passed on to another authority'), ('merged', 'merged with an earlier one'), ('routed', 'being looked into'), ('concluded', 'concluded, to be answered'), ('answered', 'answered, to be called back'), ('closed', 'closed')], default='received', max_length=12)),
                ('round', models.SmallIntegerField(default=1)),
                ('since', models.DateField()),
                ('due_on', models.DateField(null=True)),
                ('finish_by', models.DateField()),
                ('unit_kind', models.CharField(blank=True, max_length=12)),
                ('unit_code', models.CharField(blank=True, max_length=12)),
                ('verdict', models.CharField(blank=True, max_length=10)),
                ('answered_on', models.DateField(null=True)),
                ('project', models.CharField(blank=True, max_length=80)),
                ('told_subject', models.BooleanField(default=False)),
                ('words_sealed', models.BinaryField()),
                ('paraphrase_sealed', models.BinaryField(null=True)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('household', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.household')),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='hotline.complaint')),
            ],
            options={
                'indexes': [models.Index(fields=['kept_at', 'id'], name='hotline_kept'), models.Index(fields=['unit_code', 'unit_kind', 'state'], name='hotline_unit'), models.Index(fields=['received_on', 'kept_at'], name='hotline_received')],
                'constraints': [models.CheckConstraint(condition=models.Q(('round__gte', 1), ('round__lte', 2)), name='hotline_rounds'), models.CheckConstraint(condition=models.Q(('kept_at', models.F('against_code')), _negated=True), name='hotline_never_kept_by_whom_it_is_about'), models.CheckConstraint(condition=models.Q(('against_code', ''), models.Q(('unit_code', models.F('against_code')), _negated=True), _connector='OR'), name='hotline_never_to_whom_it_is_about')],
            },
        ),
        migrations.CreateModel(
            name='Caller',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_sealed', models.BinaryField()),
                ('phone_sealed', models.BinaryField()),
                ('address_sealed', models.BinaryField()),
                ('complaint', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='caller', to='hotline.complaint')),
            ],
        ),
        migrations.CreateModel(
            name='ComplaintFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_sealed', models.BinaryField()),
                ('media_type', models.CharField(max_length=40)),
                ('size', models.IntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='hotline.complaint')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('complaint', 'sha256'), name='hotline_file_once')],
            },
        ),
        migrations.CreateModel(
            name='ComplaintStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(max_length=10)),
                ('round', models.SmallIntegerField()),
                ('on', models.DateField()),
                ('result', models.CharField(blank=True, max_length=24)),
                ('text_sealed', models.BinaryField(null=True)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='hotline.complaint')),
            ],
        ),
        migrations.CreateModel(
            name='Followed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('by', models.CharField(max_length=150)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='integrity.case')),
                ('complaint', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='followed', to='hotline.complaint')),
                ('violation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='integrity.violation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', True), ('violation__isnull', False)), models.Q(('case__isnull', False), ('violation__isnull', True)), _connector='OR'), name='hotline_followed_once')],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=16)),
                ('note_sealed', models.BinaryField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='hotline.complaint')),
            ],
        ),
    ]
