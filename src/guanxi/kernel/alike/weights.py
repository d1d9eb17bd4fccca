"""What a level of likeness is worth for persons, in bits: log2(m / u).

m is how often two records of one person have that level, u how often two of different persons have it. Counted
on the 500 true and the 499,000 other pairs of Febrl dataset1 alone (synthetic Australian persons, BSD-3), half
a case added to each count; `./run bench duplicates --fit` counts again. Datasets 2, 3 and 4 were only measured.
What Febrl has nothing of (telephones, employers, Chinese names) is set by judgement and says so.
"""

from typing import Literal

__all__ = ["CHINESE", "CONTACTS", "LIKELY", "POSSIBLE", "WEIGHTS"]

WEIGHTS: dict[str, dict[str, float]] = {
    "given": {"exact": 7.44, "near": 5.51, "like": -0.74, "part": 2.7, "apart": -3.55},
    "surname": {"exact": 8.0, "near": 8.22, "like": 2.28, "apart": -4.25},
    "order": {"apart": 3.9},  # given name and surname stand in each other's place: chance seldom does that
    "born": {"exact": 14.85, "near": 3.8, "part": -1.48, "apart": -4.27},
    "number": {"exact": 5.91, "near": -1.93, "part": 4.88, "apart": -2.97},
    "street": {"exact": 11.16, "near": 10.23, "like": -3.36, "apart": -5.14},
    "locality": {"exact": 10.08, "near": 10.03, "like": -0.82, "apart": -6.91},
    "city": {"exact": 9.74, "near": 9.07, "like": -1.21, "apart": -3.95},
    "post_code": {"exact": 9.68, "near": 3.53, "part": -1.04, "apart": -6.25},
    "region": {"exact": 2.04, "apart": -4.34},
    "identity": {"exact": 19.77, "near": 15.74, "apart": -4.42},
}

CHINESE: dict[str, dict[str, float]] = {
    # Judgement: a hundred surnames serve most people, a given name of two characters tells more than one.
    "surname": {"exact": 4.0, "near": 1.5, "apart": -4.31},
    "given": {"exact": 9.0, "near": 4.0, "like": -1.0, "apart": -4.5},
}

CONTACTS: dict[Literal["phone", "email", "wechat", "employer"], float] = {
    # Judgement: of a million records two strangers share an address or a phone by mistake, an employer often.
    "phone": 12.0, "email": 14.0, "wechat": 14.0, "employer": 7.0,
}  # fmt: skip

LIKELY = 20.0
"""Even odds where one of a million persons is meant (2 ** 20). On dataset1 every threshold between the best
pair of two persons (-6) and the worst of one (27) separates without a fault; it was not moved after that."""

POSSIBLE = 10.0
"""One in a thousand of that."""
