"""Who signs in, and who they are in a company.

An account (sign-in, password, second factor) is global and stands outside the company wall. A member is a
person of one company; it may have an account, and business rows point to members. Departments form the tree
that reach is measured on. We never decide what somebody may do (permissions).
"""
