"""Forms around the actions on instructors."""

from instructors.forms.courses import CourseForm, EnrolForm, ResultsForm
from instructors.forms.instructors import (
    EditForm,
    EnterForm,
    RegisterForm,
    RegisterManyForm,
    ResumeForm,
    ServiceForm,
)
from instructors.forms.promotions import ApproveForm, ApproveManyForm, GrantForm, ReasonForm

__all__ = [
    "ApproveForm",
    "ApproveManyForm",
    "CourseForm",
    "EditForm",
    "EnrolForm",
    "EnterForm",
    "GrantForm",
    "ReasonForm",
    "RegisterForm",
    "RegisterManyForm",
    "ResultsForm",
    "ResumeForm",
    "ServiceForm",
]
