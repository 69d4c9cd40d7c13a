from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ReceivedList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('digest', models.CharField(max_length=64)),
                ('file_name', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('staged', 'Checked, waiting for a decision'), ('accepted', 'Accepted'), ('refused', 'Refused')], max_length=10)),
                ('areas', models.TextField()),
                ('rows', models.IntegerField()),
                ('accepted', models.IntegerField()),
                ('unchanged', models.IntegerField()),
                ('held_back', models.IntegerField()),
                ('strangers', models.IntegerField()),
                ('warnings', models.IntegerField()),
                ('folder', models.CharField(max_length=200)),
                ('staged_at', models.DateTimeField()),
                ('staged_by', models.CharField(max_length=150)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.CharField(blank=True, max_length=150)),
                ('reason', models.CharField(blank=True, max_length=400)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'staged'), models.Q(('held_back', 0), ('state', 'accepted')), _connector='OR'), fields=('kind', 'digest'), name='lists_content_once')],
            },
        ),
    ]
