"""The pages of instructors, promotions, courses and the count ladder."""

from django.urls import URLPattern, path

from instructors.views import courses, entering, instructor, ladder, lists, promotions

urlpatterns: list[URLPattern] = [
    path("instructors/", lists.InstructorList.as_view(), name="instructor-list"),
    path("instructors/due/", lists.DueList.as_view(), name="instructor-due"),
    path("instructors/new/", entering.Enter.as_view(), name="instructor-new"),
    path("instructors/<int:pk>/", instructor.InstructorPage.as_view(), name="instructor"),
    path(
        "instructors/<int:pk>/record/<int:year>/",
        instructor.ServiceRecord.as_view(),
        name="instructor-record",
    ),
    path("instructors/<int:pk>/edit/", entering.Edit.as_view(), name="instructor-edit"),
    path("instructors/<int:pk>/end/", entering.End.as_view(), name="instructor-end"),
    path("instructors/<int:pk>/resume/", entering.Resume.as_view(), name="instructor-resume"),
    path(
        "instructors/<int:pk>/certificates/new/",
        entering.GrantCertificate.as_view(),
        name="certificate-new",
    ),
    path(
        "instructors/certificates/<int:certificate>/revoke/",
        entering.RevokeCertificate.as_view(),
        name="certificate-revoke",
    ),
    path(
        "instructors/<int:pk>/register/",
        entering.RegisterYear.as_view(),
        name="instructor-register",
    ),
    path("instructors/<int:pk>/services/new/", entering.EnterService.as_view(), name="service-new"),
    path(
        "instructors/services/<int:service>/withdraw/",
        entering.WithdrawService.as_view(),
        name="service-withdraw",
    ),
    path(
        "instructors/<int:pk>/nominate/",
        promotions.Nominate.as_view(),
        name="instructor-nominate",
    ),
    path("instructors/promotions/", promotions.PromotionList.as_view(), name="promotion-list"),
    path("instructors/promotions/<int:pk>/", promotions.PromotionPage.as_view(), name="promotion"),
    path(
        "instructors/promotions/<int:pk>/verify/",
        promotions.Verify.as_view(),
        name="promotion-verify",
    ),
    path(
        "instructors/promotions/<int:pk>/approve/",
        promotions.Approve.as_view(),
        name="promotion-approve",
    ),
    path(
        "instructors/promotions/<int:pk>/refuse/",
        promotions.Refuse.as_view(),
        name="promotion-refuse",
    ),
    path(
        "instructors/promotions/<int:pk>/withdraw/",
        promotions.Withdraw.as_view(),
        name="promotion-withdraw",
    ),
    path("instructors/courses/", courses.CourseList.as_view(), name="course-list"),
    path("instructors/courses/new/", courses.OpenCourse.as_view(), name="course-new"),
    path("instructors/courses/<int:pk>/", courses.CoursePage.as_view(), name="course"),
    path("instructors/courses/<int:pk>/edit/", courses.EditCourse.as_view(), name="course-edit"),
    path("instructors/courses/<int:pk>/enrol/", courses.Enrol.as_view(), name="course-enrol"),
    path(
        "instructors/courses/<int:pk>/nominate/",
        courses.NominateClass.as_view(),
        name="course-nominate",
    ),
    path("instructors/ladder/<str:code>/", ladder.LadderPage.as_view(), name="ladder"),
    path(
        "instructors/ladder/<str:code>/<str:step>/",
        ladder.LadderRows.as_view(),
        name="ladder-rows",
    ),
    path(
        "instructors/ladder/<str:code>/<str:step>/lost/",
        ladder.LadderRows.as_view(lost=True),
        name="ladder-lost",
    ),
]
