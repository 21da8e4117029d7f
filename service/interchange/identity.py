"""The ids of the domain under the name that files know them by."""

from service.domain.identity import KEYS, LONGEST, NAMESPACE, READABLE, derived, fitted

__all__ = ["KEYS", "LONGEST", "NAMESPACE", "READABLE", "derived", "fitted"]
