// RUN: mx-opt %s --mx-quantize-embeddings=min-size=64 --split-input-file | FileCheck %s
// RUN: mx-opt %s --mx-quantize-embeddings=min-size=64 --split-input-file -o %t 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: mx-opt %s --mx-quantize-embeddings="min-size=64 format=mxfp4" --mx-fold-weights --mx-decompose --mx-pack-subbyte --canonicalize --split-input-file | FileCheck %s --check-prefix=PACKED
// RUN: mx-opt %s --mx-quantize-embeddings="min-size=64 format=nvfp4" --split-input-file | FileCheck %s --check-prefix=LEVELS
// RUN: mx-opt %s --mx-quantize-embeddings=min-size=4096 --split-input-file | FileCheck %s --check-prefix=SMALL
// RUN: not mx-opt %s --mx-quantize-embeddings=format=fp8 --split-input-file 2>&1 | FileCheck %s --check-prefix=FORMAT

// FORMAT: error: mx-quantize-embeddings: option format: expected one of mxfp8, {{.*}}, found 'fp8'

// A gather of rows, whose indices come from the input: of elements, of scales,
// and what they mean.
// CHECK-LABEL: func.func @gather(
// CHECK-SAME: %[[IDS:.*]]: tensor<?xi64>
// CHECK: %[[Q:.*]]:2 = mx.quantize
// CHECK-SAME: tensor<8x40xf8E4M3FN>, tensor<8x2xf8E8M0FNU>
// CHECK: %[[E:.*]] = linalg.generic {{.*}} ins(%[[IDS]] : tensor<?xi64>) outs({{.*}} : tensor<?x40xf8E4M3FN>)
// CHECK: tensor.extract %[[Q]]#0[
// CHECK: %[[T:.*]] = linalg.generic {{.*}} ins(%[[IDS]] : tensor<?xi64>) outs({{.*}} : tensor<?x2xf8E8M0FNU>)
// CHECK: tensor.extract %[[Q]]#1[
// CHECK: %[[D:.*]] = mx.dequantize scale_maps = [#{{.*}}] ins(%[[E]] scaled %[[T]]
// CHECK: return %[[D]]
// REMARK: remark: rows quantized to mxfp8

// Bytes are gathered, and unpacked after that.
// PACKED-LABEL: func.func @gather(
// PACKED-NOT: tensor<8x40xi8>
// PACKED: linalg.generic {{.*}} ins(%{{.*}} : tensor<?xi64>) outs(%{{.*}} : tensor<?x20xi8>)
// PACKED-NOT: tensor<8x40xi8>

// LEVELS-LABEL: func.func @gather(
// LEVELS: mx.dequantize scale_maps = [#{{.*}}, #{{.*}}] ins({{.*}} : tensor<?x40xf4E2M1FN>, tensor<?x3xf8E4M3FN>, tensor<f32>)

