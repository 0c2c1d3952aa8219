// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Passes that make a program a library: no allocation, no exit, no globals.
#ifndef MX_TRANSFORMS_LIBRARYPASSES_TD
#define MX_TRANSFORMS_LIBRARYPASSES_TD

include "mlir/Pass/PassBase.td"

def MXSetShapes : Pass<"mx-set-shapes", "::mlir::ModuleOp"> {
  let summary = "Give the arguments of a program fixed shapes";
  let description = [{
    Gives the arguments with dynamic extents of the public function their extents,
    one of `shapes` for each such argument in order, as 8x128, and simplifies what
    follows from them, the types of results included. A shape that is none of its
    argument's, too few shapes or too many are errors.

    ```mlir
    func.func @main(%x: tensor<?x4xf32>) -> tensor<4x?xf32>
    // becomes, with shapes=3x4,
    func.func @main(%x: tensor<3x4xf32>) -> tensor<4x3xf32>
    ```
  }];
  let options = [
    ListOption<"shapes", "shapes", "std::string",
               "Extents of each argument that has dynamic ones">];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def MXDeriveResultShapes
    : Pass<"mx-derive-result-shapes", "::mlir::ModuleOp"> {
  let summary = "Derive functions that compute the shapes of results";
  let description = [{
    For every public function on memrefs adds a function `NAME_shapes` of the
    same arguments that returns the extents of all results, in order. It reads
    no argument's elements, so their pointers may be null. A function that is
    derived keeps those checks (cf.assert) that need shapes alone.

    An extent that depends on the elements of an argument is an error. Small
    shape tensors should be on the stack before (promote-buffers-to-stack):
    what is stored there counts as known.

    A buffer that is returned again is cast to its own type, so that all results
    are different values for buffer-results-to-out-params, which comes next.

    ```mlir
    func.func @main(%x: memref<?x4xf32>) -> memref<?x4xf32>
    // brings
    func.func @main_shapes(%x: memref<?x4xf32>) -> (index, index) {
      %c0 = arith.constant 0 : index
      %dim = memref.dim %x, %c0 : memref<?x4xf32>
      %c4 = arith.constant 4 : index
      return %dim, %c4 : index, index
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def MXPlanMemory : Pass<"mx-plan-memory", "::mlir::ModuleOp"> {
  let summary = "Give every buffer a place in a workspace of the caller's";
  let description = [{
    Replaces every memref.alloc by a view of a last argument, the workspace:
    `memref<?xi8>`, of a size that follows from the arguments' shapes. Public
    functions always get one, others where they or what they call allocate. A
    function `NAME_workspace` of the other arguments returns the bytes that are
    needed; it reads no element of any argument, whose pointers may be null.

    Buffers that are not in use at the same time share a place if their sizes
    are equal as products of the same values. What is called gets the workspace
    from behind the buffers that are in use. Buffers in a parallel loop have a
    place per thread: as many as OpenMP has at most (omp_get_max_threads), told
    apart by omp_get_thread_num; with `openmp=false` one thread runs the loop and
    they have one place. A size that varies in a loop is replaced by its bound
    (ValueBoundsOpInterface).

    Every place starts at a multiple of 64 bytes from the workspace's start. Sizes
    are told exactly below 2^48 bytes; products that overflow are not below. The
    pass runs before buffers are deallocated, and an error names each buffer that
    has no place: one that a loop carries, that a function returns, whose size
    follows from data, or that stands in a parallel loop in a parallel loop.

    ```mlir
    func.func @main(%x: memref<?xf32>) {
      %a = memref.alloc(%n) : memref<?xf32>
    // becomes
    func.func @main(%x: memref<?xf32>, %workspace: memref<?xi8>) {
      %a = memref.view %workspace[%c0][%n] : memref<?xi8> to memref<?xf32>
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
  let options = [
    Option<"openMP", "openmp", "bool", "true",
           "Whether OpenMP's threads run parallel loops">];
}

def MXCheckDivisions : Pass<"mx-check-divisions", "::mlir::ModuleOp"> {
  let summary = "Fail where an integer division has no result";
  let description = [{
    Puts before each integer division or remainder in the LLVM dialect a check,
    as cf.assert is one there, that its divisor is not zero and, where numbers
    have a sign, that the quotient has a place in its type: in all elements of
    vectors. Processors end a program otherwise. Divisors that are constants
    other than 0 and -1 need no check.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def MXReturnErrors : Pass<"mx-return-errors", "::mlir::ModuleOp"> {
  let summary = "Return from failed assertions in place of ending the program";
  let description = [{
    Works on the LLVM dialect, where cf.assert is a block that calls puts and
    abort. Such a block now stores the address of its message through a pointer
    and leaves: a function returns, an iteration of an OpenMP loop ends. The
    pointer is a last argument of every function that can fail, of those that
    call it and of all public ones. The caller sets what it points to to null
    before; of several failures in parallel iterations one is kept.

    A caller looks at the pointer after each call that can fail, and after each
    omp.parallel with one inside, and leaves too; iterations of such a loop that
    begin after a failure do nothing. What an assertion guards is thus
    not executed, in its own function or in those that called it.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def MXBindConstants : Pass<"mx-bind-constants", "::mlir::ModuleOp"> {
  let summary = "Read large constants through a pointer to all of them";
  let description = [{
    Replaces, in the LLVM dialect, the address of every constant of the table
    `mx.constants` by an offset to a pointer: a last argument of the functions
    that use constants, of those that call them, and of all public ones. The
    constants then need no symbols, and one program can serve several copies.
    The offsets are multiples of 64 bytes, in the order of the table.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // MX_TRANSFORMS_LIBRARYPASSES_TD
