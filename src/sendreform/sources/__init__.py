"""Official files as they were published → tidy observations: one module per publication.

Each publication is a pair: ``name.py`` reads its files, ``name.yml`` says in words what the files
and measures are (see :mod:`sendreform.sources.catalogue`). The module has one public function,
``observations(folder)``, and knows nothing of any other publication.
"""
