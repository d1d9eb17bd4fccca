"""How far two words are apart: slips of one key, and the measure of Jaro and Winkler."""

__all__ = ["distance", "initials_of", "jaro_winkler", "slipped"]


def slipped(left: str, right: str) -> bool:
    """Whether one slip parts them: a character changed, added, dropped, or two neighbours swapped."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start, shorter = 0, min(len(left), len(right))
    while start < shorter and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]


def distance(left: str, right: str, most: int = 3) -> int:
    """Slips between them (optimal string alignment); `most` + 1 for anything farther."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


def jaro_winkler(left: str, right: str) -> float:
    """0 (nothing in common) to 1 (equal); a common beginning counts more. Empty texts have nothing in common.

    Symmetric: letters are matched from both sides and the better answer is taken.
    """
    if left == right:
        return 1.0 if left else 0.0
    if not left or not right:
        return 0.0
    jaro = max(_jaro(left, right), _jaro(right, left))
    prefix = 0
    for a, b in zip(left[:4], right[:4], strict=False):
        if a != b:
            break
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro)


def _jaro(left: str, right: str) -> float:
    window = max(max(len(left), len(right)) // 2 - 1, 0)
    taken = [False] * len(right)
    matched: list[str] = []
    for at, char in enumerate(left):
        for other in range(max(0, at - window), min(len(right), at + window + 1)):
            if not taken[other] and right[other] == char:
                taken[other] = True
                matched.append(char)
                break
    if not matched:
        return 0.0
    facing = [char for char, used in zip(right, taken, strict=True) if used]
    swaps = sum(a != b for a, b in zip(matched, facing, strict=True)) / 2
    count = len(matched)
    return (count / len(left) + count / len(right) + (count - swaps) / count) / 3


def initials_of(short: str, long: str) -> bool:
    """Whether `short` takes its characters from `long` in their order, from its first one on (中石化)."""
    if not short or not long or short[0] != long[0]:
        return False
    rest = iter(long)
    return all(char in rest for char in short)
