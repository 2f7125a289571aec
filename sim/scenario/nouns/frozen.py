"""Maps that cannot be changed: a scenario is what its fingerprint says, down to the last number."""

from __future__ import annotations

from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import AfterValidator
from pydantic_core.core_schema import CoreSchema, dict_schema

K = TypeVar("K")
V = TypeVar("V")


class FrozenMap(dict[K, V]):
    """A dict that is only read; it is compared, copied, pickled and written like any other. `|` makes a plain dict."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("a scenario cannot be changed in place; scenario.change({...}) gives another")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[FrozenMap[K, V]], tuple[dict[K, V]]]:
        """Made whole again by pickle and copy.copy, which would fill it key by key."""
        return type(self), (dict(self),)

    def __deepcopy__(self, _memo: dict[int, Any]) -> FrozenMap[K, V]:
        """Itself, as of anything that cannot be changed."""
        return self

    def __hash__(self) -> int:  # type: ignore[override]  # a dict has none, since it can be changed
        """As of a tuple: of what is in it. pydantic copies a default that has none for every block without the word."""
        return hash(frozenset(self.items()))

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> CoreSchema:
        """As a default in the JSON Schema it is any other map."""
        return dict_schema()


def frozen(value: Any) -> Any:
    """`value` with all its maps frozen, and its lists as tuples; a FrozenMap is so to the last already."""
    if not isinstance(value, (dict, list, tuple)) or isinstance(value, FrozenMap):
        return value  # most values by far are numbers and words
    if isinstance(value, dict):
        return FrozenMap({key: frozen(inside) for key, inside in value.items()})
    return tuple(map(frozen, value))


Map = Annotated[dict[K, V], AfterValidator(FrozenMap)]
"""A field's map, frozen once its keys and values are checked."""
FROZEN = AfterValidator(FrozenMap)
"""The same, behind whatever else is asked of a map."""
DEEPLY_FROZEN = AfterValidator(frozen)
"""Freezes what a field may hold in any shape."""
