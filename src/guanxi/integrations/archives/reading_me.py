"""What a person finds who opens an archive without us."""

# Chinese in code: the archive is read where no catalogue of ours is

README = """\
Guanxi 公司数据归档 / A company's data out of Guanxi
====================================================

中文
----
这个 ZIP 是一家公司在某一时刻的全部数据，都是开放格式，用表格软件或文本编辑器就能读。

manifest.json   归档说明：产品版本、时间、由谁导出、公司信息、每个文件的大小、行数和 SHA-256
columns.csv     数据字典：每个文件每一列的含义、类型、指向哪个文件、代码的意思
tables/         业务数据，每张表一个 CSV（UTF-8 带标记，英文列名，id 为主键）
                列名里带冒号的（如 owner_id:name、own:等级）只为方便阅读，导回时不读
                own 一列是自定义字段的值（JSON），字段的定义在 tailoring_ownfield.csv 和 tailoring_ownoption.csv
history/        变更历史：ledger_operation.csv 是每次操作，ledger_change.csv 是每一行前后的值
attachments/    附件原文件：attachments/附件的 id/文件名，属于哪条记录见 files_attachment.csv

金额是整数，单位见 columns.csv（人民币为分）。时间是 UTC。
以 = + - @ 制表符 或 ' 开头的文字前面加了一个 '，以免被表格软件当成公式，导回时会去掉。
归档里没有密码、令牌和密钥；成员导回后没有登录账号，需要重新邀请。
请不要改动文件：任何改动都会让导回被拒绝。导回命令：./run manage unarchive 文件

English
-------
This ZIP is everything of one company at one moment, in open formats that a spreadsheet or a text editor reads.

manifest.json   what this is: version of the product, when, by whom, the company, size, rows and SHA-256 of every file
columns.csv     a dictionary: what each column of each file means, its type, which file its key is of, what codes mean
tables/         the data, a CSV for each table (UTF-8 with its mark, English column names, id is the key)
                columns with a colon (owner_id:name, own:Grade) are for reading only and are not brought back
                `own` holds the values of fields of your own (JSON); tailoring_ownfield.csv defines these
history/        the change log: ledger_operation.csv is every act, ledger_change.csv every row before and after
attachments/    files as they are: attachments/<id of the attachment>/<name>; files_attachment.csv says of what

Amounts are whole numbers, see columns.csv for their unit (of the yuan: fen). Times are UTC.
A text that begins with = + - @ a tab or ' has a ' before it, lest a spreadsheet run it; it goes on the way back.
There are no passwords, tokens or keys in it; members come back without a sign-in and are invited anew.
Change nothing in the files: what was changed is refused on the way back. Back in: ./run manage unarchive FILE
"""
