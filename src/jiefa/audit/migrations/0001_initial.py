from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ChainHead',
            fields=[
                ('chain', models.CharField(max_length=6, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('hash', models.CharField(max_length=64)),
                ('mark', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.CharField(max_length=6)),
                ('seq', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=150)),
                ('action', models.CharField(max_length=60)),
                ('object_type', models.CharField(max_length=40)),
                ('object_id', models.CharField(max_length=64)),
                ('diff', models.TextField()),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ('chain', 'seq'),
                'indexes': [models.Index(fields=['object_type', 'object_id'], name='audit_entry_object'), models.Index(fields=['chain', '-at'], name='audit_entry_at')],
                'constraints': [models.UniqueConstraint(fields=('chain', 'seq'), name='audit_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='Read',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.CharField(max_length=150)),
                ('household_id', models.BigIntegerField()),
                ('village_code', models.CharField(max_length=12)),
                ('purpose', models.CharField(max_length=40)),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['household_id', '-id'], name='audit_read_household')],
            },
        ),
    ]
