"""out=: what a function fills is a traced array like any other, made new or computed, and overwritten whatever it was."""

import numpy as np
import pytest

import wengert as wg
from wengert.testing import check

X = np.array([1.3, 0.7, 1.1, 0.9, 1.2, 0.4])
OUT = {
    "sin": lambda x, out: np.sin(x, out=out),
    "sin_pos": lambda x, out: np.sin(x, out),
    "add": lambda x, out: np.add(x, x, out=out),
    "add_pos": lambda x, out: np.add(x, x, out),
    "add_tuple": lambda x, out: np.add(x, x, out=(out,)),
    "cumsum": lambda x, out: np.cumsum(x, out=out),
    "mcumsum": lambda x, out: x.cumsum(out=out),
    "cumprod": lambda x, out: np.cumprod(x, out=out),
    "clip": lambda x, out: np.clip(x, 0.5, 1, out=out),
    "mclip": lambda x, out: x.clip(0.5, 1, out=out),
    "round": lambda x, out: np.round(x, 1, out=out),
    "take": lambda x, out: np.take(x, [0, 1, 2, 3, 4, 5], out=out),
    "mtake": lambda x, out: x.take([0, 1, 2, 3, 4, 5], out=out, mode="clip"),
    "choose": lambda x, out: np.choose([0, 0, 1, 1, 0, 1], [x, x * x], out=out),
    "compress": lambda x, out: np.compress([True] * 6, x, out=out),
    "concatenate": lambda x, out: np.concatenate([x[:3], x[3:]], out=out),
    "stack": lambda x, out: np.stack([x[:3], x[3:]], out=out.reshape(2, 3)),
    "sum": lambda x, out: np.sum(np.outer(x, x), axis=0, out=out),
    "msum": lambda x, out: np.outer(x, x).sum(axis=0, out=out),
    "mmean": lambda x, out: np.outer(x, x).mean(axis=0, out=out),
    "mmax": lambda x, out: np.outer(x, x).max(axis=0, out=out),
    "std": lambda x, out: np.std(np.outer(x, x), axis=0, out=out),
    "var": lambda x, out: np.var(np.outer(x, x), axis=0, out=out),
    "median": lambda x, out: np.median(np.outer(x, x), axis=0, out=out),
    "prod": lambda x, out: np.prod(np.outer(x, x), axis=0, out=out),
    "dot": lambda x, out: np.dot(np.outer(x, x), x, out=out),
    "mdot": lambda x, out: np.outer(x, x).dot(x, out=out),
    "matmul": lambda x, out: np.matmul(np.outer(x, x), x, out=out),
    "outer": lambda x, out: np.outer(x[:2], x[:3], out=out.reshape(2, 3)),
    "mouter": lambda x, out: np.multiply.outer(x[:2], x[:3], out=out.reshape(2, 3)),
    "trace": lambda x, out: np.trace(np.outer(x, x).reshape(6, 2, 3)[:2], out=out[:3]),
    "where": lambda x, out: np.sqrt(x, out=out, where=x > 0.8),
    "reduce": lambda x, out: np.add.reduce(np.outer(x, x), out=out),
    "reducewhere": lambda x, out: np.add.reduce(np.outer(x, x), out=out, where=np.outer(x, x) > 1),
    "accumulate": lambda x, out: np.multiply.accumulate(x, out=out),
    "modf": lambda x, out: np.modf(x, out, np.zeros(6))[0],
    "frexp": lambda x, out: np.frexp(x, out=(out, np.zeros(6, np.int32)))[0],
    "percentile": lambda x, out: np.percentile(np.outer(x, x), 30, axis=0, out=out),
    "nansum": lambda x, out: np.nansum(np.outer(x, x), axis=0, out=out),
    "nanmean": lambda x, out: np.nanmean(np.outer(x, x), axis=0, out=out),
    "ptp": lambda x, out: np.ptp(np.outer(x, x), axis=0, out=out),
    "einsum": lambda x, out: np.einsum("ij,j->i", np.outer(x, x), x, out=out),
    "fix": lambda x, out: np.fix(x, out=out),
    "nan_to_num": lambda x, out: np.copyto(out, np.nan_to_num(x)),
    "around": lambda x, out: np.around(x, out=out),
    "argmax": lambda x, out: np.argmax(np.outer(x, x), axis=0, out=np.zeros(6, int)) * x,
    "amax": lambda x, out: np.amax(np.outer(x, x), axis=0, out=out),
    "isin": lambda x, out: np.greater(x, 1, out=np.zeros(6, bool)) * x,
    "inplace": lambda x, out: np.exp(out, out=out),
    "mround": lambda x, out: x.round(1, out=out),
    "mconj": lambda x, out: np.conj(x, out=out),
    "matvec": lambda x, out: np.vecdot(np.outer(x, x), x, out=out),
    "nancumsum": lambda x, out: np.nancumsum(x, out=out),
    "quantile": lambda x, out: np.quantile(np.outer(x, x), 0.3, axis=0, out=out),
    "nanmax": lambda x, out: np.nanmax(np.outer(x, x), axis=0, out=out),
    "nanprod": lambda x, out: np.nanprod(np.outer(x, x), axis=0, out=out),
    "nanstd": lambda x, out: np.nanstd(np.outer(x, x), axis=0, out=out),
    "nanmedian": lambda x, out: np.nanmedian(np.outer(x, x), axis=0, out=out),
    "cumulative": lambda x, out: np.cumulative_sum(x, out=out),
    "abs": lambda x, out: np.abs(x, out=out),
    "mcompress": lambda x, out: x.compress([True] * 6, out=out),
}
STARTS = {"new": lambda x: np.zeros(6), "traced": lambda x: x * 0.5, "a view": lambda x: np.zeros(8)[1:7]}


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize("f", OUT.values(), ids=OUT)
def test_out(f, start):
    def g(x):
        out = start(x)
        y = f(x, out)
        return out * x if y is None else out * x + np.sum(y)

    np.testing.assert_allclose(wg.vjp(g, X)[0], g(X.copy()), rtol=1e-15)
    check(g, X)
