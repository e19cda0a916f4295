"""Checksums of the drawn sets. `python -m resnet_data.drawing --pin` writes this file.

SHA-256 of all images and labels; they name and check what is kept in the cache.
"""

STUDIO = "7ab84f9bd79b8aa7afe412b786a25a95aa651ffe573ae38165c632898410e1a9"
OPEN = "9db13d8a7f1b875e617f8e68ca13334a71c6e7c15533257a95fef13761a8af76"
