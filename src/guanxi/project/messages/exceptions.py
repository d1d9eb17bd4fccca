"""What the rules of translation let pass, each with its reason."""

from pathlib import Path

# Where Chinese in Python is data or grammar of the language, not a sentence to a person. Below src/guanxi.
CHINESE_ALLOWED = {
    "kernel": "names, places, trades, readings, dates and sums as Chinese texts write them",
    "customers/reference": "the official tables of regions and industries",
    "demo": "the demo company's data",
    "foundation/design/words.py": "units of number words (万, 亿), shown on Chinese pages only",
    "foundation/design/shapes.py": "how Chinese names are shortened in a round picture",
    "foundation/design/templates/gx/sheet.html": "sample data of the component sheet",
    "foundation/design/templates/gx/signin_art.html": "the drawing beside the sign-in, names in a picture",
    "project/messages": "the rules of Chinese punctuation",
}
# A module of Chinese data elsewhere says so in a comment of its own: `# Chinese in code: <reason>`.
CHINESE_MARK = "# Chinese in code:"

# A language is named in itself, on every page.
SELF_NAMED = {"简体中文"}

# A message of a library that we say in our own words stands under this translator's comment in the catalogue.
LIBRARY_MARK = "library:"

# Names that Chinese readers write in Latin letters.
NAMES = frozenset(Path(__file__).with_name("names.txt").read_text(encoding="utf-8").split())
