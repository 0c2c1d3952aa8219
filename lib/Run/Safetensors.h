// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Constants as a safetensors file.
#ifndef MX_LIB_RUN_SAFETENSORS_H
#define MX_LIB_RUN_SAFETENSORS_H

#include "mx/Transforms/ConstantLayout.h"

#include <string>

namespace mlir::mx {

/// The start of a safetensors file: 8 bytes of length and a JSON text, in all a
/// multiple of 64 bytes, so that what follows is as aligned in the file as in
/// memory. What follows are the bytes of `places`, of the hash `dataHash`, with
/// every gap between them as a tensor "mx.pad.N". Types that safetensors has
/// not are U8; the metadata tells the type and shape of each.
std::string getSafetensorsHeader(ArrayRef<ConstantPlace> places,
                                 uint64_t dataHash);

} // namespace mlir::mx

#endif // MX_LIB_RUN_SAFETENSORS_H
