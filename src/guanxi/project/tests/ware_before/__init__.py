"""A business table as version "before" of the code knows it; only for the tests of upgrade and restore."""
