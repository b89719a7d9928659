from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoverageConfig(AppConfig):
    name = "coverage"
    verbose_name = _("coverage")

    def ready(self) -> None:
        from coverage.models import Reminder
        from grids.merging import let_stay

        let_stay(Reminder)
        import coverage.reminders.work  # noqa: F401  (registers its kind of job)
        from coverage.marks import mark_stale
        from coverage.models import Answer, Target
        from coverage.reminders.today import notes_of
        from coverage.snapshots.freezing import DAY
        from grids.places import Lasting, register_lasting
        from grids.rules import declare
        from jiaozuo_grid.listeners import subscribe
        from jiaozuo_grid.notes import provide_notes

        subscribe(mark_stale)
        provide_notes(notes_of, list(Answer.choices))
        register_lasting(Lasting(Target, ("indicator", "year")))
        declare(DAY)
