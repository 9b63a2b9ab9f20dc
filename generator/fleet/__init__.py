"""One spec, many targets: values, overlays, rows and a parent → a Source for each target.

Pure but for the reader that it is given, which reads the file that `extends` names.
"""

from generator.fleet.expand import expand
from generator.fleet.layers import PARENT
from generator.fleet.overlays import Target
from generator.fleet.told import each_of, fold

__all__ = ["PARENT", "Target", "each_of", "expand", "fold"]
