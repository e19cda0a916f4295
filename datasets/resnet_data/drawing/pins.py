"""Checksums of the drawn sets. `python -m resnet_data.drawing --pin` writes this file.

SHA-256 of all images and labels; they name and check what is kept in the cache.
"""

STUDIO = "7ab84f9bd79b8aa7afe412b786a25a95aa651ffe573ae38165c632898410e1a9"
OPEN = "f290aafda8a53a57f628f8e82d4256d33db1b3867bbb617c1bdc6bfa15f6c544"
