// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The code of one register tile of a contraction on memrefs.
#ifndef MX_TRANSFORMS_REGISTERTILE_H
#define MX_TRANSFORMS_REGISTERTILE_H

#include "mx/IR/MX.h"
#include "mx/Transforms/MatmulDims.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::mx {

/// What all kinds of tiles share. But for inner products, a vector has `lanes`
/// columns of the result.
class RegisterTile {
public:
  RegisterTile(OpBuilder &b, ContractOp op, const MatmulDims &dims,
               int64_t lanes);
  virtual ~RegisterTile() = default;

  /// Starts from `value` in place of what the result's memory holds.
  void setInit(Value value) { init = value; }

  /// Builds the code for `rows` rows and `vectors` vectors of columns, of which
  /// `masks` (or none) says which columns there are.
  virtual void build(int64_t rows, int64_t vectors, ArrayRef<Value> masks) = 0;

  /// The most rows of a tile of this kind that mx-tile cuts.
  virtual int64_t getMaxRows(TargetAttr target) const {
    return target.getTileRows(TargetAttr::Beside::Factors);
  }

  /// Whether it computes vectors of columns, so that it needs masks for others.
  virtual bool hasVectorsOfColumns() const { return true; }

  Value index(int64_t value);
  /// `value` in all lanes.
  Value getConstant(VectorType type, Attribute value);
  /// The extent of a dimension of the tile.
  Value getExtent(unsigned dim);
  /// The mask of vector `i` of `columns` columns.
  Value getMask(Value columns, int64_t i);

protected:
  /// Values per dimension of the contraction; one that is null is 0.
  using Position = SmallVector<Value>;
  Position getPosition() { return Position(op.getInitMap().getNumDims()); }
  SmallVector<Value> getIndices(AffineMap map, const Position &position);
  /// Where the columns' factor has its elements at `position`, of which a byte
  /// may hold two.
  SmallVector<Value> getColumnsIndices(const Position &position);
  /// The position of a row and of the first column of vector `i`.
  Position getPosition(int64_t row, int64_t i);

  /// Adds the tile's products to its part of the result, in pieces of the sum:
  /// `addProducts` gives sums, row by row, and the products from `begin` to
  /// `end` of `dim`, which counts groups of `length` elements. One sequential
  /// sum would lose the last bits of thousands of small products beside a large
  /// one.
  using AddProducts =
      function_ref<SmallVector<Value>(Value begin, Value end, ValueRange sums)>;
  void buildPieces(unsigned dim, int64_t length, int64_t rows, int64_t vectors,
                   ArrayRef<Value> masks, AddProducts addProducts);

  /// What a loop over a sum adds in a step: pairs of products, or single ones
  /// where making their factors takes registers. LLVM is told not to put more
  /// into a step, for addresses and masks take some too.
  enum class Steps { Pairs, Singles };
  /// `sums` with what `addStep` adds, step by step, at each index from
  /// `begin` to `end`: of a pair first the second, as x86's dot product of bf16
  /// pairs does, so that results have the same bits on all machines. `begin` is
  /// even, and so is `end` unless it is the end of the sum. `at` is in this
  /// order.
  using AddStep =
      function_ref<SmallVector<Value>(ArrayRef<Value> at, ValueRange sums)>;
  SmallVector<Value> buildPairs(Value begin, Value end, Steps steps,
                                ValueRange sums, AddStep addStep);

  /// What all of the tile's part of the result starts from, row by row.
  SmallVector<Value> getInits(int64_t rows, int64_t vectors,
                              ArrayRef<Value> masks);
  /// All of the tile's part of the result, row by row.
  SmallVector<Value> loadInits(int64_t rows, int64_t vectors,
                               ArrayRef<Value> masks);
  void storeInits(ValueRange values, int64_t rows, int64_t vectors,
                  ArrayRef<Value> masks);
  /// A vector of `type` from `source`, zeros where `mask`, if any, is false.
  Value load(VectorType type, Value source, ValueRange indices, Value mask);

  /// `panel` with its last two dimensions as one.
  Value mergeLastTwo(Value panel);
  /// Of factors in groups of elements, which are their last dimension, those
  /// that `dot` adds up: `groups` has one for each lane. The groups of the
  /// columns of vector `i` at `indices` of the panel with these merged.
  Value loadGroups(VectorType groups, Value panel, SmallVector<Value> indices,
                   int64_t i, Value mask);
  /// The group of a row at `indices` of its factor, in all lanes.
  Value broadcastGroup(VectorType groups, ValueRange indices);
  /// `acc` plus the products of each lane's elements.
  Value addDot(DotAttr dot, Value acc, Value x, Value y);

  /// The elements of a pair of vectors in the order in which `order` numbers
  /// them.
  SmallVector<Value> reorder(ArrayRef<Value> pair, ArrayRef<int64_t> order);
  /// The memref that `operand` is the start of, if that has `columns` columns
  /// at `position` of its dimensions: it can be read without masks.
  static Value getWhole(Value operand, int64_t position, int64_t columns);

  OpBuilder &b;
  ContractOp op;
  Location loc;
  const MatmulDims &dims;
  VectorType vector;
  /// The factor with the columns, the other one, and their maps, which are
  /// those of elements where a byte of the columns' factor holds two.
  Value columns, rows;
  AffineMap columnsMap, rowsMap;
  bool hasPairs;
  /// The columns' scale and its map, null if there is none.
  Value columnsScale;
  AffineMap columnsScaleMap;
  /// What elements of the result start from, if not from what its memory holds.
  Value init;
};

/// A loop over the sum that adds an outer product of f32 in every step; or null
/// if a factor is not f32 or has scales.
std::unique_ptr<RegisterTile> createFMATile(OpBuilder &b, ContractOp op,
                                            const MatmulDims &dims,
                                            int64_t lanes);

/// A loop over blocks, each with a loop over the sum that decodes the codes of
/// 8 bits of the columns and adds their outer product with the rows' f32; or
/// null if `op` has no such factors. See takeCodes in DecodeFactor.h.
std::unique_ptr<RegisterTile> createDecodingTile(OpBuilder &b, ContractOp op,
                                                 const MatmulDims &dims,
                                                 TargetAttr target);

/// A loop over groups of floats of 16 bits, which `dot` adds up as f32; or null
/// if `op` has not the form that mx-tile gives them for `dot`.
std::unique_ptr<RegisterTile> createFloatDotTile(OpBuilder &b, ContractOp op,
                                                 const MatmulDims &dims,
                                                 int64_t lanes, DotAttr dot);

/// A loop over blocks, each with a loop over groups of integers whose products
/// are added up as integers, by the target's dot product for them or, of pairs
/// of i16, by multiplications, then scaled and added to the result; or null if
/// `op` has not the form that mx-tile gives integers: see IntegerFactor.h.
std::unique_ptr<RegisterTile> createDotTile(OpBuilder &b, ContractOp op,
                                            const MatmulDims &dims,
                                            TargetAttr target);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_REGISTERTILE_H
