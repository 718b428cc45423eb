"""Small stores written by real old and new versions of MLflow and by Qlib, and the scripts that wrote them."""
