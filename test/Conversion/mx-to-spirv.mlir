// Kernels as SPIR-V, for Vulkan and for OpenCL: buffers, numbers, types that it lacks.

// RUN: mx-opt %s --split-input-file --convert-mx-to-spirv --verify-diagnostics | FileCheck %s

// A device that the module does not tell: Vulkan. Modules come in order, buffers are
// bound by their number, and each number is one of four bytes.
// CHECK: module attributes {spirv.target_env = #spirv.target_env<#spirv.vce<v1.3, [Shader, {{.*}}api=Vulkan
// CHECK-NOT: gpu.
// CHECK: spirv.module @{{.*}}scale Logical GLSL450
// CHECK-DAG: spirv.GlobalVariable @[[NUMBERS:.*]] : !spirv.ptr<!spirv.struct<(!spirv.array<2 x i32, stride=4> [0])>, PushConstant>
// CHECK-DAG: spirv.GlobalVariable @[[X:.*]] bind(0, 0) {aliased} : !spirv.ptr<!spirv.struct<(!spirv.rtarray<f32, stride=4> [0])>, StorageBuffer>
// CHECK-DAG: spirv.GlobalVariable @[[Y:.*]] bind(0, 1) {aliased} : !spirv.ptr<!spirv.struct<(!spirv.rtarray<i8, stride=1> [0])>, StorageBuffer>
// CHECK: spirv.func @scale()
// CHECK-DAG: %[[XADDRESS:.*]] = spirv.mlir.addressof @[[X]]
// CHECK-DAG: %[[YADDRESS:.*]] = spirv.mlir.addressof @[[Y]]
// CHECK: %[[FIRST:.*]] = spirv.AccessChain %{{.*}}[%cst0{{.*}}, %cst0{{.*}}] : {{.*}} -> !spirv.ptr<i32, PushConstant>
// CHECK: %[[N:.*]] = spirv.Load "PushConstant" %[[FIRST]] : i32
// CHECK: %[[SECOND:.*]] = spirv.AccessChain %{{.*}}[%cst0{{.*}}, %cst1{{.*}}] : {{.*}} -> !spirv.ptr<i32, PushConstant>
// CHECK: %[[S:.*]] = spirv.Load "PushConstant" %[[SECOND]] : i32
// CHECK: spirv.ULessThan %{{.*}}, %[[N]] : i32
// CHECK: %[[F:.*]] = spirv.Bitcast %[[S]] : i32 to f32
// CHECK: %[[PLACE:.*]] = spirv.AccessChain %[[XADDRESS]]
// CHECK: %[[V:.*]] = spirv.Load "StorageBuffer" %[[PLACE]] : f32
// No product and sum become one op: what a conversion rounds is rounded.
// CHECK: %[[P:.*]] = spirv.FMul %[[V]], %[[F]] {no_contraction} : f32
// CHECK: %[[SUM:.*]] = spirv.FAdd %[[P]], %[[F]] {no_contraction} : f32
// CHECK: %[[D:.*]] = spirv.FSub %[[SUM]], %[[V]] {no_contraction} : f32
// CHECK: spirv.ConvertFToS %[[D]]
// CHECK: %[[PLACE:.*]] = spirv.AccessChain %[[YADDRESS]]
// CHECK: spirv.Store "StorageBuffer" %[[PLACE]], %{{.*}} : i8
// CHECK: spirv.EntryPoint "GLCompute" @scale
// CHECK: spirv.ExecutionMode @scale "LocalSize", 64, 1, 1
// CHECK: spirv.module @{{.*}}shared Logical GLSL450
// CHECK-NOT: PushConstant
// CHECK: spirv.GlobalVariable @[[TILE:.*]] : !spirv.ptr<!spirv.struct<(!spirv.array<64 x f32>)>, Workgroup>
// CHECK: spirv.func @shared()
// CHECK: spirv.Store "Workgroup"
// CHECK: spirv.ControlBarrier <Workgroup>, <Workgroup>, <AcquireRelease|WorkgroupMemory>
// CHECK: spirv.Load "Workgroup"
// CHECK: spirv.GL.Fma
module attributes {gpu.container_module} {
  gpu.module @scale {
    gpu.func @scale(%x: memref<?xf32>, %y: memref<?xi8>, %n: i32, %s: i32) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %size = arith.index_cast %n : i32 to index
      %i = gpu.thread_id x
      %inside = arith.cmpi ult, %i, %size : index
      scf.if %inside {
        %f = arith.bitcast %s : i32 to f32
        %v = memref.load %x[%i] : memref<?xf32>
        %p = arith.mulf %v, %f : f32
        %sum = arith.addf %p, %f : f32
        %d = arith.subf %sum, %v : f32
        %code = arith.fptosi %d : f32 to i8
        memref.store %code, %y[%i] : memref<?xi8>
      }
      gpu.return
    }
  }
  gpu.module @shared {
    gpu.func @shared(%x: memref<?xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %c0 = arith.constant 0 : index
      %i = gpu.thread_id x
      %tile = memref.alloc() : memref<64xf32, #gpu.address_space<workgroup>>
      %v = memref.load %x[%i] : memref<?xf32>
      memref.store %v, %tile[%i] : memref<64xf32, #gpu.address_space<workgroup>>
      gpu.barrier
      %w = memref.load %tile[%c0] : memref<64xf32, #gpu.address_space<workgroup>>
      %f = math.fma %w, %w, %v : f32
      memref.store %f, %x[%i] : memref<?xf32>
      gpu.return
    }
  }
}

