// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// #mx.target: its verifier, and what follows from its numbers.
#include "mx/IR/MX.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::mx;

LogicalResult DotAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                              Type lhs, Type rhs, Type sum, int64_t length,
                              StringRef intrinsic) {
  MLIRContext *context = lhs.getContext();
  bool isUnsigned = lhs.isUnsignedInteger(8);
  if (!isUnsigned && !lhs.isSignlessInteger(8) && !lhs.isSignlessInteger(16) &&
      !lhs.isBF16())
    return emitError()
           << "expected lhs of a dot to be i8, ui8, i16 or bf16, found " << lhs;
  if (Type other = isUnsigned ? IntegerType::get(context, 8) : lhs;
      rhs != other)
    return emitError() << "expected rhs of a dot to be " << other << ", found "
                       << rhs;
  bool isShort = isUnsigned && sum.isSignlessInteger(16);
  if (Type wide = lhs.isBF16() ? Type(Float32Type::get(context))
                               : IntegerType::get(context, 32);
      !isShort && sum != wide)
    return emitError() << "expected the sum of a dot to be " << wide
                       << ", found " << sum;
  if (int64_t lane = sum.getIntOrFloatBitWidth() / rhs.getIntOrFloatBitWidth();
      length != lane)
    return emitError() << "expected a dot's length to be " << lane
                       << ", that of a lane, found " << length;
  if (!intrinsic.starts_with("llvm."))
    return emitError() << "expected the name of an intrinsic of LLVM, found '"
                       << intrinsic << "'";
  return success();
}

// The widest vectors that Arm's SVE allows, and the most vector registers that
// a CPU has, such as POWER with VSX. The code of a register tile grows with
// both: beyond, it takes minutes to compile.
static constexpr int64_t kMostVectorBits = 2048;
static constexpr int64_t kMostVectorRegisters = 64;

LogicalResult TargetAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 int64_t vectorBits, int64_t vectorRegisters,
                                 ArrayRef<Type> extends,
                                 ArrayRef<int64_t> caches, int64_t prefetch,
                                 StringRef permute, StringRef shuffle,
                                 ArrayRef<DotAttr> dots) {
  if (vectorBits < 32 || vectorBits > kMostVectorBits ||
      !llvm::isPowerOf2_64(vectorBits))
    return emitError() << "expected vector_bits to be a power of two from 32 "
                          "to "
                       << kMostVectorBits << ", found " << vectorBits;
  if (vectorRegisters < 8 || vectorRegisters > kMostVectorRegisters)
    return emitError() << "expected 8 to " << kMostVectorRegisters
                       << " vector_registers, found " << vectorRegisters;
  if (caches.empty() || caches.front() <= 0 || !llvm::is_sorted(caches))
    return emitError()
           << "expected caches of positive, ascending sizes, found [" << caches
           << "]";
  if (prefetch < 0)
    return emitError() << "expected prefetch to be a number of bytes, found "
                       << prefetch;
  for (auto [name, intrinsic] :
       {std::pair("permute", permute), std::pair("shuffle", shuffle)})
    if (!intrinsic.empty() && !intrinsic.starts_with("llvm."))
      return emitError() << "expected " << name
                         << " to be the name of an intrinsic of LLVM, found '"
                         << intrinsic << "'";
  // Vectors of an inner product, 16 f32, hold whole ones of the target.
  if (!shuffle.empty() && (vectorBits < 128 || vectorBits > 512))
    return emitError() << "expected vector_bits from 128 to 512 with shuffle, "
                          "found "
                       << vectorBits;
  for (Type type : extends)
    if (!type.isF16() && !type.isBF16())
      return emitError() << "expected extends to hold f16 or bf16, found "
                         << type;
  auto isPair = [](DotAttr dot) { return dot.getRhs().isInteger(16); };
  for (DotAttr dot : dots)
    if (dot.getSum().isInteger(16) && llvm::none_of(dots, isPair))
      return emitError() << "expected a dot of i16 beside one with sums of i16";
  return success();
}

TargetAttr TargetAttr::get(Operation *op) {
  while (op) {
    if (auto target = op->getAttrOfType<TargetAttr>(kName))
      return target;
    if (!op->getParentOp())
      break;
    op = op->getParentOp();
  }
  return get(op->getContext(), 128, 16, {}, {32 << 10, 256 << 10}, 0, "", "",
             {});
}

// Vectors of columns in a register tile.
static constexpr int64_t kVectors = 2;

std::pair<int64_t, int64_t> TargetAttr::getRegisterTile() const {
  return {getTileRows(Beside::Factors), kVectors * getLanes()};
}

int64_t TargetAttr::getTileRows(Beside beside) const {
  int64_t registers = getVectorRegisters();
  // One row of the columns' factor and a broadcast element of the other.
  constexpr int64_t kFactors = kVectors + 1;
  // The scales of that row, and constants.
  constexpr int64_t kDecoding = kVectors + 5;
  // Rows of which each has an address: those of more, beside the other
  // factor's, are spilled on x86-64.
  constexpr int64_t kAddresses = 8;
  switch (beside) {
  case Beside::Factors:
    return (registers - kFactors) / kVectors;
  case Beside::Addresses:
    return std::min(getTileRows(Beside::Factors), kAddresses);
  case Beside::Decoding:
    return std::clamp<int64_t>((registers - kFactors - kDecoding) / kVectors, 1,
                               kAddresses);
  case Beside::Totals:
    // The factors are not needed while sums are added to totals.
    return registers / (2 * kVectors);
  }
  llvm_unreachable("all are listed");
}

DotAttr TargetAttr::getDot(unsigned bits, unsigned sumBits,
                           bool isFloat) const {
  for (DotAttr dot : getDots())
    if (isa<FloatType>(dot.getSum()) == isFloat &&
        dot.getRhs().getIntOrFloatBitWidth() == bits &&
        dot.getSum().getIntOrFloatBitWidth() == sumBits)
      return dot;
  return {};
}

int64_t TargetAttr::getPanelRows(int64_t columns, size_t level) const {
  int64_t cache = getCaches()[std::min(level, getCaches().size() - 1)];
  return std::max<int64_t>(cache / 2 / (columns * 4) / 128 * 128, 128);
}
