"""Publishing: parameters, running notebooks, editions, and the Jupyter Book build."""
