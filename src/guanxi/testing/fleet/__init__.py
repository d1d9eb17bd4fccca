"""The company's cars: an ordinary entity in two files, for the tests of the resource layer. Never part of a product."""
