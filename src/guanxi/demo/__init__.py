"""The demo company: a Chinese maker of packaging machines, built through the product's own services."""
