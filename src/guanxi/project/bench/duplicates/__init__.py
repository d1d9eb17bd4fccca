"""How good the duplicate check is: precision, recall and F1 where the truth is known, and time per check.

variants  Chinese companies and what people make of their names, from brand words
datasets  the sample files with their truth
running   through keys and verdict, as the product asks, in memory
fitting   counting the weights of persons again on dataset1
"""
