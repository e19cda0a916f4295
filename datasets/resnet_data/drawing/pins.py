"""Checksums of the drawn sets. `python -m resnet_data.drawing --pin` writes this file.

SHA-256 of all images and labels; they name and check what is kept in the cache.
"""

STUDIO = "5c58cb57f6ed282846d36d008bdc13d1f2c748af6de19b13b356a24ccdfa32b0"
OPEN = "ab6da6657c12778765307b4cb071f650acebb35ed3947d803e9a91696c23518f"
