"""Who has a part in a customer beside its owner: he sees it, from the first day to the last, and writes to it where
that was said."""

from guanxi.resource.following import Named

PARTS = Named("charges", "customer", "member", since="since", until="until", writes=("power", "write"))
