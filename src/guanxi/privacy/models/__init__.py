from guanxi.privacy.models.erasure import Erasure

__all__ = ["Erasure"]
