import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('funds', '0001_initial'),
        ('procedures', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('from_year', models.SmallIntegerField()),
                ('to_year', models.SmallIntegerField()),
                ('heads', models.IntegerField()),
                ('unit_price_fen', models.BigIntegerField()),
                ('source', models.CharField(max_length=20)),
                ('fund_type', models.CharField(max_length=20)),
                ('document', models.CharField(max_length=100)),
                ('signed_on', models.DateField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.dossier')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area_code', 'document'), name='contracts_document_once'), models.CheckConstraint(condition=models.Q(('heads__gt', 0), ('to_year__gte', models.F('from_year')), ('unit_price_fen__gt', 0)), name='contracts_contract_sound')],
            },
        ),
        migrations.CreateModel(
            name='DepartmentMoney',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField()),
                ('department', models.CharField(max_length=120)),
                ('what', models.CharField(max_length=200)),
                ('amount_fen', models.BigIntegerField()),
                ('voucher', models.CharField(max_length=80)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'area_code', 'department', 'voucher'), name='contracts_department_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='contracts_department_amount')],
            },
        ),
        migrations.CreateModel(
            name='InvestedTownship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField()),
                ('target_fen', models.BigIntegerField()),
                ('document', models.CharField(max_length=100)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'area_code'), name='contracts_township_once'), models.CheckConstraint(condition=models.Q(('target_fen__gt', 0)), name='contracts_township_target')],
            },
        ),
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verified', models.IntegerField()),
                ('paid_heads', models.IntegerField()),
                ('due_fen', models.BigIntegerField()),
                ('paid_fen', models.BigIntegerField()),
                ('claw_back_fen', models.BigIntegerField()),
                ('owed_fen', models.BigIntegerField()),
                ('explanation', models.CharField(blank=True, max_length=1000)),
                ('workings', models.JSONField()),
                ('decided_on', models.DateField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('contract', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='settlement', to='contracts.contract')),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.dossier')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('claw_back_fen', 0), ('owed_fen', 0), _connector='OR'), name='contracts_one_way_only')],
            },
        ),
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.order')),
                ('settlement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='contracts.settlement')),
            ],
        ),
    ]
