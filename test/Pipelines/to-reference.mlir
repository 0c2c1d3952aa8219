// The passes of mx-to-reference, in order, and a quantized layer after each stage.

// RUN: mx-opt %s --mx-to-reference --dump-pass-pipeline -o /dev/null 2>&1 | FileCheck %s --check-prefix=PASSES
// RUN: mx-run %s --target=reference --weights=mxfp8 --emit=mlir --dump-after=decompose | FileCheck %s --check-prefix=DECOMPOSE
// RUN: mx-run %s --target=reference --weights=mxfp8 --emit=mlir --dump-after=bufferize | FileCheck %s --check-prefix=BUFFERIZE
// RUN: mx-run %s --target=reference --weights=mxfp8 --emit=mlir | FileCheck %s --check-prefix=LLVM
// RUN: mx-opt %s --mx-to-reference | FileCheck %s --check-prefix=LLVM

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

// The sum of a block's products, then its scales: the definition as it stands.
// DECOMPOSE-LABEL: func.func @linear
// DECOMPOSE-NOT: mx.
// DECOMPOSE: scf.for %{{.*}} = %c0 to %c64 step %c32 iter_args(%[[ACC:.*]] = %{{.*}})
// DECOMPOSE: %[[ZERO:.*]] = linalg.fill
// DECOMPOSE: %[[SUM:.*]] = linalg.generic {{{.*}}iterator_types = ["parallel", "parallel", "reduction"]} ins(%{{.*}}, %{{.*}} : tensor<?x32xf8E4M3FN>, tensor<48x32xf8E4M3FN>) outs(%[[ZERO]]
// DECOMPOSE: linalg.generic {{.*}} ins(%[[SUM]], %{{.*}}, %{{.*}} : tensor<?x48xf32>, tensor<?x1xf8E8M0FNU>, tensor<48x1xf8E8M0FNU>) outs(%[[ACC]]
// DECOMPOSE-NOT: mx.

// Equal ops are one function: zeros of either use are filled by one.
// BUFFERIZE-LABEL: func.func @linear
// BUFFERIZE-NOT: {{^[^"]*}}tensor<
// BUFFERIZE: call @[[FILL:[a-z_0-9]+]](%[[Y:.*]]) : (memref<?x48xf32>) -> ()
// BUFFERIZE: scf.for
// BUFFERIZE: func.call @[[FILL]](%{{.*}}) : (memref<?x48xf32>) -> ()
// BUFFERIZE: return %[[Y]] : memref<?x48xf32>

// LLVM-NOT: unrealized_conversion_cast
// LLVM: llvm.func @linear({{.*}}!llvm.ptr
// LLVM-NOT: unrealized_conversion_cast

// PASSES: builtin.module(
// PASSES-NEXT: mx-check-extents{{,?$}}
// PASSES-NEXT: mx-fit-windows{{,?$}}
// PASSES-NEXT: resolve-ranked-shaped-type-result-dims{
// PASSES-NEXT: canonicalize{{.*$}}
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: mx-check-sizes{{,?$}}
// PASSES-NEXT: convert-elementwise-to-linalg{{,?$}}
// PASSES-NEXT: mx-decompose{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: mx-pack-subbyte{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: eliminate-empty-tensors{{,?$}}
// PASSES-NEXT: mx-check-bufferizable{{,?$}}
// PASSES-NEXT: one-shot-bufferize{{{.*}}bufferize-function-boundaries=true
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: drop-equivalent-buffer-results{{.*$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: buffer-loop-hoisting{{,?$}}
// PASSES-NEXT: ),
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-pad-panels{{ ?$}}
// PASSES-NEXT: )
// PASSES-NEXT: expand-realloc{
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: ownership-based-buffer-deallocation{
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: buffer-deallocation-simplification{{,?$}}
// PASSES-NEXT: bufferization-lower-deallocations{{,?$}}
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: convert-bufferization-to-memref{{,?$}}
// PASSES-NEXT: mx-externalize-constants{{{.*}}threshold=4096
// PASSES-NEXT: mx-outline-loops{{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-lower-memref-copy{{,?$}}
// PASSES-NEXT: convert-linalg-to-loops{{,?$}}
// PASSES-NEXT: mx-annotate-loops{{,?$}}
// PASSES-NEXT: mx-lower-dynamic-expand-shape{{,?$}}
// PASSES-NEXT: )
// PASSES-NEXT: memref-expand{{,?$}}
// PASSES-NEXT: expand-strided-metadata{{,?$}}
// PASSES-NEXT: lower-affine{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: loop-invariant-code-motion{{,?$}}
// PASSES-NEXT: mx-widen-floats{f16=false}
// PASSES-NEXT: mx-expand-math{{,?$}}
// PASSES-NEXT: mx-expand-narrow-floats{{,?$}}
// PASSES-NEXT: mx-lower-min-max{{,?$}}
// PASSES-NEXT: arith-expand{{{.*}}include-bf16=true{{.*}}include-f8e8m0=false
// PASSES-NEXT: convert-scf-to-cf{
// PASSES-NEXT: convert-vector-to-llvm{
// PASSES-NEXT: convert-math-to-llvm{
// PASSES-NEXT: convert-math-to-libm{{,?$}}
// PASSES-NEXT: convert-arith-to-llvm{
// PASSES-NEXT: convert-index-to-llvm{
// PASSES-NEXT: finalize-memref-to-llvm{
// PASSES-NEXT: convert-cf-to-llvm{
// PASSES-NEXT: convert-ub-to-llvm{
// PASSES-NEXT: convert-func-to-llvm{
// PASSES-NEXT: convert-openmp-to-llvm{{,?$}}
// PASSES-NEXT: reconcile-unrealized-casts{{,?$}}
// PASSES-NEXT: mx-check-allocations{{,?$}}
// PASSES-NEXT: mx-lower-loop-annotations{{,?$}}
// PASSES-NEXT: mx-lower-bf16-accesses{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: mx-check-divisions{{,?$}}
// PASSES-NEXT: )
