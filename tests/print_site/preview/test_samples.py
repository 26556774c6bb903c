"""The preview's samples: the same booklet gives the same file, whatever its ids and its service."""

import copy
import json
import uuid
from typing import Any

import pytest

from print_site.preview import samples
from print_site.preview.sampling import sample_of


def again(value: Any, ids: dict[str, str]) -> Any:
    """Return the data with other ids, as another run of the demo would give them."""
    if isinstance(value, dict):
        return {key: again(item, ids) for key, item in value.items()}
    if isinstance(value, list):
        return [again(item, ids) for item in value]
    if isinstance(value, str) and value.startswith("00000000-0000-4000-8000-"):
        return ids.setdefault(value, str(uuid.uuid5(uuid.NAMESPACE_URL, value)))
    return value


@pytest.mark.parametrize("sample", [samples.full, samples.compact])
def test_a_sample_is_the_same_whatever_the_ids_the_port_and_the_hour(sample: Any) -> None:
    kept, ids = sample(), dict[str, str]()
    data = again(copy.deepcopy(kept), ids)
    data["verifyAt"] = "http://127.0.0.1:39715/verifier"
    data["panorama"]["lastUpdate"] = f"{data['asOf']}T07:46:05.931719+00:00"
    assert len(ids) > 75
    assert data != kept
    assert json.loads(sample_of(data)) == kept


def test_a_sample_of_an_empty_booklet_stays_without_a_last_update() -> None:
    assert json.loads(sample_of(samples.empty()))["panorama"]["lastUpdate"] is None
