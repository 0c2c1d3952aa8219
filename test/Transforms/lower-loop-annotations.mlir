// RUN: mx-opt %s --mx-annotate-loops --convert-scf-to-cf --convert-cf-to-llvm --convert-index-to-llvm --convert-func-to-llvm --reconcile-unrealized-casts --mx-lower-loop-annotations | FileCheck %s
// RUN: mx-opt %s --mx-annotate-loops --convert-scf-to-cf --convert-arith-to-llvm --convert-func-to-llvm --convert-cf-to-llvm --reconcile-unrealized-casts --mx-lower-loop-annotations | mx-translate --mlir-to-llvmir | FileCheck %s --check-prefix=IR

// CHECK: llvm.br ^{{.*}} {loop_annotation = #
// CHECK-NOT: llvm.loop_annotation =
// IR: br label %{{.*}}, !llvm.loop
// IR: !"llvm.loop.unroll.disable"
func.func private @use(index)
func.func @loop() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  scf.for %i = %c0 to %c16 step %c1 {
    func.call @use(%i) : (index) -> ()
  }
  return
}
