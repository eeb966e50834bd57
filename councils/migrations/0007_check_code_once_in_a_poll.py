import django.db.models.deletion
from django.db import migrations, models


def copy(apps, schema_editor):
    """In the order of the alphabet, as the count writes them: neither row nor number tells when one voted."""
    old, new = apps.get_model("councils", "CheckCode"), apps.get_model("councils", "CheckCodeOfPoll")
    rows = old.objects.order_by("poll", "code").values_list("poll_id", "code")
    new.objects.bulk_create((new(poll_id=poll, code=code) for poll, code in rows.iterator()), batch_size=500)


class Migration(migrations.Migration):
    """A primary key cannot be changed in place: a new table, the codes copied, the old one dropped."""

    dependencies = [("councils", "0006_table_admission")]

    operations = [
        migrations.CreateModel(
            name="CheckCodeOfPoll",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(editable=False, max_length=32)),
                ("poll", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="check_codes_of_poll", to="councils.poll")),
            ],
        ),
        migrations.RunPython(copy, migrations.RunPython.noop),
        migrations.DeleteModel(name="CheckCode"),
        migrations.RenameModel(old_name="CheckCodeOfPoll", new_name="CheckCode"),
        migrations.AlterField(
            model_name="checkcode",
            name="poll",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="check_codes", to="councils.poll"),
        ),
        migrations.AddConstraint(
            model_name="checkcode",
            constraint=models.UniqueConstraint(fields=("poll", "code"), name="check_code_once_in_a_poll"),
        ),
    ]
