"""The status and the files as a page: once in a file, or live on loopback (``ops console``)."""
