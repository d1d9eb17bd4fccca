"""A team on one set of customers: what somebody holds goes to others, and both sides know what it was; who registered
a deal first is protected, and of collisions all concerned know.

We own who handed over what to whom and whether it was accepted, and the registrations of deals. What is handed over
belongs to the contexts below, which say what their people hold (`resource.holding`).
"""
