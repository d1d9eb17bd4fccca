"""Short forms of given names in Latin letters; a few, for a light hint only."""

__all__ = ["same_given"]

_TEXT = """
alexander alex sasha sandy|alexandra alex sandra sasha|andrew andy drew|anthony tony|benjamin ben|catherine cathy
kate katie cate|katherine kathy kate katie|charles charlie chuck|christopher chris|christina chris tina|daniel dan
danny|david dave|edward ed eddie ted|elizabeth liz beth betty lisa|frederick fred|gregory greg|henry harry|jacob jake|
james jim jimmy jamie|jennifer jen jenny|jessica jess|john jack johnny|jonathan jon|joseph joe|joshua josh|kenneth ken|
lawrence larry|margaret maggie peggy meg|matthew matt|michael mike mick|nicholas nick|patricia pat patty|patrick pat|
peter pete|philip phil|rebecca becky|richard rick dick rich|robert bob rob bobby|ronald ron|samuel sam|samantha sam|
stephen steve|steven steve|susan sue|theodore ted theo|thomas tom tommy|timothy tim|victoria vicky|
william bill will billy
"""
_GROUPS = [frozenset(group.split()) for group in _TEXT.replace("\n", " ").split("|")]


def same_given(one: str, other: str) -> bool:
    """Whether one is a usual short form of the other, or both of the same name (folded texts)."""
    return any(one in group and other in group for group in _GROUPS)
