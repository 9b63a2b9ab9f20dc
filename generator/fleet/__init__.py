"""One spec, many targets: values, overlays, rows and a parent → a Source for each target.

Pure but for the reader that it is given, which reads the file that `extends` names.
"""
