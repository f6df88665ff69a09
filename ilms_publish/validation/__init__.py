"""Gate 1: shape, codes and keys of the data files, as Frictionless judges them, without its cost where all is well."""

from ilms_publish.validation.gate import gate_one
from ilms_publish.validation.replay import LIMIT
from ilms_publish.validation.reports import validate, validate_resource

__all__ = ["LIMIT", "gate_one", "validate", "validate_resource"]
