// RUN: mx-opt %s --mx-quantize-matmul="weights=nvfp4 activations=mxfp8" 2>/dev/null | FileCheck %s --check-prefix=MIXED
// RUN: mx-opt %s --mx-quantize-matmul="weights=deepseek_fp8 which=weights" 2>/dev/null | FileCheck %s --check-prefix=WEIGHTS
// RUN: mx-opt %s --mx-quantize-matmul="weights=mxfp8 rule=rceil functions=^one" 2>/dev/null | FileCheck %s --check-prefix=FILTER
// RUN: mx-opt %s --mx-quantize-matmul="locations=here" 2>/dev/null | FileCheck %s --check-prefix=LOCATION
// RUN: mx-opt %s --mx-quantize-matmul="min-size=100000" 2>/dev/null | FileCheck %s --check-prefix=SIZE
// RUN: not mx-opt %s --mx-quantize-matmul="weights=fp8" 2>&1 | FileCheck %s --check-prefix=FORMAT
// RUN: not mx-opt %s --mx-quantize-matmul="rule=round" 2>&1 | FileCheck %s --check-prefix=RULE
// RUN: not mx-opt %s --mx-quantize-matmul="weights=mxfp4 rule=deepseek" 2>&1 | FileCheck %s --check-prefix=UNDEFINED
// RUN: not mx-opt %s --mx-quantize-matmul="which=some" 2>&1 | FileCheck %s --check-prefix=WHICH
// RUN: not mx-opt %s --mx-quantize-matmul="functions=(" 2>&1 | FileCheck %s --check-prefix=REGEX

// RUN: mx-opt %s --mx-quantize-matmul="functions=^one" 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: mx-opt %s --mx-quantize-matmul="weights=mxfp4 activations=none" 2>/dev/null | FileCheck %s --check-prefix=NONE
// RUN: not mx-opt %s --mx-quantize-matmul="weights=nvfp4 rule=ceil" 2>&1 | FileCheck %s --check-prefix=NVFP4
// RUN: not mx-opt %s --mx-quantize-matmul="activations=fp8" 2>&1 | FileCheck %s --check-prefix=ACTIVATIONS

// REMARK: remark: {{.*}}left alone: its function does not match the option functions
// NVFP4: error: mx-quantize-matmul: option rule: expected none with NVFP4, whose scales follow from its own formula, found ceil
// ACTIVATIONS: error: mx-quantize-matmul: option activations: expected one of mxfp8, {{.*}} or none, found 'fp8'

// NONE-LABEL: func.func @one
// NONE: mx.contract {{.*}} lhs({{.*}} : tensor<4x256xf32>) rhs({{.*}} : tensor<256x256xf4E2M1FN>, tensor<8x256xf8E8M0FNU>)
// MIXED-LABEL: func.func @one
// MIXED: mx.quantize {{.*}} global
// MIXED: mx.contract {{.*}} lhs({{.*}} : tensor<4x256xf8E4M3FN>, tensor<4x8xf8E8M0FNU>) rhs({{.*}} : tensor<256x256xf4E2M1FN>, tensor<16x256xf8E4M3FN>, tensor<f32>)
// WEIGHTS-LABEL: func.func @one
// WEIGHTS: mx.contract {{.*}} lhs({{.*}} tensor<4x2xf8E8M0FNU>) rhs({{.*}} tensor<2x2xf8E8M0FNU>)
// FILTER-LABEL: func.func @one
// FILTER: mx.quantize {{.*}} rule = {{ *}}rceil
// LOCATION-LABEL: func.func @one
// LOCATION-NOT: mx.contract
// SIZE-LABEL: func.func @one
// SIZE-NOT: mx.contract
func.func @one(%x: tensor<4x256xf32>, %z: tensor<4x256xf32>) -> tensor<4x256xf32> {
  %w = arith.constant dense<1.5> : tensor<256x256xf32>
  %0 = linalg.matmul ins(%x, %w : tensor<4x256xf32>, tensor<256x256xf32>) outs(%z : tensor<4x256xf32>) -> tensor<4x256xf32>
  return %0 : tensor<4x256xf32>
}

// WEIGHTS-LABEL: func.func @two
// WEIGHTS-NOT: mx.contract
// FILTER-LABEL: func.func @two
// FILTER-NOT: mx.contract
// LOCATION-LABEL: func.func @two
// LOCATION: mx.contract
func.func @two(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = linalg.matmul ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32> loc("here")
  return %0 : tensor<4x8xf32>
}

// An attribute's format beats every filter.
// FILTER-LABEL: func.func @forced
// FILTER: mx.contract {{.*}} rhs({{.*}} : tensor<64x8xf4E2M1FN>
// LOCATION-LABEL: func.func @forced
// LOCATION: mx.contract {{.*}} rhs({{.*}} : tensor<64x8xf4E2M1FN>
// SIZE-LABEL: func.func @forced
// SIZE: mx.contract {{.*}} rhs({{.*}} : tensor<64x8xf4E2M1FN>
// WEIGHTS-LABEL: func.func @forced
// WEIGHTS: mx.contract {{.*}} rhs({{.*}} : tensor<64x8xf4E2M1FN>
func.func @forced(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = linalg.matmul {mx.weights = #mx.format<mxfp4>} ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// "none" asks for nothing.
// FILTER-LABEL: func.func @none
// FILTER-NOT: mx.contract
// LOCATION-LABEL: func.func @none
// LOCATION-NOT: mx.contract
// SIZE-LABEL: func.func @none
// SIZE-NOT: mx.contract
// WEIGHTS-LABEL: func.func @none
// WEIGHTS-NOT: mx.contract
func.func @none(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = linalg.matmul {mx.activations = "none"} ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// FORMAT: error: mx-quantize-matmul: option weights: expected one of mxfp8, mxfp8_e5m2, mxfp6_e2m3, mxfp6_e3m2, mxfp4, mxint8, nvfp4, deepseek_fp8, found 'fp8'
// RULE: error: mx-quantize-matmul: option rule: expected one of floor, ceil, even, rceil, deepseek, tosa, found 'round'
// UNDEFINED: error: mx-quantize-matmul: option rule: rule deepseek is defined for e4m3 elements only
// WHICH: error: mx-quantize-matmul: option which: expected all or weights, found 'some'
// REGEX: error: mx-quantize-matmul: option functions: expected a regular expression, found '('
