"""Export: what a list shows, as a file, for as many rows as there are at the same memory.

Only fields the reader may know, masked ones masked. In a CSV what a spreadsheet would run gets an apostrophe;
a workbook's cells are typed as text and need none. What is written here, the import reads back.
"""
