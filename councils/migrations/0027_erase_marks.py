from django.db import migrations


def erase(apps, schema_editor):
    """Who voted in secret votes that were settled before this was done with the settlement."""
    roll = apps.get_model("councils", "RollEntry").objects.filter(poll__secrecy="urn")
    over = roll.filter(poll__state__in=["declared", "void", "interrupted"], envelope__isnull=True)
    over.update(voted=False, envelope_version=0)


class Migration(migrations.Migration):

    dependencies = [
        ("councils", "0026_log_written_once"),
    ]

    operations = [migrations.RunPython(erase, migrations.RunPython.noop)]
