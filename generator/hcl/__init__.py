"""HCL as values and as text in one layout, and text read back into blocks beyond doubt."""
