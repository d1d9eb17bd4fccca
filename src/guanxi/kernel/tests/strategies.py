"""Names as they come in files: what the property tests of the kernel draw from."""

from hypothesis import strategies as st

han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=6)
anything = st.text(max_size=60)
forms = st.sampled_from(
    ["有限公司", "有限责任公司", "（集团）股份有限公司", "厂", "集团", "（有限合伙）", ""]
)
regions = st.sampled_from(["临沂市", "山东省临沂市", "北京", "上海市", "（临沂）", "单县", ""])
trades = st.sampled_from(["食品", "机械设备", "电子科技", "商贸", ""])
chinese_companies = st.builds(lambda *parts: "".join(parts), regions, han, trades, forms)
latin_companies = st.builds(
    lambda core, form: f"{core} {form}".strip(),
    st.from_regex(r"[A-Z][a-z]{2,8}( [A-Z][a-z]{2,8}){0,2}", fullmatch=True),
    st.sampled_from(["Co., Ltd.", "Inc.", "LLC", "GmbH & Co. KG", "S.A.", "Pte. Ltd.", "K.K.", "PLC", ""]),
)
companies = st.one_of(chinese_companies, latin_companies)


def full_width(text: str) -> str:
    """Every ASCII character in its full-width form."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)
