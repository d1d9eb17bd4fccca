from django.db import models

from guanxi.foundation.tenancy.models import Record


class Ware(Record):
    title = models.CharField(max_length=80)
    price = models.BigIntegerField(default=0)
    colour = models.CharField(max_length=20, default="white")
