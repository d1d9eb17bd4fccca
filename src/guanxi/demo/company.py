"""The demo company itself: a maker of packaging machines in Suzhou, its departments and its forty people.

恒捷包装 is invented, as are all its people. Domains end in .example (RFC 2606); the mobile numbers have 0000
where real ones have an exchange.
"""

from dataclasses import dataclass
from typing import Final, Literal

__all__ = [
    "COMPANY", "DEPARTMENTS", "MEMBERS", "Company", "DepartmentSeed", "MemberSeed", "Role", "member_index",
    "superior_of",
]  # fmt: skip

Role = Literal[
    "owner",
    "admin",
    "sales_manager",
    "salesperson",
    "marketer",
    "service_agent",
    "dispatcher",
    "technician",
    "finance",
]


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    short_name: str
    name_en: str
    domain: str
    region: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class DepartmentSeed:
    """`parent` is the code of the department above, "" at the top; `head` is a member's key."""

    code: str
    parent: str
    name: str
    name_en: str
    head: str


@dataclass(frozen=True, slots=True)
class MemberSeed:
    """`key` is the sign-in name; `joined` is in days before today; `territory` names the provinces (first two
    digits of their codes, "*" for abroad) whose customers a salesperson gets."""

    key: str
    name: str
    department: str
    roles: tuple[Role, ...]
    title: str
    title_en: str
    phone: str
    joined: int
    territory: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.key}@{COMPANY.domain}"


COMPANY: Final = Company(
    name="恒捷包装机械（苏州）有限公司",
    short_name="恒捷包装",
    name_en="Hengjie Packaging Machinery (Suzhou) Co., Ltd.",
    domain="hengjie.example",
    region="320500",
    address="苏州市相城区漕湖大道甪端路86号",
    phone="0512-60000186",
)

_DEPARTMENTS = """
office||总经办|General office|shan.zhiheng
sales1||销售一部（华东、华北）|Sales 1 (East and North China)|zhou.haitao
sales1.east1|sales1|华东一部|East China 1|lu.jiayi
sales1.east2|sales1|华东二部|East China 2|chen.hao
sales1.north|sales1|华北部|North China|guo.zhenyu
sales2||销售二部（华南、中西部、海外）|Sales 2 (South, Central and West China, overseas)|huang.junfeng
sales2.south|sales2|华南部|South China|liang.zhihao
sales2.west|sales2|中西部|Central and West China|he.pei
sales2.overseas|sales2|海外部|Overseas|feng.yifan
marketing||市场部|Marketing|zeng.jingyi
service||客服与服务部|Customer service|peng.lijuan
service.desk|service|客服组|Service desk|peng.lijuan
service.field|service|现场服务组|Field service|wan.lei
admin||财务与行政部|Finance and administration|zhu.min
""".strip().splitlines()

DEPARTMENTS: Final = tuple(DepartmentSeed(*line.split("|")) for line in _DEPARTMENTS)

