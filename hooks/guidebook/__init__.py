"""The core: pure Python that knows no MkDocs."""
