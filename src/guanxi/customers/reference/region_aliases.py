"""Other names regions go by, and the peoples whose names stand in those of autonomous areas."""

import re
from collections.abc import Mapping
from typing import Final

PEOPLES: Final = re.compile(
    r"(?<=..)(维吾尔|哈萨克|柯尔克孜|蒙古|朝鲜族|土家族|蒙古族|苗族|藏族|羌族|彝族|布依族|侗族|哈尼族|壮族|傣族|白族|景颇族"
    r"|傈僳族|回族|黎族)$"
)

ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "CN": ("中华人民共和国", "中国大陆", "大陆", "PRC", "PR China", "P.R. China", "Mainland China", "CHN"),
    "110000": ("Peking",),
    "150000": ("内蒙", "Nei Mongol", "Neimenggu"),
    "370200": ("Tsingtao",),
    "440100": ("Canton",),
    "540000": ("Tibet", "Xizang"),
    "150100": ("Huhehaote",),
    "230100": ("Haerbin",),
    "650100": ("Wulumuqi",),
    "653100": ("Kashi",),
    "710000": ("台湾", "台湾地区", "中国台湾", "TW", "TWN", "Taiwan, China"),
    "810000": ("香港", "中国香港", "HK", "HKG", "Hongkong", "Hong Kong, China", "Hong Kong SAR"),
    "820000": ("澳门", "中国澳门", "MO", "MAC", "Macau", "Macao, China", "Macao SAR"),
    "US": ("美利坚合众国", "USA", "U.S.A.", "U.S.", "United States of America", "America"),
    "GB": (
        "大不列颠及北爱尔兰联合王国",
        "UK",
        "U.K.",
        "Great Britain",
        "Britain",
        "England",
        "Scotland",
        "Wales",
    ),
    "KR": ("大韩民国", "南韩", "Korea", "Republic of Korea", "KOR"),
    "KP": ("DPRK", "朝鲜民主主义人民共和国"),
    "VN": ("Viet Nam", "VNM"),
    "RU": ("俄罗斯联邦", "Russian Federation"),
    "AE": ("阿拉伯联合酋长国", "UAE", "Dubai", "迪拜"),
    "DE": ("DEU", "Deutschland"),
    "JP": ("JPN", "日本国"),
    "NL": ("Holland", "The Netherlands"),
    "CZ": ("捷克共和国", "Czech Republic"),
    "TR": ("Turkey", "Turkiye"),
    "MM": ("Burma",),
    "CI": ("Ivory Coast",),
    "BD": ("孟加拉",),
    "SA": ("沙特",),
    "AU": ("澳洲",),
    "NZ": ("纽西兰",),
    "BA": ("波斯尼亚和黑塞哥维那", "Bosnia"),
    "CD": ("刚果民主共和国", "Democratic Republic of the Congo"),
    "CG": ("刚果共和国", "Republic of the Congo"),
    "CF": ("中非共和国",),
    "DO": ("多米尼加",),
    "LA": ("Lao PDR", "Lao"),
    "IR": ("伊朗伊斯兰共和国", "Islamic Republic of Iran"),
    "SY": ("Syrian Arab Republic",),
    "TZ": ("United Republic of Tanzania",),
    "BN": ("Brunei Darussalam",),
    "MD": ("Republic of Moldova",),
    "MK": ("Macedonia",),
    "SZ": ("Swaziland", "斯威士兰王国"),
    "CV": ("Cabo Verde",),
    "TL": ("East Timor",),
    "MY": ("大马",),
    "CH": ("Schweiz", "Suisse"),
    "ES": ("España",),
    "IT": ("Italia",),
    "BR": ("Brasil",),
    "MX": ("México",),
}
