# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where the published sources put the scale of row r and block c.

Each entry gives, for R rows and C blocks, the number of bytes and the byte's
offset; written from the sources' formulas and not from the layout attributes.
"""


def ceil(a: int, b: int) -> int:
    return -(-a // b)


def linear(R, C):
    return R * C, lambda r, c: r * C + c


def nv_128x4(R, C):
    tiles = ceil(C, 4)
    return ceil(R, 128) * tiles * 512, lambda r, c: (
        ((r // 128) * tiles + c // 4) * 512 + (r % 32) * 16 + ((r % 128) // 32) * 4 + c % 4
    )


def deepgemm_sm100(R, C):
    rows = ceil(R, 4) * 4  # 16 bytes of int32
    return ceil(C, 4) * rows * 4, lambda r, c: ((c // 4) * rows + r) * 4 + c % 4


def amd_16x16x128(R, C):
    def offset(r, c):
        tile = (r // 64) * ceil(C, 4) + c // 4
        lane = (c % 4) * 16 + r % 16
        return (tile * 64 + lane) * 4 + r // 16 % 4

    return ceil(R, 64) * ceil(C, 4) * 256, offset


def amd_32x32x64(R, C):
    def offset(r, c):
        tile = (r // 128) * ceil(C, 2) + c // 2
        lane = (c % 2) * 32 + r % 32
        return (tile * 64 + lane) * 4 + r // 32 % 4

    return ceil(R, 128) * ceil(C, 2) * 256, offset


def ascend_950_weights(R, C):
    return ceil(C, 2) * R * 2, lambda r, c: ((c // 2) * R + r) * 2 + c % 2


def ascend_950_activations(R, C):
    return R * ceil(C, 2) * 2, lambda r, c: (r * ceil(C, 2) + c // 2) * 2 + c % 2


def musa_ph1(R, C):
    return ceil(C, 4) * R * 4, lambda r, c: (c // 4) * R * 4 + r * 4 + c % 4


def trainium3(R, C):
    return ceil(C, 16) * 16 * R, lambda r, c: c * R + r


LAYOUTS = {
    "linear": linear,
    "nv_128x4": nv_128x4,
    "deepgemm_sm100": deepgemm_sm100,
    "amd_16x16x128": amd_16x16x128,
    "amd_32x32x64": amd_32x32x64,
    "ascend_950_weights": ascend_950_weights,
    "ascend_950_activations": ascend_950_activations,
    "musa_ph1": musa_ph1,
    "trainium3": trainium3,
}
