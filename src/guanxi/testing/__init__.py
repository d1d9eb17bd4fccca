"""What tests of every floor share: companies with people in them, factories, actors, signed-in clients.

Only tests import this package. A test works in a company of its own with real transactions, which it leaves
behind; nothing is flushed or rolled back, so tests may run in any order and beside each other.
"""
