"""Checksums of the drawn sets. `python -m resnet_data.drawing --pin` writes this file.

SHA-256 of all images and labels; they name and check what is kept in the cache.
"""

STUDIO = "3bd30a2b77c492af735b7364b2a24400626c6bf270e078b2a9fcb2929aa9fde7"
OPEN = "f290aafda8a53a57f628f8e82d4256d33db1b3867bbb617c1bdc6bfa15f6c544"
