from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=4)),
                ('level', models.CharField(max_length=5)),
                ('year', models.SmallIntegerField()),
                ('village_code', models.CharField(max_length=12)),
                ('household_id', models.BigIntegerField(null=True)),
                ('person_id', models.BigIntegerField(null=True)),
                ('detail', models.CharField(blank=True, max_length=400)),
                ('owner_code', models.CharField(max_length=12)),
                ('state', models.CharField(choices=[('open', 'Open'), ('asked', 'Waiver asked for'), ('waived', 'Waived with a reason'), ('mended', 'Mended')], default='open', max_length=6)),
                ('opened_on', models.DateField()),
                ('deadline', models.DateField()),
                ('closed_on', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('asked_by', models.CharField(blank=True, max_length=150)),
                ('decided_by', models.CharField(blank=True, max_length=150)),
                ('snapshot', models.CharField(max_length=40)),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(fields=['state', 'year', 'village_code', 'level', 'deadline'], name='insight_finding_waiting'), models.Index(fields=['household_id'], name='insight_finding_household')],
            },
        ),
    ]
