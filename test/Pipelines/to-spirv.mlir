// The passes of mx-to-spirv, in order, and a quantized layer as kernels and calls.

// RUN: mx-opt %s --mx-to-spirv --dump-pass-pipeline -o /dev/null 2>&1 | FileCheck %s --check-prefix=PASSES
// RUN: mx-run %s --weights=mxfp8 --target=vulkan --emit=mlir --dump-after=decompose | FileCheck %s --check-prefix=DECOMPOSE
// RUN: mx-run %s --weights=mxfp8 --target=vulkan --emit=mlir --dump-after=spirv | FileCheck %s --check-prefix=SPIRV
// RUN: mx-run %s --weights=mxfp8 --target=vulkan --emit=mlir | FileCheck %s --check-prefix=LLVM
// RUN: mx-opt %s --mx-to-spirv | FileCheck %s --check-prefix=F32

func.func @linear(%x: tensor<?x64xf32>) -> tensor<?x48xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<2.0> : tensor<48x64xf32>
  %n = tensor.dim %x, %c0 : tensor<?x64xf32>
  %y0 = tensor.empty(%n) : tensor<?x48xf32>
  %y1 = linalg.fill ins(%zero : f32) outs(%y0 : tensor<?x48xf32>) -> tensor<?x48xf32>
  %y = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
      ins(%x, %w : tensor<?x64xf32>, tensor<48x64xf32>) outs(%y1 : tensor<?x48xf32>) -> tensor<?x48xf32>
  return %y : tensor<?x48xf32>
}

// The product stays whole.
// DECOMPOSE: mx.contract {{.*}} {mx.register_tile} lhs({{.*}}tensor<?x64xf8E4M3FN>, {{.*}}) rhs({{.*}}tensor<48x64xf8E4M3FN>, {{.*}})
// DECOMPOSE-NOT: mx.quantize

// Weights are outside of the code, whatever their size: devices read them where the
// host has them. The host reads no number of a buffer, and waits once, at the end.
// SPIRV: memref.global constant @{{.*}} : memref<48x64xf8E4M3FN>
// SPIRV: memref.global constant @{{.*}} : memref<48x2xf8E8M0FNU>
// SPIRV-LABEL: func.func @linear
// SPIRV-NOT: mx_device_synchronize
// SPIRV: call @mx_contract(
// SPIRV: call @mx_device_synchronize()
// SPIRV-NEXT: return
// SPIRV-LABEL: func.func private @mx_contract(
// SPIRV-NOT: gpu.
// SPIRV: call @mx_device_launch(
// SPIRV-NOT: mx_device_synchronize
// SPIRV: spirv.module @{{.*}}mx_contract
// SPIRV-DAG: !spirv.struct<(!spirv.array<1 x i32, stride=4> [0])>, PushConstant>
// SPIRV-DAG: !spirv.struct<(!spirv.array<512 x f32>)>, Workgroup>
// SPIRV-DAG: bind(0, 0) {aliased} : !spirv.ptr<!spirv.struct<(!spirv.rtarray<f32,
// SPIRV-DAG: bind(0, 4) {aliased} : !spirv.ptr<!spirv.struct<(!spirv.rtarray<i8,
// SPIRV: spirv.func @mx_contract
// SPIRV-COUNT-2: spirv.ControlBarrier
// SPIRV: spirv.GL.Fma
// SPIRV: spirv.FMul {{.*}} {no_contraction} : f32
// SPIRV: spirv.EntryPoint "GLCompute" @mx_contract

// The program for the host: its memory is the device's, too.
// LLVM-NOT: spirv.module
// LLVM-DAG: llvm.func @_mlir_memref_to_llvm_alloc(i64) -> !llvm.ptr
// LLVM-DAG: llvm.func @mx_device_launch(i64, i64, i64, i64, i64, i64)
// LLVM: llvm.func @linear
// LLVM: llvm.call @_mlir_memref_to_llvm_alloc
// LLVM: llvm.call @mx_device_synchronize
// LLVM: llvm.func @mx_contract
// LLVM: llvm.call @mx_device_launch
// LLVM-NOT: spirv.module

// F32: func.func @linear
// F32: spirv.module @{{.*}}mx_contract
// F32-NOT: rtarray<i8
// F32: spirv.GL.Fma
// F32-NOT: spirv.FMul

// PASSES: builtin.module(
// PASSES-NEXT: mx-raise-extracts{{,?$}}
// PASSES-NEXT: mx-check-extents{{,?$}}
// PASSES-NEXT: mx-fit-windows{{,?$}}
// PASSES-NEXT: resolve-ranked-shaped-type-result-dims{
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: mx-check-sizes{{,?$}}
// PASSES-NEXT: convert-elementwise-to-linalg{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: linalg-fuse-elementwise-ops{{,?$}}
// PASSES-NEXT: linalg-fold-unit-extent-dims{
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-form-contract{{,?$}}
// PASSES-NEXT: mx-keep-contractions{{,?$}}
// PASSES-NEXT: mx-expand-blocks
// PASSES-NEXT: ),
// PASSES-NEXT: mx-decode-operands{{,?$}}
// PASSES-NEXT: mx-decompose{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: mx-pack-subbyte{{,?$}}
// PASSES-NEXT: linalg-generalize-named-ops{{,?$}}
// PASSES-NEXT: mx-interchange-loops{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: eliminate-empty-tensors{{,?$}}
// PASSES-NEXT: mx-check-bufferizable{{,?$}}
// PASSES-NEXT: one-shot-bufferize{{{.*}}bufferize-function-boundaries=true
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: drop-equivalent-buffer-results{{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: buffer-loop-hoisting
// PASSES-NEXT: ),
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-pad-panels
// PASSES-NEXT: ),
// PASSES-NEXT: expand-realloc{
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: ownership-based-buffer-deallocation{
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: buffer-deallocation-simplification{{,?$}}
// PASSES-NEXT: bufferization-lower-deallocations{{,?$}}
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: convert-bufferization-to-memref{{,?$}}
// PASSES-NEXT: mx-externalize-constants{threshold=4096}
// PASSES-NEXT: mx-externalize-constants{threshold=0}
// PASSES-NEXT: mx-outline-loops{{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-form-kernels
// PASSES-NEXT: ),
// PASSES-NEXT: func.func(
// PASSES-NEXT: convert-linalg-to-loops
// PASSES-NEXT: ),
// PASSES-NEXT: lower-affine{{,?$}}
// PASSES-NEXT: mx-widen-floats{f16=true}
// PASSES-NEXT: mx-expand-math{{,?$}}
// PASSES-NEXT: int-range-optimizations{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: loop-invariant-code-motion{{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-flatten-kernels
// PASSES-NEXT: ),
// PASSES-NEXT: mx-widen-floats{f16=true}
// PASSES-NEXT: mx-expand-narrow-floats{{,?$}}
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: gpu-launch-sink-index-computations{{,?$}}
// PASSES-NEXT: gpu-kernel-outlining{
// PASSES-NEXT: mx-call-kernels{{,?$}}
// PASSES-NEXT: convert-mx-to-spirv
// PASSES-NEXT: )
