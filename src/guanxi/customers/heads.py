"""What spreadsheets, address books and other programs call the fields of customers and people."""

# Chinese in code: heads of spreadsheets

PEOPLE_HEADS = {
    "name": (
        "联系人", "联系人姓名", "客户联系人", "姓名", "full name", "contact", "contact name", "display name",
        "file as",
    ),
    "customer": (
        "公司", "公司名称", "单位", "单位名称", "客户", "客户名称", "工作单位", "所属公司", "所属客户",
        "company", "account", "account name", "company name", "organization", "organization name",
        "organization 1 - name", "associated company", "employer",
    ),
    "post": (
        "职务", "职位", "岗位", "职称", "title", "job title", "position", "organization 1 - title",
        "organization title",
    ),
    "phone": (
        "手机", "手机号", "手机号码", "联系电话", "mobile", "mobile phone", "mobile number",
        "mobile phone number", "cell phone", "tel", "cell", "phone number", "phone 1 - value", "primary phone",
    ),
    "email": (
        "邮箱", "电子邮件", "电子邮箱", "邮箱地址", "mail", "e-mail address", "email address", "primary email",
        "e-mail 1 - value", "work e-mail", "email_work", "email 1",
    ),
}  # fmt: skip
# As what other programs deal with a company. Whether it has bought already is worked out here, not said.
RELATIONS = {
    "customer": ("customer - direct", "customer - channel", "prospect", "client", "客户", "潜在客户"),
    "distributor": ("channel partner / reseller", "reseller", "经销商", "代理商"),
    "partner": ("installation partner", "technology partner", "合作伙伴"),
    "supplier": ("vendor", "供应商"),
}
CUSTOMER_HEADS = {
    "name": (
        "公司", "公司名称", "企业", "企业名称", "单位", "单位名称", "名称", "客户", "客户全称", "account",
        "account name", "company", "company name", "organization", "organisation", "business name", "公司全称",
        "客户全名",
    ),
    "number": (
        "编号", "客户编码", "客户代码", "客户号", "客户id", "客户编号", "公司id", "公司编号", "account number",
        "account id", "company id", "what_id", "whatid",
        "external id", "id", "record id",
    ),
    "owner": (
        "销售", "业务员", "跟进人", "客户负责人", "销售代表", "客户经理", "sales agent", "account owner",
        "company owner",
        "sales rep",
    ),
    "parent": (
        "上级公司", "上级客户", "上级客户id", "母公司", "总公司", "subsidiary_of", "subsidiary of",
        "parent account", "parent company",
        "member of",
        "parent_id", "parent account id",
    ),
    "phone": (
        "联系电话", "座机", "固定电话", "公司电话", "手机", "tel", "phone number", "main phone",
        "office phone",
    ),
    "address": (
        "联系地址", "详细地址", "公司地址", "通讯地址", "办公地址", "street address", "work street",
        "business address",
        "work address", "office address", "company address", "mailing address",
    ),
    "website": (
        "网址", "主页", "官网", "公司网站", "url", "domain", "company domain name", "web site", "homepage",
        "work website",
    ),
}  # fmt: skip
