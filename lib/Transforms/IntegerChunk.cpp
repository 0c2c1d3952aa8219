// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "IntegerChunk.h"
#include "KernelLaunch.h"
#include "mx/IR/ScaleBuilder.h"
#include "mx/Transforms/IntegerFactor.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SPIRV/IR/TargetAndABI.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

/// Elements of a word.
static constexpr int64_t kLength = 4;

static FailureOr<IntegerFormat> getFormat(ContractOp op, bool isLhs) {
  ElementMeaning meaning = op.getElementMeaning(isLhs);
  if (meaning.zeroPoint)
    return failure();
  Value elements = isLhs ? op.getLhs() : op.getRhs();
  return getIntegerFormat(
      meaning.codes ? meaning.codes : getElementTypeOrSelf(elements.getType()),
      meaning.fractionBits);
}

bool mlir::mx::sumsIntegers(ContractOp op) {
  spirv::TargetEnvAttr described = spirv::lookupTargetEnv(op);
  if (!described || (op.getLhsScales().empty() && op.getRhsScales().empty()))
    return false;
  spirv::TargetEnv device(described);
  return device.allows(spirv::Capability::DotProduct) &&
         device.allows(spirv::Capability::DotProductInput4x8Bit) &&
         succeeded(getFormat(op, true)) && succeeded(getFormat(op, false));
}

int64_t mlir::mx::getNumWords(const KernelShape &shape) {
  return shape.chunk / kLength;
}

/// The elements of one factor from `k` on, as integers.
static Value loadIntegers(KernelPosition &at, bool isLhs, Value k) {
  OpBuilder &b = at.b;
  Type i8 = b.getI8Type(), codes = at.op.getElementMeaning(isLhs).codes;
  SmallVector<Value> elements;
  for (int64_t element = 0; element < kLength; ++element) {
    Value index = at.add(k, at.constant(element));
    at.setInSum(index);
    Value integer = at.loadElement(isLhs);
    if (codes)
      integer = readCode(b, at.loc, integer, codes);
    if (integer.getType() != i8)
      integer = arith::TruncIOp::create(b, at.loc, i8,
                                        decodeInteger(b, at.loc, integer));
    // One factor's zeros are enough.
    if (isLhs != at.dims.columnsAreLhs && !at.hasWholeChunks()) {
      Value zero = arith::ConstantOp::create(b, at.loc, b.getI8IntegerAttr(0));
      integer = arith::SelectOp::create(
          b, at.loc, at.below(index, at.sizes[at.dims.sum]), integer, zero);
    }
    elements.push_back(integer);
  }
  return vector::FromElementsOp::create(
      b, at.loc, VectorType::get({kLength}, i8), elements);
}

void mlir::mx::packRows(KernelPosition &at, Value k) {
  OpBuilder &b = at.b;
  Location loc = at.loc;
  OpBuilder::InsertionGuard guard(b);
  int64_t words = getNumWords(at.shape);
  auto loop =
      scf::ForOp::create(b, loc, at.thread, at.constant(at.shape.rows * words),
                         at.constant(kWorkgroupSize));
  b.setInsertionPointToStart(loop.getBody());
  Value count = at.constant(words);
  Value row = arith::DivUIOp::create(b, loc, loop.getInductionVar(), count);
  Value word = arith::RemUIOp::create(b, loc, loop.getInductionVar(), count);
  at.setRow(row);
  Value integers = loadIntegers(at, !at.dims.columnsAreLhs,
                                at.add(k, at.mul(word, at.constant(kLength))));
  Value bits = vector::BitCastOp::create(
      b, loc, VectorType::get({1}, b.getI32Type()), integers);
  Value place = at.add(at.mul(word, at.constant(at.shape.rows)), row);
  memref::StoreOp::create(b, loc, vector::ExtractOp::create(b, loc, bits, 0),
                          at.tile, place);
}

/// The sum of four products, in the form that has a conversion to a dot
/// product.
static Value dot(OpBuilder &b, Location loc, Value lhs, Value rhs) {
  auto wide = VectorType::get({kLength}, b.getI32Type());
  Value products =
      arith::MulIOp::create(b, loc, arith::ExtSIOp::create(b, loc, wide, lhs),
                            arith::ExtSIOp::create(b, loc, wide, rhs));
  return vector::ReductionOp::create(b, loc, vector::CombiningKind::ADD,
                                     products);
}

SmallVector<Value> mlir::mx::sumWords(KernelPosition &at, Value k) {
  OpBuilder &b = at.b;
  Location loc = at.loc;
  Value words = arith::CeilDivUIOp::create(b, loc, at.getChunkSize(k),
                                           at.constant(kLength));
  Value zero = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0));
  auto loop = scf::ForOp::create(
      b, loc, at.constant(0), words, at.constant(1),
      SmallVector<Value>(at.shape.rows * at.shape.columns, zero));
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Value word = loop.getInductionVar();
    Value first = at.add(k, at.mul(word, at.constant(kLength)));
    SmallVector<Value> columns;
    for (int64_t column = 0; column < at.shape.columns; ++column) {
      at.setColumn(column);
      columns.push_back(loadIntegers(at, at.dims.columnsAreLhs, first));
    }
    Value place = at.mul(word, at.constant(at.shape.rows));
    SmallVector<Value> results;
    for (int64_t row = 0; row < at.shape.rows; ++row) {
      Value bits = memref::LoadOp::create(
          b, loc, at.tile, ValueRange{at.add(place, at.constant(row))});
      bits = vector::FromElementsOp::create(
          b, loc, VectorType::get({1}, b.getI32Type()), bits);
      Value integers = vector::BitCastOp::create(
          b, loc, VectorType::get({kLength}, b.getI8Type()), bits);
      for (Value column : columns)
        results.push_back(
            arith::AddIOp::create(b, loc, loop.getRegionIterArg(results.size()),
                                  dot(b, loc, integers, column)));
    }
    scf::YieldOp::create(b, loc, results);
  }
  int64_t bits = getFormat(at.op, true)->fractionBits +
                 getFormat(at.op, false)->fractionBits;
  return llvm::map_to_vector(loop.getResults(), [&](Value sum) {
    sum = arith::SIToFPOp::create(b, loc, b.getF32Type(), sum);
    return divideByPower(b, loc, sum, bits);
  });
}
