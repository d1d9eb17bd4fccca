"""What spreadsheets and other programs call the fields of products, prices and stock."""

# Chinese in code: heads of spreadsheets, and the words in their cells

PRODUCT_HEADS = {
    "name": (
        "品名", "产品", "产品名称", "商品名称", "商品", "物料名称", "名称", "货品名称", "存货名称", "物品名称",
        "product", "product name", "item", "item name",
    ),
    "code": (
        "产品编码", "产品编号", "产品代码", "商品编码", "物料编码", "货号", "料号", "编码", "编号", "存货编码", "条码",
        "product code", "productcode", "sku", "hs_sku", "item code", "internal reference", "default_code",
        "stockkeepingunit", "part number",
    ),
    "specification": ("规格型号", "规格", "型号", "规格/型号", "spec", "model", "model number", "part description"),
    "line": (
        "产品线", "产品系列", "系列", "产品类别", "产品分类", "商品分类", "类别", "分类", "品类", "大类",
        "series", "category", "family", "product category", "product family", "categ_id", "hs_product_type",
    ),
    "kind": ("产品类型", "类型", "物料类型", "product type", "detailed_type"),
    "unit": (
        "单位", "计量单位", "销售单位", "基本单位", "uom", "unit of measure", "uom_id", "quantityunitofmeasure",
        "quantity unit of measure",
    ),
    "variant_of": ("母产品", "所属产品", "主产品", "parent product"),
    "serial": ("序列号管理", "是否序列号管理", "启用序列号", "serialized", "tracking"),
    "tax": ("税率", "增值税率", "税率(%)", "vat", "customer taxes", "taxes_id"),
    "list_price": (
        "含税单价", "含税价", "销售单价", "单价", "售价", "标准价", "标准售价", "零售价", "销售价", "价格", "标价",
        "price", "unit price", "sales price", "sales_price", "lst_price", "list_price", "unitprice",
        "standard price",
    ),
    "cost": (
        "成本价", "成本", "采购价", "进价", "参考成本", "标准成本", "unit cost", "cost", "standard_price",
        "standard cost",
        "hs_cost_of_goods_sold",
    ),
    "state": ("状态", "销售状态", "是否启用", "使用状态", "is active", "active", "isactive", "sale_ok"),
    "description": ("产品描述", "描述", "备注", "说明", "remarks", "product description", "description_sale"),
}  # fmt: skip
LINE_HEADS = {
    "name": ("产品线", "产品系列", "系列", "产品类别", "series", "family", "product line"),
    "parent": ("上级", "上级产品线", "所属大类", "parent line", "parent category"),
    "position": ("排序", "顺序", "order", "sequence"),
}
KIND_WORDS = {
    "goods": (
        "商品", "实物", "存货", "配件", "备件", "库存商品", "可库存产品", "storable product", "consumable", "inventory",
        "product", "consu", "non-inventory",
    ),
    "service": ("服务", "劳务"),
    "bundle": ("套装", "组合", "套餐", "成套", "kit", "combo"),
    "machine": ("设备", "整机", "机器", "可选配设备"),
}  # fmt: skip
STATE_WORDS = {
    "active": ("在售", "启用", "正常", "上架", "是", "true", "yes", "1"),
    "retired": ("停售", "停用", "下架", "停产", "禁用", "否", "false", "no", "0", "inactive"),
}
BOOK_HEADS = {
    "name": (
        "价格表", "价目表", "价格表名称", "price list", "pricelist", "price book", "pricebook", "price book name",
    ),
    "currency": ("币种", "货币", "currencyisocode", "currency code"),
    "taxed": ("是否含税", "含税", "tax included", "price include"),
    "since": ("生效日期", "启用日期", "start date", "valid from"),
    "until": ("失效日期", "截止日期", "end date", "valid to"),
}  # fmt: skip
PRICE_HEADS = {
    "book": ("价格表", "价目表", "price list", "pricelist", "pricebook", "pricebook2id", "pricelist_id"),
    "product": (
        "产品编码", "产品编号", "品名", "产品", "产品名称", "物料编码", "货号", "sku", "product code", "product2id",
        "product_tmpl_id", "item",
    ),
    "from_quantity": (
        "起订量", "起始数量", "数量起", "最小数量", "阶梯数量", "min quantity", "min_quantity", "minimum quantity",
    ),
    "price": ("单价", "含税单价", "未税单价", "价格", "unitprice", "unit price", "list price", "fixed_price"),
    "floor": ("底价", "最低价", "最低限价", "保底价", "minimum price", "floor"),
    "remark": ("备注", "说明", "note"),
}  # fmt: skip
STOCK_HEADS = {
    "product": (
        "产品编码", "产品编号", "物料编码", "存货编码", "货号", "料号", "品名", "产品", "产品名称", "sku",
        "product code",
        "internal reference", "item code", "item",
    ),
    "warehouse": ("仓库", "仓库名称", "库房", "所在仓库", "location", "warehouse name", "location_id"),
    "quantity": (
        "库存", "库存数量", "现存量", "现有库存", "可用量", "结存数量", "数量", "qty", "on hand", "quantity on hand",
        "qty_available", "stock",
    ),
    "told_at": (
        "截至", "时点", "盘点时间", "更新时间", "库存日期", "日期", "date", "as of", "updated",
    ),
    "place": ("库位", "货位", "bin", "shelf"),
}  # fmt: skip
RATE_HEADS = {
    "currency": ("币种", "货币", "currency code"),
    "day": ("日期", "汇率日期", "生效日期", "date", "rate date"),
    "rate": ("汇率", "中间价", "exchange rate", "conversion rate"),
    "source": ("来源", "source"),
}
