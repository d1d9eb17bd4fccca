from django.db import models

from guanxi.foundation.tenancy.models import Record


class Ware(Record):
    name = models.CharField(max_length=50)
    price = models.BigIntegerField(default=0)
