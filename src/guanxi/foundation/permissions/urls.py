"""Addresses of administration: people, departments, roles, the company."""

from django.urls import path

from guanxi.foundation.permissions.pages import company, departments, people, person, roles

urlpatterns = [
    path("settings/", company.index, name="settings"),
    path("settings/company/", company.company, name="company_settings"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/new/", person.new_person, name="person_new"),
    path("settings/people/<uuid:member_id>/", person.person, name="person"),
    path("settings/people/<uuid:member_id>/roles/", person.person_roles, name="person_roles"),
    path("settings/people/<uuid:member_id>/sign-in/", person.person_sign_in, name="person_sign_in"),
    path("settings/people/<uuid:member_id>/close/", person.close_person, name="person_close"),
    path("settings/people/<uuid:member_id>/reopen/", person.reopen_person, name="person_reopen"),
    path("settings/departments/new/", departments.new_department, name="department_new"),
    path("settings/departments/<uuid:department_id>/", departments.department, name="department"),
    path("settings/departments/<uuid:department_id>/place/", departments.place, name="department_place"),
    path("settings/departments/<uuid:department_id>/delete/", departments.delete, name="department_delete"),
    path("settings/roles/", roles.roles, name="roles"),
    path("settings/roles/new/", roles.new_role, name="role_new"),
    path("settings/roles/<uuid:role_id>/", roles.role, name="role"),
    path("settings/roles/<uuid:role_id>/fields/", roles.role_fields, name="role_fields"),
    path("settings/roles/<uuid:role_id>/people/", roles.role_people, name="role_people"),
    path("settings/roles/<uuid:role_id>/edit/", roles.edit, name="role_edit"),
    path("settings/roles/<uuid:role_id>/copy/", roles.copy, name="role_copy"),
    path("settings/roles/<uuid:role_id>/delete/", roles.delete, name="role_delete"),
]
