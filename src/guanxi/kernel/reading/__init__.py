"""A pasted text as customer and people: an e-mail signature, invoice details, a business card, a chat message.

::

    read("王总电话13800138000，公司是苏州恒力机械").people[0].mobiles[0].value  →  "+8613800138000"

result      what is handed back: values, each with the span of the text it stands in and a certainty
flat        the text as it is searched: half width, single spaces, with the way back to what was pasted
words       the words it knows: labels, posts, legal forms, surnames
labels      where a value says what it is
numbers     e-mail addresses, websites, telephones, codes, accounts
companies, addresses, callings   names of companies, addresses, people with their posts
owners      of whom something is
reader      the order in which all of it is asked
"""

from guanxi.kernel.reading.reader import LONGEST, read
from guanxi.kernel.reading.result import Found, ReadCustomer, Reading, ReadPerson

__all__ = ["LONGEST", "Found", "ReadCustomer", "ReadPerson", "Reading", "read"]
