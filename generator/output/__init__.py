"""Files and a folder: written safely, or how the folder differs from them."""
