"""The autoencoder keeps more of a digit in a few numbers than principal components of the same number.

Source: Hinton and Salakhutdinov, "Reducing the dimensionality of data with neural networks" (2006).
"""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from nncore.layers import Dense
from nncore.network import Network
from nncore.predictor import Predictor
from nncore.project import Project, load_preset
from tests.nncore.showcase.training import learned


def with_code(project: Project, size: int) -> Project:
    """Return the autoencoder with a code of so many numbers."""
    layers = [
        layer.replace(units=size) if isinstance(layer, Dense) and layer.name == "code" else layer
        for layer in project.network.layers
    ]
    return project.replace(network=Network(project.network.input_shape, tuple(layers)))


@pytest.mark.parametrize(("size", "epochs", "share"), [(16, 6, 0.8), (2, 8, 0.93)])
def test_that_the_autoencoder_reconstructs_unseen_digits_better_than_pca(size: int, epochs: int, share: float) -> None:
    session = learned(with_code(load_preset("autoencoder"), size), epochs=epochs)
    validation = session.data.validation
    assert validation is not None
    seen, unseen = (part.x.reshape(len(part), -1) for part in (session.data.train, validation))
    assert (seen.shape, unseen.shape) == ((4500, 784), (500, 784))
    components = PCA(size, random_state=0).fit(seen)
    principal = components.inverse_transform(components.transform(unseen))
    drawn = Predictor.of(session.snapshot).predict(validation.x).reshape(unseen.shape)
    error = np.square(drawn - unseen).mean()
    assert error < share * np.square(principal - unseen).mean()
    assert session.evaluate(validation)["loss"] == pytest.approx(error, rel=1e-4)
