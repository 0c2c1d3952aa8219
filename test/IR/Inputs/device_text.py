# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs for a device that they describe themselves, in place of the one that runs them."""

NUMBERS = "Shader, Int8, Int16, Int64, Float16, Float64, StorageBuffer8BitAccess, StorageBuffer16BitAccess"
EXTENSIONS = "SPV_KHR_storage_buffer_storage_class, SPV_KHR_8bit_storage, SPV_KHR_16bit_storage"


def for_device(text: str, dot: bool) -> str:
    """`text` for a Vulkan device with or without integer dot products."""
    version = "v1.6" if dot else "v1.3"
    capabilities = NUMBERS + ", DotProduct, DotProductInput4x8Bit" * dot
    extensions = EXTENSIONS + ", SPV_KHR_integer_dot_product" * dot
    vce = f"#spirv.vce<{version}, [{capabilities}], [{extensions}]>"
    environment = f"#spirv.target_env<{vce}, api=Vulkan, #spirv.resource_limits<>>"
    return f"module attributes {{spirv.target_env = {environment}}} {{\n{text}}}\n"
