"""Attachments: bytes on disk under the company's own folder, a row that says whose, what and of which record.

We own storage, limits and safe delivery. Who may see a file follows the record it hangs on, which the
resource layer asks for us. We never interpret a file's content.
"""