// -----

// The same for OpenCL: arguments of a kernel, in which no op contracts.
// CHECK: module attributes {spirv.target_env = {{.*}}api=OpenCL
// CHECK: spirv.module @{{.*}}scale Physical64 OpenCL
// CHECK-NOT: StorageBuffer
// CHECK-NOT: PushConstant
// CHECK: spirv.func @scale(%[[X:.*]]: !spirv.ptr<f32, CrossWorkgroup>, %[[Y:.*]]: !spirv.ptr<i8, CrossWorkgroup>, %[[N:.*]]: i32, %[[S:.*]]: i32)
// CHECK: %[[SIZE:.*]] = spirv.SConvert %[[N]] : i32 to i64
// CHECK: spirv.ULessThan %[[I:.*]], %[[SIZE]] : i64
// CHECK: spirv.Bitcast %[[S]] : i32 to f32
// CHECK: %[[PLACE:.*]] = spirv.PtrAccessChain %[[X]][%[[I]]]
// CHECK: spirv.Load "CrossWorkgroup" %[[PLACE]] : f32
// CHECK: spirv.PtrAccessChain %[[Y]][%[[I]]]
// CHECK: spirv.Store "CrossWorkgroup"
// CHECK-DAG: spirv.EntryPoint "Kernel" @scale
// CHECK-DAG: spirv.ExecutionMode @scale "ContractionOff"
// CHECK-DAG: spirv.ExecutionMode @scale "LocalSize", 64, 1, 1
// CHECK-NOT: SignedZeroInfNanPreserve
// CHECK: spirv.module @{{.*}}shared Physical64 OpenCL
// CHECK: spirv.GlobalVariable @{{.*}} : !spirv.ptr<!spirv.array<64 x f32>, Workgroup>
// CHECK: spirv.func @shared(%{{.*}}: !spirv.ptr<f32, CrossWorkgroup>)
// CHECK: spirv.ControlBarrier
// CHECK: spirv.CL.fma
module attributes {gpu.container_module, spirv.target_env = #spirv.target_env<#spirv.vce<v1.0, [Kernel, Addresses, Int8, Int16, Int64, Linkage, Float64], []>, api=OpenCL, #spirv.resource_limits<>>} {
  gpu.module @scale {
    gpu.func @scale(%x: memref<?xf32>, %y: memref<?xi8>, %n: i32, %s: i32) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %size = arith.index_cast %n : i32 to index
      %i = gpu.thread_id x
      %inside = arith.cmpi ult, %i, %size : index
      scf.if %inside {
        %f = arith.bitcast %s : i32 to f32
        %v = memref.load %x[%i] : memref<?xf32>
        %p = arith.mulf %v, %f : f32
        %sum = arith.addf %p, %f : f32
        %code = arith.fptosi %sum : f32 to i8
        memref.store %code, %y[%i] : memref<?xi8>
      }
      gpu.return
    }
  }
  gpu.module @shared {
    gpu.func @shared(%x: memref<?xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %c0 = arith.constant 0 : index
      %i = gpu.thread_id x
      %tile = memref.alloc() : memref<64xf32, #gpu.address_space<workgroup>>
      %v = memref.load %x[%i] : memref<?xf32>
      memref.store %v, %tile[%i] : memref<64xf32, #gpu.address_space<workgroup>>
      gpu.barrier
      %w = memref.load %tile[%c0] : memref<64xf32, #gpu.address_space<workgroup>>
      %f = math.fma %w, %w, %v : f32
      memref.store %f, %x[%i] : memref<?xf32>
      gpu.return
    }
  }
}

