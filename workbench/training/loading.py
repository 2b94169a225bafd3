"""From a data choice to split and scaled data; runs in a background thread."""

from __future__ import annotations

from nncore import datasets
from nncore.datasets.base import Data, TrainingData
from nncore.project import DataSettings


class DataCache:
    """Remembers the last loaded source, so that another split or scaling needs no second reading."""

    def __init__(self) -> None:
        self._key: tuple[str, str | None] | None = None
        self._data: Data | None = None

    def load(self, settings: DataSettings, validation_split: float) -> TrainingData:
        """Return the data of the settings; raise ``InputError`` when they cannot be used."""
        key = (settings.source, settings.target_column)
        data = self._data if key == self._key else None
        if data is None:
            data = datasets.open_source(settings.source, settings.target_column)
            self._key, self._data = key, data
        test = datasets.open_test(settings.test_source, datasets.Schema.of(data)) if settings.test_source else None
        return datasets.prepare(data, validation_split=validation_split, scaling=settings.scaling, test=test)
