"""docs/data-dictionary.md is what the registry says."""

from pathlib import Path

from django.conf import settings

from coverage.management.commands.data_dictionary import dictionary


def test_the_data_dictionary_is_up_to_date() -> None:
    written = Path(settings.BASE_DIR, "docs", "data-dictionary.md").read_text()
    assert written == "\n".join(dictionary()) + "\n", (
        "run: manage.py data_dictionary > docs/data-dictionary.md"
    )
