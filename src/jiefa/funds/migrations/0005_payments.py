"""Payment files, what the bank said of their payments, accounts of units."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0004_projects_kept'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('card', 'One-card payments to households'), ('bank', 'Bank payments to units')], max_length=4)),
                ('areas', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('rows', models.IntegerField()),
                ('amount_fen', models.BigIntegerField()),
                ('content', models.BinaryField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_files', to='funds.order')),
            ],
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_fen', models.BigIntegerField()),
                ('result', models.CharField(choices=[('sent', 'Sent to the bank'), ('paid', 'Paid'), ('returned', 'Returned by the bank')], default='sent', max_length=8)),
                ('answered_on', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('transfer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='payment', to='funds.transfer')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='funds.paymentfile')),
            ],
        ),
        migrations.CreateModel(
            name='UnitAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=12)),
                ('owner', models.CharField(max_length=120)),
                ('bank_name', models.CharField(max_length=60)),
                ('account_holder', models.CharField(max_length=120)),
                ('account_sealed', models.BinaryField()),
                ('account_key', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area_code', 'owner'), name='funds_unit_account_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='paymentfile',
            constraint=models.CheckConstraint(condition=models.Q(('rows__gt', 0)), name='funds_payment_file_filled'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_on__isnull', True), ('result', 'sent')), models.Q(models.Q(('result', 'sent'), _negated=True), ('answered_on__isnull', False)), _connector='OR'), name='funds_payment_answer'),
        ),
    ]
