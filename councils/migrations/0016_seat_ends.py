"""More reasons for which a seat ends before its term."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("councils", "0015_delegate_report")]

    operations = [
        migrations.AlterField(
            model_name="seat",
            name="end_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("resigned", "resigned"),
                    ("recalled", "recalled"),
                    ("left", "left the workplace"),
                    ("excluded", "excluded from the assembly (management)"),
                    ("ineligible", "lost the right to stand"),
                    ("incompatible", "took a seat that cannot be held together with this one"),
                    ("replaced", "replaced by a new election"),
                    ("below", "no longer a delegate below"),
                ],
                max_length=12,
                verbose_name="why it ended",
            ),
        ),
    ]
