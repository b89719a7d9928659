from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstructorsConfig(AppConfig):
    name = "instructors"
    verbose_name = _("instructors")

    def ready(self) -> None:
        from grids.places import Placed, register_follower, register_placed
        from instructors import models

        register_placed(Placed(models.Instructor, models.InstructorPlace, "instructor"))
        register_follower(
            models.Certificate,
            models.Registration,
            models.Service,
            models.Course,
            models.Attendance,
            models.Promotion,
        )