# key | name | department | roles | title | title in English | joined, days ago | territory
_EAST1, _EAST2, _NORTH = "31 32 34", "33 34 37 41", "11 12 13 14 15 21 22 23"
_SOUTH, _WEST = "35 36 44 45 46 71 81 82", "41 42 43 50 51 52 53 54 61 62 63 64 65"
_MEMBERS = f"""
shan.zhiheng|单志恒|office|owner|董事长兼总经理|Chairman and general manager|2900|
zeng.qinghua|曾庆华|office|sales_manager|副总经理，分管销售|Deputy general manager, sales|2780|
xie.wenbo|解文博|office|admin|信息主管|IT manager|1890|
zhou.haitao|周海涛|sales1|sales_manager|销售一部经理|Manager, sales 1|2650|
lu.jiayi|陆佳怡|sales1.east1|sales_manager salesperson|华东一部主管|Team lead, East China 1|2210|{_EAST1}
wu.junjie|吴俊杰|sales1.east1|salesperson|区域销售工程师|Regional sales engineer|1630|{_EAST1}
qiu.mingyuan|仇明远|sales1.east1|salesperson|销售工程师|Sales engineer|720|{_EAST1}
chen.hao|陈浩|sales1.east2|sales_manager salesperson|华东二部主管|Team lead, East China 2|2340|{_EAST2}
lin.xiaowen|林晓雯|sales1.east2|salesperson|高级客户经理|Senior account manager|1760|{_EAST2}
sun.yuhang|孙宇航|sales1.east2|salesperson|区域销售工程师|Regional sales engineer|1180|{_EAST2}
song.jianing|宋嘉宁|sales1.east2|salesperson|销售工程师|Sales engineer|410|{_EAST2}
guo.zhenyu|郭振宇|sales1.north|sales_manager salesperson|华北部主管|Team lead, North China|2080|{_NORTH}
liu.simin|刘思敏|sales1.north|salesperson|区域销售工程师|Regional sales engineer|1320|{_NORTH}
huang.junfeng|黄俊峰|sales2|sales_manager|销售二部经理|Manager, sales 2|2510|
liang.zhihao|梁志豪|sales2.south|salesperson|华南部主管|Team lead, South China|2120|{_SOUTH}
ouyang.jing|欧阳静|sales2.south|salesperson|高级客户经理|Senior account manager|1550|{_SOUTH}
deng.xiaotong|邓晓彤|sales2.south|salesperson|销售工程师|Sales engineer|560|{_SOUTH}
he.pei|何沛|sales2.west|salesperson|中西部主管|Team lead, Central and West China|1990|{_WEST}
luo.yiming|罗一鸣|sales2.west|salesperson|区域销售工程师|Regional sales engineer|1240|{_WEST}
tian.rui|田蕊|sales2.west|salesperson|销售工程师|Sales engineer|640|{_WEST}
feng.yifan|冯逸凡|sales2.overseas|salesperson|海外销售经理|Overseas sales manager|1420|*
tang.yawen|唐雅文|sales2.overseas|salesperson|外贸业务员|Export sales representative|830|*
zeng.jingyi|曾静怡|marketing|marketer|市场经理|Marketing manager|1680|
fan.chenxi|范晨曦|marketing|marketer|展会与活动专员|Fairs and events|930|
yao.kexin|姚可欣|marketing|marketer|新媒体运营|Online marketing|520|
zhong.yi|钟毅|marketing|marketer|线索专员|Lead desk|290|
peng.lijuan|彭丽娟|service.desk|service_agent|客服主管|Head of service desk|2260|
dong.qian|董倩|service.desk|service_agent|客服专员|Service agent|1150|
xu.mengyao|许梦瑶|service.desk|service_agent|客服专员|Service agent|380|
wan.lei|万磊|service.field|dispatcher|派工主管|Dispatcher|1940|
zhao.ming|赵明|service.field|technician|高级服务工程师|Senior service engineer|2180|
zha.yong|查勇|service.field|technician|服务工程师|Service engineer|1810|
ding.lixin|丁立新|service.field|technician|服务工程师|Service engineer|1460|
wei.dong|魏东|service.field|technician|电气工程师|Electrical engineer|1090|
jiang.haibo|蒋海波|service.field|technician|服务工程师|Service engineer|670|
situ.wenjie|司徒文杰|service.field|technician|服务工程师|Service engineer|230|
zhu.min|朱敏|admin|finance|财务经理|Finance manager|2430|
ye.ting|叶婷|admin|finance|应收会计|Receivables accountant|1370|
wang.rong|汪蓉|admin|finance|出纳|Cashier|760|
yuan.jie|袁洁|admin|admin|行政与采购主管|Head of administration and purchasing|1580|
""".strip().splitlines()

_MOBILE = ("139", "138", "137", "136", "158", "186", "189", "133", "177", "150")


def _members() -> tuple[MemberSeed, ...]:
    members = []
    for number, line in enumerate(_MEMBERS):
        key, name, department, roles, title, title_en, joined, territory = line.split("|")
        members.append(
            MemberSeed(
                key=key,
                name=name,
                department=department,
                roles=_roles(roles),
                title=title,
                title_en=title_en,
                phone=f"{_MOBILE[number % 10]}0000{2601 + number * 37}",
                joined=int(joined),
                territory=tuple(territory.split()),
            )
        )
    return tuple(members)


def _roles(text: str) -> tuple[Role, ...]:
    known: dict[str, Role] = {
        "owner": "owner",
        "admin": "admin",
        "sales_manager": "sales_manager",
        "salesperson": "salesperson",
        "marketer": "marketer",
        "service_agent": "service_agent",
        "dispatcher": "dispatcher",
        "technician": "technician",
        "finance": "finance",
    }
    return tuple(known[word] for word in text.split())


MEMBERS: Final = _members()
_INDEX = {member.key: number for number, member in enumerate(MEMBERS)}


_BY_CODE = {department.code: department for department in DEPARTMENTS}
# Whom the general manager has put over the two sales departments.
_OVER = {"sales1": "zeng.qinghua", "sales2": "zeng.qinghua"}


def superior_of(person: MemberSeed) -> str:
    """The key of whom a member reports to: the head of the department, of the one above, or at the top the
    general manager; "" for him."""
    code = person.department
    while code:
        department = _BY_CODE[code]
        if department.head != person.key:
            return department.head
        if code in _OVER:
            return _OVER[code]
        code = department.parent
    top = _BY_CODE["office"].head
    return top if person.key != top else ""


def member_index(key: str) -> int:
    """The place of a member in MEMBERS, which `CustomerSeed.owner` holds; KeyError for no such member."""
    return _INDEX[key]
