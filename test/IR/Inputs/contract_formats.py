# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pairs of operands' formats that contractions are tested in."""

from contract_operands import Format


def mx(element, block=32):
    return Format(element, (("f8E8M0FNU", {"k": block}),), element == "i8")


NVFP4 = Format("f4E2M1FN", (("f8E4M3FN", {"k": 16}), ("f32", {})))
E4M3, E5M2, E2M3, E3M2, E2M1 = "f8E4M3FN", "f8E5M2", "f6E2M3FN", "f6E3M2FN", "f4E2M1FN"
# Name: lhs, rhs, type of the result.
FORMATS = {
    "mxfp8": (mx(E4M3), mx(E4M3), "f32"),
    "mxfp8_e5m2": (mx(E5M2), mx(E5M2), "f32"),
    "mxfp6_e2m3": (mx(E2M3), mx(E2M3), "f32"),
    "mxfp6_e3m2": (mx(E3M2), mx(E3M2), "f32"),
    "mxfp4": (mx(E2M1), mx(E2M1), "f32"),
    "mxint8": (mx("i8"), mx("i8"), "f32"),
    "nvfp4": (NVFP4, NVFP4, "f32"),
    "deepseek_fp8": (
        Format(E4M3, (("f32", {"k": 128}),)),
        Format(E4M3, (("f32", {"k": 128, "n": 128}),)),
        "f32",
    ),
    "mxfp4 weights, mxfp8 activations": (mx(E4M3), mx(E2M1), "f32"),
    "mxint8 weights, e5m2 activations": (mx(E5M2), mx("i8"), "bf16"),
    "mxfp8 weights only": (Format("f32"), mx(E4M3), "f32"),
    "mxfp4 weights only": (Format("bf16"), mx(E2M1), "bf16"),
    "mxint8 weights only": (Format("f16"), mx("i8"), "f16"),
    "blocks of 64 and 32": (mx(E4M3, 64), mx(E3M2), "f32"),
    "blocks of 32 and 128": (mx(E2M3), mx("i8", 128), "f32"),
    "nvfp4 weights, f32 scales of 128": (Format(E5M2, (("f32", {"k": 128}),)), NVFP4, "f16"),
    "plain i8 by tensor and row": (
        Format("i8", (("f32", {}),)),
        Format("i8", (("f32", {"k": 1 << 20}),)),
        "f32",
    ),
    "no scales": (Format(E5M2), Format("bf16"), "f32"),
    "mxfp4 weights, f32 activations": (Format("f32"), mx(E2M1), "f32"),
    "mxfp6 weights, f32 activations": (Format("f32"), mx(E2M3), "f32"),
}
