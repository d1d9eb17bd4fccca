"""The change log, the recycle bin, and the undo with what stands in its way."""