// -----

// Codes of 4 and 6 bits are shifted up and down again, without and with their sign; bf16
// is the upper half of f32, to which it rounds.
// CHECK-LABEL: spirv.func @codes
// CHECK-DAG: %[[C28:.*]] = spirv.Constant 28 : i32
// CHECK-DAG: %[[C26:.*]] = spirv.Constant 26 : i32
// CHECK-DAG: %[[C16:.*]] = spirv.Constant 16 : i32
// CHECK: %[[CODE:.*]] = spirv.Load "StorageBuffer" %{{.*}} : i8
// CHECK: %[[A:.*]] = spirv.UConvert %[[CODE]] : i8 to i32
// CHECK: %[[AUP:.*]] = spirv.ShiftLeftLogical %[[A]], %[[C28]]
// CHECK: spirv.ShiftRightLogical %[[AUP]], %[[C28]]
// CHECK: %[[B:.*]] = spirv.UConvert %[[CODE]] : i8 to i32
// CHECK: %[[BUP:.*]] = spirv.ShiftLeftLogical %[[B]], %[[C26]]
// CHECK: spirv.ShiftRightArithmetic %[[BUP]], %[[C26]]
// CHECK: %[[H:.*]] = spirv.Load "StorageBuffer" %{{.*}} : i16
// CHECK: %[[WIDE:.*]] = spirv.{{[SU]}}Convert %[[H]] : i16 to i32
// CHECK: %[[BITS:.*]] = spirv.ShiftLeftLogical %[[WIDE]], %[[C16]]
// CHECK: %[[V:.*]] = spirv.Bitcast %[[BITS]] : i32 to f32
// CHECK: %[[SUM:.*]] = spirv.FAdd %[[V]],
// CHECK: %[[IS_NAN:.*]] = spirv.FUnordNotEqual %[[SUM]], %[[SUM]]
// CHECK: spirv.IAdd
// CHECK: spirv.ShiftRightLogical %{{.*}}, %[[C16]]
// CHECK: %[[R:.*]] = spirv.Select %[[IS_NAN]], %{{.*}}, %{{.*}} : i1, i16
// CHECK: spirv.Store "StorageBuffer" %{{.*}}, %[[R]] : i16
module attributes {gpu.container_module} {
  gpu.module @codes {
    gpu.func @codes(%x: memref<?xi8>, %y: memref<?xi16>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.thread_id x
      %code = memref.load %x[%i] : memref<?xi8>
      %four = arith.trunci %code : i8 to i4
      %a = arith.extui %four : i4 to i32
      %six = arith.trunci %code : i8 to i6
      %b = arith.extsi %six : i6 to i32
      %ab = arith.addi %a, %b : i32
      %f = arith.sitofp %ab : i32 to f32
      %h = memref.load %y[%i] : memref<?xi16>
      %bf16 = arith.bitcast %h : i16 to bf16
      %v = arith.extf %bf16 : bf16 to f32
      %sum = arith.addf %v, %f : f32
      %round = arith.truncf %sum : f32 to bf16
      %r = arith.bitcast %round : bf16 to i16
      memref.store %r, %y[%i] : memref<?xi16>
      gpu.return
    }
  }
}

// -----

// Where a device can, NaN and infinity stay.
// CHECK: spirv.module @{{.*}} requires #spirv.vce<v1.0, [{{.*}}SignedZeroInfNanPreserve
// CHECK: spirv.ExecutionMode @preserved "SignedZeroInfNanPreserve", 32
module attributes {gpu.container_module, spirv.target_env = #spirv.target_env<#spirv.vce<v1.3, [Shader, SignedZeroInfNanPreserve], [SPV_KHR_storage_buffer_storage_class, SPV_KHR_float_controls]>, api=Vulkan, #spirv.resource_limits<>>} {
  gpu.module @preserved {
    gpu.func @preserved(%x: memref<?xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.thread_id x
      %v = memref.load %x[%i] : memref<?xf32>
      memref.store %v, %x[%i] : memref<?xf32>
      gpu.return
    }
  }
}

// -----

