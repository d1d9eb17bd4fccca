"""What we sell, at which price, and what lies in stock.

We own products with their lines, variants, bundles and options, units, tax rates, price books, exchange rates and
stock as it was last told. What is sold to whom belongs to the contexts above.
"""
