"""The public functions of scipy.special that have neither row nor twin, each with the reason: what errors say of it.

A test compares these with SciPy: every public function has a row, a twin (wengert/scipy/special), or stands here. Names that some
versions of SciPy lack are passed over.
"""

import scipy.special
from scipy.special import _ufuncs

from wengert.rules.declare import not_yet

REASONS = {
    "it is inverse in a parameter, and along that the distribution has no derivative yet.": """
        bdtrik bdtrin btdtria btdtrib chdtriv chndtridf fdtridfd gdtrib nbdtrik nbdtrin ncfdtridfd ncfdtridfn ncfdtrinc nctdtridf
        nctdtrinc pdtrik stdtridf""",
    "the derivative of Riemann's zeta function is none of SciPy's functions. zeta(x, q) has one in q.": """
        zetac _riemann_zeta""",
    "its derivative is an integral of the square of its function, which is none of SciPy's.": """
        mathieu_a mathieu_b obl_cv pro_cv""",
    "its coefficients are given for plain numbers.": """
        mathieu_even_coef mathieu_odd_coef""",
    "the derivatives of Lamé's functions are none of SciPy's.": """
        ellip_harm ellip_harm_2 ellip_normal _ellip_harm""",
    "it takes whole numbers.": """
        bernoulli euler stirling2 ai_zeros bei_zeros beip_zeros ber_zeros berp_zeros bi_zeros erf_zeros fresnel_zeros
        fresnelc_zeros fresnels_zeros jn_zeros jnjnp_zeros jnp_zeros jnyn_zeros kei_zeros keip_zeros kelvin_zeros ker_zeros
        kerp_zeros y0_zeros y1_zeros y1p_zeros yn_zeros ynp_zeros""",
    "it takes whole numbers and plain parameters, and gives nodes and weights. Compute them before.": """
        c_roots cg_roots h_roots he_roots j_roots js_roots l_roots la_roots p_roots ps_roots s_roots t_roots ts_roots u_roots
        us_roots roots_chebyc roots_chebys roots_chebyt roots_chebyu roots_gegenbauer roots_genlaguerre roots_hermite
        roots_hermitenorm roots_jacobi roots_laguerre roots_legendre roots_sh_chebyt roots_sh_chebyu roots_sh_jacobi
        roots_sh_legendre""",
    "it makes a polynomial of plain numbers. Write eval_jacobi(n, a, b, x), eval_legendre(n, x), and so on.": """
        chebyc chebys chebyt chebyu gegenbauer genlaguerre hermite hermitenorm jacobi laguerre legendre sh_chebyt sh_chebyu
        sh_jacobi sh_legendre""",
    "it gives all orders at one plain number. Write the function of one order, with np.arange(n + 1) for its orders.": """
        lmbda lqmn lqn obl_cv_seq pbdn_seq pbdv_seq pbvv_seq pro_cv_seq riccati_jn riccati_yn lpn lpmn clpmn""",
    "it gives all degrees and orders. Write the same without _all, with arrays of degrees and orders.": """
        assoc_legendre_p_all legendre_p_all sph_harm_y_all sph_legendre_p_all""",
    "it has another name in newer versions of SciPy, where that has a derivative: sph_harm_y.": """
        sph_harm""",
    "it says how errors are handled.": """
        geterr seterr""",
}


def function(name):
    """Of this SciPy, or None."""
    return getattr(scipy.special, name, None) or getattr(_ufuncs, name, None)


def functions(names):
    return [f for f in map(function, names.split()) if f is not None]


for reason, names in REASONS.items():
    not_yet(reason, *functions(names))