// A sum of four products of i8 is a dot product where the device has such, of the codes
// of a word.
// CHECK: spirv.module @{{.*}} requires #spirv.vce<v1.6, [{{.*}}DotProduct{{.*}}SPV_KHR_integer_dot_product
// CHECK-LABEL: spirv.func @dot
// CHECK: %[[WORD:.*]] = spirv.Load "StorageBuffer" %{{.*}} : i32
// CHECK: %[[CODE:.*]] = spirv.Load "StorageBuffer" %{{.*}} : i8
// CHECK-DAG: %[[X:.*]] = spirv.Bitcast %[[WORD]] : i32 to vector<4xi8>
// CHECK-DAG: %[[Y:.*]] = spirv.CompositeConstruct %[[CODE]], %[[CODE]], %[[CODE]], %[[CODE]]
// CHECK: %[[SUM:.*]] = spirv.SDot %[[X]], %[[Y]] : vector<4xi8> -> i32
// CHECK: spirv.Store "StorageBuffer" %{{.*}}, %[[SUM]] : i32
// Entry points list buffers since SPIR-V 1.4.
// CHECK: spirv.EntryPoint "GLCompute" @dot, @dot_arg_0, @dot_arg_1, @
module attributes {gpu.container_module, spirv.target_env = #spirv.target_env<#spirv.vce<v1.6, [Shader, Int8, StorageBuffer8BitAccess, DotProduct, DotProductInput4x8Bit], [SPV_KHR_storage_buffer_storage_class, SPV_KHR_8bit_storage, SPV_KHR_integer_dot_product]>, api=Vulkan, #spirv.resource_limits<>>} {
  gpu.module @dot {
    gpu.func @dot(%words: memref<?xi32>, %codes: memref<?xi8>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.thread_id x
      %word = memref.load %words[%i] : memref<?xi32>
      %code = memref.load %codes[%i] : memref<?xi8>
      %bits = vector.from_elements %word : vector<1xi32>
      %x = vector.bitcast %bits : vector<1xi32> to vector<4xi8>
      %y = vector.from_elements %code, %code, %code, %code : vector<4xi8>
      %xwide = arith.extsi %x : vector<4xi8> to vector<4xi32>
      %ywide = arith.extsi %y : vector<4xi8> to vector<4xi32>
      %products = arith.muli %xwide, %ywide : vector<4xi32>
      %sum = vector.reduction <add>, %products : vector<4xi32> into i32
      memref.store %sum, %words[%i] : memref<?xi32>
      gpu.return
    }
  }
}

// -----

// Elsewhere it is sums.
// CHECK-LABEL: spirv.func @sum
// CHECK-NOT: spirv.SDot
// CHECK: spirv.IMul %{{.*}} : vector<4xi32>
// CHECK-COUNT-3: spirv.IAdd %{{.*}} : i32
module attributes {gpu.container_module, spirv.target_env = #spirv.target_env<#spirv.vce<v1.3, [Shader, Int8, StorageBuffer8BitAccess], [SPV_KHR_storage_buffer_storage_class, SPV_KHR_8bit_storage]>, api=Vulkan, #spirv.resource_limits<>>} {
  gpu.module @sum {
    gpu.func @sum(%words: memref<?xi32>, %codes: memref<?xi8>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.thread_id x
      %word = memref.load %words[%i] : memref<?xi32>
      %code = memref.load %codes[%i] : memref<?xi8>
      %bits = vector.from_elements %word : vector<1xi32>
      %x = vector.bitcast %bits : vector<1xi32> to vector<4xi8>
      %y = vector.from_elements %code, %code, %code, %code : vector<4xi8>
      %xwide = arith.extsi %x : vector<4xi8> to vector<4xi32>
      %ywide = arith.extsi %y : vector<4xi8> to vector<4xi32>
      %products = arith.muli %xwide, %ywide : vector<4xi32>
      %sum = vector.reduction <add>, %products : vector<4xi32> into i32
      memref.store %sum, %words[%i] : memref<?xi32>
      gpu.return
    }
  }
}

// -----

module attributes {gpu.container_module} {
  gpu.module @unlowered {
    gpu.func @unlowered(%x: memref<?xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.thread_id x
      %v = memref.load %x[%i] : memref<?xf32>
      // expected-error@+1 {{failed to legalize operation 'math.erf'}}
      %e = math.erf %v : f32
      memref.store %e, %x[%i] : memref<?xf32>
      gpu.return
    }
  }
}
