"""A business table as version "after" of the code knows it; only for the tests of upgrade and restore."""
