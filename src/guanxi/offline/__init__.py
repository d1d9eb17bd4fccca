"""What works on a phone without network: the service worker, what is read, and who may send what was written.

We own the shell that a phone keeps and the bundle that is read from it. What is written goes through the forms of the
contexts below; that it is carried out once is seen to where forms come in (`project.repeating`).
"""
