"""How long to measure, and the environment in which every process of a run is measured."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Seconds, except for the counts of rounds."""

    rounds: int  # how often each framework takes its turn
    turn: float  # the length of a turn, in which as many samples are taken as fit, and at least one
    sample: float  # a call shorter than this is repeated until one sample lasts as long
    warm_up: float  # calls that are not counted, before the first turn
    budget: float  # a framework whose turns at one scenario have cost this much takes no more of them
    limit: float  # a process that gives no answer for this long is ended
    import_rounds: int


FULL = Settings(rounds=7, turn=0.1, sample=0.005, warm_up=0.2, budget=20.0, limit=120.0, import_rounds=11)
QUICK = Settings(rounds=3, turn=0.03, sample=0.002, warm_up=0.05, budget=2.0, limit=120.0, import_rounds=3)

# One thread for BLAS, OpenMP and the frameworks' own pools, and no start-up chatter.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "NPROC": "1",  # the thread pool of JAX's CPU client
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
    "CUDA_VISIBLE_DEVICES": "",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}

# Settings that choose OpenBLAS kernels for another processor than the one that is there, or compile every module at each import.
REMOVED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "PYTHONDONTWRITEBYTECODE")


def environment() -> dict[str, str]:
    """The environment of every measured process."""
    return {name: value for name, value in os.environ.items() if name not in REMOVED} | ONE_THREAD
