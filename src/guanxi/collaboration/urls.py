"""Addresses of comments, following and tags."""

from django.urls import path

from guanxi.collaboration.pages import comments, following, tags

urlpatterns = [
    path("comments/<slug:resource>/<uuid:id>/", comments.comments, name="comments"),
    path("comments/<slug:resource>/<uuid:id>/people/", comments.people, name="comment_people"),
    path("comments/<uuid:comment_id>/", comments.comment, name="comment"),
    path("comments/<uuid:comment_id>/delete/", comments.remove, name="comment_delete"),
    path("following/", following.following, name="following"),
    path("following/settings/", following.settings, name="following_settings"),
    path("following/<slug:resource>/<uuid:id>/", following.follow, name="follow"),
    path("tags/options/", tags.options, name="tag_options"),
    path("tags/<slug:resource>/<uuid:id>/", tags.record_tags, name="record_tags"),
    path("settings/tags/", tags.tags, name="tags"),
    path("settings/tags/<uuid:tag_id>/", tags.tag, name="tag"),
    path("settings/tags/<uuid:tag_id>/merge/", tags.merge, name="tag_merge"),
    path("settings/tags/<uuid:tag_id>/delete/", tags.delete, name="tag_delete"),
]
