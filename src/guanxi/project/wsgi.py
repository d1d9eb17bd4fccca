# Chinese in code: any word that the dictionary is read for

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

from guanxi.kernel.pinyin import readings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")
application = get_wsgi_application()
# The dictionary of readings takes a second or two to read: before somebody types in the palette, not while he does.
Thread(target=readings, args=("关系",), name="readings", daemon=True).start()
