"""What the tests share: how hypothesis draws, and the oracles, which know nothing of Wengert."""

import numpy as np
import pytest
from hypothesis import Phase, settings

settings.register_profile("wengert", derandomize=True, deadline=None, phases=[Phase.explicit, Phase.generate, Phase.shrink])
settings.load_profile("wengert")


@pytest.fixture(scope="session")
def complex_step():
    """The gradient of a scalar function by complex steps on the plain function: no cancellation, so exact to rounding."""

    def gradient(f, x, step=1e-30):
        x = np.asarray(x, float)
        g = np.empty(x.shape)
        for i in np.ndindex(x.shape):
            z = x.astype(complex)
            z[i] += 1j * step
            g[i] = np.imag(f(z)) / step
        return g

    return gradient


@pytest.fixture(scope="session")
def differences():
    """The Jacobian of a function by central differences of fourth order: shape y.shape + x.shape, good to about 1e-10."""

    def jacobian(f, x, step=1e-4):
        x = np.asarray(x, float)
        columns = []
        for i in np.ndindex(x.shape):

            def along(h, i=i):
                z = x.copy()
                z[i] += h
                return np.asarray(f(z), float)

            near, far = along(step) - along(-step), along(2 * step) - along(-2 * step)
            columns.append((8 * near - far) / (12 * step))
        shape = np.shape(columns[0]) if columns else np.shape(f(x))
        return np.reshape(np.stack(columns, axis=-1) if columns else np.zeros((*shape, 0)), shape + x.shape)

    return jacobian
