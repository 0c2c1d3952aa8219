# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Ways to look at a constant through ops that fold-weights follows."""

# Ops between a 6x72 constant %c and the quantized %v, with the shape of %v.
VIEWS = {
    "strided slice": (
        (3, 17),
        "%v = tensor.extract_slice %c[1, 3] [3, 17] [2, 4]"
        " : tensor<6x72xf32> to tensor<3x17xf32>",
    ),
    "row of a slice": (
        (17,),
        "%v = tensor.extract_slice %c[2, 3] [1, 17] [1, 4]"
        " : tensor<6x72xf32> to tensor<17xf32>",
    ),
    "reshape": (
        (3, 2, 8, 9),
        "%v = tensor.expand_shape %c [[0, 1], [2, 3]] output_shape [3, 2, 8, 9]"
        " : tensor<6x72xf32> into tensor<3x2x8x9xf32>",
    ),
    "reshape to a constant shape": (
        (3, 9, 16),
        """%shape = arith.constant dense<[3, 9, 16]> : tensor<3xi64>
  %v = tensor.reshape %c(%shape) : (tensor<6x72xf32>, tensor<3xi64>) -> tensor<3x9x16xf32>""",
    ),
    "reshaped transpose": (
        (8, 54),
        """%e = tensor.empty() : tensor<72x6xf32>
  %t = linalg.transpose ins(%c : tensor<6x72xf32>) outs(%e : tensor<72x6xf32>) permutation = [1, 0]
  %shape = arith.constant dense<[8, 54]> : tensor<2xi32>
  %v = tensor.reshape %t(%shape) : (tensor<72x6xf32>, tensor<2xi32>) -> tensor<8x54xf32>""",
    ),
    "reshaped columns": (
        (6, 1, 3, 4),
        """%p = tensor.extract_slice %c[0, 5] [6, 12] [1, 5] : tensor<6x72xf32> to tensor<6x12xf32>
  %shape = arith.constant dense<[6, 1, 3, 4]> : tensor<4xi64>
  %v = tensor.reshape %p(%shape) : (tensor<6x12xf32>, tensor<4xi64>) -> tensor<6x1x3x4xf32>""",
    ),
    "flattened transpose": (
        (432,),
        """%e = tensor.empty() : tensor<72x6xf32>
  %t = linalg.transpose ins(%c : tensor<6x72xf32>) outs(%e : tensor<72x6xf32>) permutation = [1, 0]
  %v = tensor.collapse_shape %t [[0, 1]] : tensor<72x6xf32> into tensor<432xf32>""",
    ),
    "flattened slice": (
        (12,),
        """%p = tensor.extract_slice %c[0, 0] [6, 2] [1, 1] : tensor<6x72xf32> to tensor<6x2xf32>
  %v = tensor.collapse_shape %p [[0, 1]] : tensor<6x2xf32> into tensor<12xf32>""",
    ),
    "broadcast": (
        (6, 5, 72),
        """%e = tensor.empty() : tensor<6x5x72xf32>
  %v = linalg.broadcast ins(%c : tensor<6x72xf32>) outs(%e : tensor<6x5x72xf32>) dimensions = [1]""",
    ),
    "unit dimension": (
        (6, 3),
        """%p = tensor.extract_slice %c[0, 7] [6, 1] [1, 1] : tensor<6x72xf32> to tensor<6x1xf32>
  %e = tensor.empty() : tensor<6x3xf32>
  %v = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, 0)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%p : tensor<6x1xf32>) outs(%e : tensor<6x3xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<6x3xf32>""",
    ),
    "rounded to f16": (
        (6, 72),
        """%h = arith.truncf %c : tensor<6x72xf32> to tensor<6x72xf16>
  %v = arith.extf %h : tensor<6x72xf16> to tensor<6x72xf32>""",
    ),
    "rounded to bf16": (
        (6, 72),
        """%e = tensor.empty() : tensor<6x72xf32>
  %v = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%c : tensor<6x72xf32>) outs(%e : tensor<6x72xf32>) {
  ^bb0(%in: f32, %out: f32):
    %h = arith.truncf %in : f32 to bf16
    %w = arith.extf %h : bf16 to f32
    linalg.yield %w : f32
  } -> tensor<6x72xf32>""",
    ),
}
