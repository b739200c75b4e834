"""Reads, writes and checks ``data/``: the only room that knows its layout."""

from sendreform.store.layout import Layout, project_root
from sendreform.store.tables import Store, open_store

__all__ = ["Layout", "Store", "open_store", "project_root"]
