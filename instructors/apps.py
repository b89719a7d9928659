from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstructorsConfig(AppConfig):
    name = "instructors"
    verbose_name = _("instructors")

    def ready(self) -> None:
        from grids.merging import register_merger
        from grids.places import Placed, register_follower, register_placed
        from instructors import models, resources, rules
        from instructors.holdings import register_holdings
        from instructors.merging import merge_instructors

        register_placed(
            Placed(
                models.Instructor,
                models.InstructorPlace,
                "instructor",
                counts=lambda row: row.instructor_level is not None,
            )
        )
        register_merger(models.Instructor, merge_instructors)
        register_follower(
            models.Certificate,
            models.Registration,
            models.Service,
            models.Course,
            models.Attendance,
            models.Promotion,
        )
        register_holdings()
        rules.declare_rules()
        resources.register_sheets()
