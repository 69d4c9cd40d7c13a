import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('procedures', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('procedure', models.CharField(max_length=40)),
                ('step', models.CharField(blank=True, max_length=40)),
                ('place_code', models.CharField(max_length=12)),
                ('place_name', models.CharField(max_length=60)),
                ('year', models.SmallIntegerField()),
                ('campaign', models.CharField(blank=True, max_length=60)),
                ('posted_on', models.DateField()),
                ('until', models.DateField(null=True)),
                ('lines', models.IntegerField()),
                ('people', models.IntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('policy_version', models.CharField(max_length=12)),
                ('by', models.CharField(max_length=150)),
                ('area', models.CharField(max_length=12)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['place_code', 'id'], name='disclosure_place'), models.Index(fields=['kind', 'id'], name='disclosure_kind')],
            },
        ),
        migrations.CreateModel(
            name='NoticeRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.IntegerField()),
                ('visit', models.SmallIntegerField()),
                ('name', models.CharField(max_length=60)),
                ('place_code', models.CharField(max_length=12)),
                ('place_name', models.CharField(max_length=60)),
                ('people', models.SmallIntegerField(null=True)),
                ('decided', models.CharField(max_length=20)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notice_rows', to='procedures.dossier')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='disclosure.notice')),
            ],
            options={
                'indexes': [models.Index(fields=['place_code', 'notice'], name='disclosure_row_place')],
                'constraints': [models.UniqueConstraint(fields=('notice', 'position'), name='disclosure_row_once'), models.UniqueConstraint(fields=('notice', 'dossier'), name='disclosure_dossier_once')],
            },
        ),
        migrations.CreateModel(
            name='NoticeProject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20)),
                ('amount_fen', models.BigIntegerField()),
                ('content', models.CharField(max_length=400)),
                ('goal', models.CharField(max_length=400)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('implementer', models.CharField(max_length=120)),
                ('responsible', models.CharField(max_length=60)),
                ('contractor', models.CharField(blank=True, max_length=120)),
                ('households', models.IntegerField()),
                ('beneficiaries', models.TextField(blank=True)),
                ('result', models.TextField(blank=True)),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='project', to='disclosure.noticerow')),
            ],
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('filed_on', models.DateField()),
                ('channel', models.CharField(choices=[('page', 'On the public page'), ('paper', 'On paper or by telephone')], max_length=5)),
                ('text_sealed', models.BinaryField()),
                ('name_sealed', models.BinaryField(null=True)),
                ('contact_sealed', models.BinaryField(null=True)),
                ('by', models.CharField(blank=True, max_length=150)),
                ('at', models.DateTimeField()),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='objection', to='procedures.dossier')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='disclosure.notice')),
                ('row', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='disclosure.noticerow')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('notice', 'number'), name='disclosure_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place_code', models.CharField(max_length=12)),
                ('hung_on', models.DateField()),
                ('sha256', models.CharField(max_length=64)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.IntegerField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='disclosure.notice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('notice', 'place_code', 'sha256'), name='disclosure_posting_once')],
            },
        ),
    ]