// SMALL-NOT: mx.quantize
func.func @gather(%ids: tensor<?xi64>, %out: tensor<?x40xf32>) -> tensor<?x40xf32> {
  %table = arith.constant dense<1.5> : tensor<8x40xf32>
  %y = linalg.generic {
      indexing_maps = [affine_map<(i, k) -> (i)>, affine_map<(i, k) -> (i, k)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%ids : tensor<?xi64>) outs(%out : tensor<?x40xf32>) {
  ^bb0(%id: i64, %o: f32):
    %i = arith.index_cast %id : i64 to index
    %k = linalg.index 1 : index
    %x = tensor.extract %table[%i, %k] : tensor<8x40xf32>
    linalg.yield %x : f32
  } -> tensor<?x40xf32>
  return %y : tensor<?x40xf32>
}

// -----

// As many rows as the program says. Rows at constant places are a constant.
// CHECK-LABEL: func.func @slice(
// CHECK: %[[Q:.*]]:2 = mx.quantize
// CHECK: %[[E:.*]] = tensor.extract_slice %[[Q]]#0[2, 0] [%[[N:.*]], 40] [1, 1]
// CHECK: %[[T:.*]] = tensor.extract_slice %[[Q]]#1[2, 0] [%[[N]], 2] [1, 1]
// CHECK: mx.dequantize {{.*}} ins(%[[E]] scaled %[[T]]
// CHECK: tensor.extract_slice %{{.*}}[1, 0] [3, 40] [1, 1] : tensor<8x40xf32>
func.func @slice(%n: index) -> (tensor<?x40xf32>, tensor<3x40xf32>) {
  %table = arith.constant dense<1.5> : tensor<8x40xf32>
  %x = tensor.extract_slice %table[2, 0] [%n, 40] [1, 1] : tensor<8x40xf32> to tensor<?x40xf32>
  %y = tensor.extract_slice %table[1, 0] [3, 40] [1, 1] : tensor<8x40xf32> to tensor<3x40xf32>
  return %x, %y : tensor<?x40xf32>, tensor<3x40xf32>
}

// -----

// Columns of a table are no rows; nor is a diagonal, or what is computed of rows.
// CHECK-LABEL: func.func @others(
// CHECK-NOT: mx.quantize
// REMARK: remark: left alone: it does not give whole rows of the constant
// REMARK: remark: left alone: it does not give whole rows of the constant
// REMARK: remark: left alone: it does not give whole rows of the constant
#in = affine_map<(i, k) -> (i)>
#out = affine_map<(i, k) -> (i, k)>
func.func @others(%ids: tensor<?xi64>, %out: tensor<?x40xf32>)
    -> (tensor<?x40xf32>, tensor<?x40xf32>, tensor<?x40xf32>) {
  %table = arith.constant dense<1.5> : tensor<40x40xf32>
  %columns = linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "parallel"]}
      ins(%ids : tensor<?xi64>) outs(%out : tensor<?x40xf32>) {
  ^bb0(%id: i64, %o: f32):
    %i = arith.index_cast %id : i64 to index
    %k = linalg.index 1 : index
    %x = tensor.extract %table[%k, %i] : tensor<40x40xf32>
    linalg.yield %x : f32
  } -> tensor<?x40xf32>
  %diagonal = linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "parallel"]}
      ins(%ids : tensor<?xi64>) outs(%out : tensor<?x40xf32>) {
  ^bb0(%id: i64, %o: f32):
    %k = linalg.index 1 : index
    %x = tensor.extract %table[%k, %k] : tensor<40x40xf32>
    linalg.yield %x : f32
  } -> tensor<?x40xf32>
  %doubled = linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "parallel"]}
      ins(%ids : tensor<?xi64>) outs(%out : tensor<?x40xf32>) {
  ^bb0(%id: i64, %o: f32):
    %i = arith.index_cast %id : i64 to index
    %k = linalg.index 1 : index
    %x = tensor.extract %table[%i, %k] : tensor<40x40xf32>
    %y = arith.addf %x, %x : f32
    linalg.yield %y : f32
  } -> tensor<?x40xf32>
  return %columns, %diagonal, %doubled : tensor<?x40xf32>, tensor<?x40xf32>, tensor<?x40xf32>
}

// -----

// Rows of f16 are dequantized to f16.
// CHECK-LABEL: func.func @f16(
// CHECK: %[[Q:.*]]:2 = mx.quantize {{.*}} ins(%{{.*}} : tensor<8x40xf16>)
// CHECK: tensor.extract_slice %[[Q]]#0
// CHECK: mx.dequantize {{.*}} outs(%{{.*}} : tensor<?x40xf16>) -> tensor<?x40xf16>
func.func @f16(%n: index) -> tensor<?x40xf16> {
  %table = arith.constant dense<1.5> : tensor<8x40xf16>
  %x = tensor.extract_slice %table[2, 0] [%n, 40] [1, 1] : tensor<8x40xf16> to tensor<?x40xf16>
  return %x : tensor<?x40xf16>
}
