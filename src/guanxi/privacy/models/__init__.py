from guanxi.privacy.models.erasure import Erasure
from guanxi.privacy.models.reveal import Reveal

__all__ = ["Erasure", "Reveal"]
