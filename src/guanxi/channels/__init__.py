"""Transport of messages: a member's own mailbox is read and written here, later SMS and telephony.

We own mailboxes, messages, their threads and attachments, and which known addresses they went to. A record we know
only by (resource key, id); who is behind an address say the contexts above at start-up.
"""
