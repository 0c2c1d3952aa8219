// What is given to an accelerator, in which form, and why other things are not.

// RUN: mx-opt %s --mx-offload --canonicalize --cse --split-input-file --verify-diagnostics | FileCheck %s

#order = #mx.scale_layout<(r, c) -> (r mod 2, r floordiv 2, c), pad = 127, container = i8>
#mma = #mx.mma<rows = 4, columns = 4, depth = 32, elements = [f8E4M3FN, f4E2M1FN, i8], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 16>
#npu = #mx.accelerator<memory = 65536, alignment = 16, accumulators = 8, bandwidth = 16, latency = 200, mmas = [#mma]>
#mk = affine_map<(m, n, k) -> (m, k)>
#mb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
module attributes {mx.accelerator = #npu} {
  // The constant has the accelerator's order; the other operand gets it, with a bound for
  // rows that are not there. Of 8 accumulators, 4 are summed up: 2 x 2 tiles at once.
  // CHECK-DAG: func.func private @mx_accelerator_mma(index, index, index, index, index, index, index, index, index)
  // CHECK-LABEL: func.func @rows
  // CHECK-SAME: (%[[X:.*]]: tensor<?x64xf8E4M3FN>, %[[XS:.*]]: tensor<?x2xf8E8M0FNU>, %[[C:.*]]: tensor<?x8xf32>)
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}> : tensor<1x2x2x4x32xf8E4M3FN>
  // CHECK-DAG: %[[WS:.*]] = arith.constant dense<{{\[\[\[\[\[}}112, 116], [114, 118]], {{\[\[}}113, 117], [115, 119]]], {{\[\[\[}}120, 124], [122, 126]], {{\[\[}}121, 125], [123, 127]]]]]> : tensor<1x2x2x2x2xi8>
  // CHECK: %[[T:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<1x?x2x4x32xf8E4M3FN>)
  // CHECK: tensor.extract %[[X]]
  // CHECK: %[[TS:.*]] = mx.pack_scales layout = <(d0, d1, d2) -> (d0, d1 floordiv 4, d2, d1 mod 2, (d1 floordiv 2) mod 2), pad = 127, container = i8> {{.*}} -> tensor<1x?x2x2x2xi8>
  // CHECK: call @mx_accelerator_at(%c0)
  // CHECK: call @offload(%[[T]], %[[TS]], %[[W]], %[[WS]], %[[SUMS:.*]]) :
  // CHECK: %[[Y:.*]] = bufferization.to_tensor %[[SUMS]] restrict writable : memref<1x?x2x4x4xf32>
  // CHECK: linalg.generic
  // CHECK: tensor.extract %[[Y]]
  // CHECK: arith.addf
  func.func @rows(%x: tensor<?x64xf8E4M3FN>, %xs: tensor<?x2xf8E8M0FNU>, %c: tensor<?x8xf32>) -> tensor<?x8xf32> {
    %w = arith.constant dense<"0x0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F700102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F700102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F700102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F700102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F40"> : tensor<8x64xf8E4M3FN>
    %ws = arith.constant dense<"0x707172737475767778797A7B7C7D7E7F"> : tensor<8x2xf8E8M0FNU>
    // expected-remark@+1 {{given to the accelerator}}
    %y = mx.contract indexing_maps = [#mk, #mb, #nk, #nb, #mn]
        lhs(%x scaled %xs : tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>)
        rhs(%w scaled %ws : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>)
        outs(%c : tensor<?x8xf32>) -> tensor<?x8xf32>
    return %y : tensor<?x8xf32>
  }
  // The next step is copied before this one is multiplied; a block is stored behind that.
  // CHECK-LABEL: func.func private @offload
  // CHECK: call @mx_accelerator_wait
  // CHECK: call @mx_accelerator_load
  // CHECK: call @mx_accelerator_record
  // CHECK: scf.for
  // CHECK: scf.if
  // CHECK: func.call @mx_accelerator_load
  // CHECK: func.call @mx_accelerator_wait
  // CHECK: func.call @mx_accelerator_mma
  // CHECK: func.call @mx_accelerator_record
  // CHECK: scf.if
  // CHECK: func.call @mx_accelerator_store
  // CHECK: func.call @mx_accelerator_store
  // CHECK: func.call @mx_accelerator_synchronize
}

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
#mma = #mx.mma<rows = 16, columns = 16, depth = 32, elements = [f8E4M3FN, i8], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 16>
#npu = #mx.accelerator<memory = 65536, alignment = 16, accumulators = 8, bandwidth = 16, latency = 200, mmas = [#mma]>
#mk = affine_map<(m, n, k) -> (m, k)>
#mb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#mb16 = affine_map<(m, n, k) -> (m, k floordiv 16)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
module attributes {mx.accelerator = #npu} {
  // CHECK-LABEL: func.func @reasons
  // CHECK-NOT: call
  func.func @reasons(%a: tensor<8x64xf8E4M3FN>, %as: tensor<8x2xf8E8M0FNU>, %as16: tensor<8x4xf8E8M0FNU>, %bf: tensor<8x64xf8E5M2>, %i: tensor<8x64xi8>, %f: tensor<8x2xf32>,
                     %k: tensor<8x?xf8E4M3FN>, %ks: tensor<8x?xf8E8M0FNU>, %c: tensor<8x8xf32>, %h: tensor<8x8xf16>) -> (tensor<8x8xf32>, tensor<8x8xf16>) {
    // expected-remark@+1 {{stays on the host: it has no product of f8E5M2}}
    %0 = mx.contract indexing_maps = [#mk, #mb, #nk, #nb, #mn] lhs(%bf scaled %as : tensor<8x64xf8E5M2>, tensor<8x2xf8E8M0FNU>) rhs(%a scaled %as : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) outs(%c : tensor<8x8xf32>) -> tensor<8x8xf32>
    // expected-remark@+1 {{stays on the host: it has no product of i8}}
    %1 = mx.contract indexing_maps = [#mk, #mb, #nk, #nb, #mn] lhs(%i scaled %as : tensor<8x64xi8>, tensor<8x2xf8E8M0FNU>) rhs(%a scaled %as : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) outs(%0 : tensor<8x8xf32>) -> tensor<8x8xf32>
    // expected-remark@+1 {{stays on the host: its blocks are no multiple of 32 elements along the sum}}
    %2 = mx.contract indexing_maps = [#mk, #mb16, #nk, #nb, #mn] lhs(%a scaled %as16 : tensor<8x64xf8E4M3FN>, tensor<8x4xf8E8M0FNU>) rhs(%a scaled %as : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) outs(%1 : tensor<8x8xf32>) -> tensor<8x8xf32>
    // expected-remark@+1 {{stays on the host: its scales are f32}}
    %3 = mx.contract indexing_maps = [#mk, #mb, #nk, #nb, #mn] lhs(%a scaled %f : tensor<8x64xf8E4M3FN>, tensor<8x2xf32>) rhs(%a scaled %as : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) outs(%2 : tensor<8x8xf32>) -> tensor<8x8xf32>
    // expected-remark@+1 {{stays on the host: an operand has no scales}}
    %4 = mx.contract indexing_maps = [#mk, #nk, #nb, #mn] lhs(%a : tensor<8x64xf8E4M3FN>) rhs(%a scaled %as : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) outs(%3 : tensor<8x8xf32>) -> tensor<8x8xf32>
    // expected-remark@+1 {{stays on the host: an operand has two levels of scales}}
    %5 = mx.contract indexing_maps = [#mk, #mb, #mb, #nk, #nb, #mn] lhs(%a scaled %as, %as : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>, tensor<8x2xf8E8M0FNU>) rhs(%a scaled %as : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) outs(%4 : tensor<8x8xf32>) -> tensor<8x8xf32>
    // expected-remark@+1 {{stays on the host: the length of its sums is not known}}
    %6 = mx.contract indexing_maps = [#mk, #mb, #nk, #nb, #mn] lhs(%k scaled %ks : tensor<8x?xf8E4M3FN>, tensor<8x?xf8E8M0FNU>) rhs(%k scaled %ks : tensor<8x?xf8E4M3FN>, tensor<8x?xf8E8M0FNU>) outs(%5 : tensor<8x8xf32>) -> tensor<8x8xf32>
    // expected-remark@+1 {{stays on the host: its result is not f32}}
    %7 = mx.contract indexing_maps = [#mk, #mb, #nk, #nb, #mn] lhs(%a scaled %as : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) rhs(%a scaled %as : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) outs(%h : tensor<8x8xf16>) -> tensor<8x8xf16>
    return %6, %7 : tensor<8x8xf32>, tensor<8x8xf16>
  }
  // CHECK-LABEL: func.func @more
  // CHECK-NOT: call
  func.func @more(%a: tensor<8x64xf8E4M3FN>, %as: tensor<8x2xf8E8M0FNU>, %b: tensor<3x8x8xf32>, %c: tensor<8x8xf32>) -> (tensor<3x8x8xf32>, tensor<8x8xf32>) {
    // expected-remark@+1 {{stays on the host: its result has a dimension that no operand has}}
    %0 = mx.contract indexing_maps = [affine_map<(m, n, k, b) -> (m, k)>, affine_map<(m, n, k, b) -> (m, k floordiv 32)>, affine_map<(m, n, k, b) -> (n, k)>, affine_map<(m, n, k, b) -> (n, k floordiv 32)>, affine_map<(m, n, k, b) -> (b, m, n)>]
        lhs(%a scaled %as : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) rhs(%a scaled %as : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) outs(%b : tensor<3x8x8xf32>) -> tensor<3x8x8xf32>
    %1 = scf.forall (%i) in (1) shared_outs(%o = %c) -> tensor<8x8xf32> {
      // expected-remark@+1 {{stays on the host: several threads would use the accelerator}}
      %2 = mx.contract indexing_maps = [#mk, #mb, #nk, #nb, #mn] lhs(%a scaled %as : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) rhs(%a scaled %as : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) outs(%o : tensor<8x8xf32>) -> tensor<8x8xf32>
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %2 into %o[0, 0] [8, 8] [1, 1] : tensor<8x8xf32> into tensor<8x8xf32>
      }
    }
    return %0, %1 : tensor<3x8x8xf32>, tensor<8x8xf32>
  }
}

// -----

#order = #mx.scale_layout<(r, c) -> (r mod 2, r floordiv 2, c), pad = 127, container = i8>
#mma = #mx.mma<rows = 4, columns = 4, depth = 64, elements = [f8E4M3FN], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 16>
#npu = #mx.accelerator<memory = 65536, alignment = 16, accumulators = 8, bandwidth = 16, latency = 200, mmas = [#mma]>
#mk = affine_map<(m, n, k) -> (m, k)>
#mb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// The host quantizes in tiles. Rows of a tile are two digits, of which the scales have the
// other one first, as the order tells.
// CHECK: #[[$SCALES:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d4, d3, d5)>
module attributes {mx.accelerator = #npu} {
  // CHECK-LABEL: func.func @quantize
  // CHECK-SAME: (%[[X:.*]]: tensor<?x100xf32>
  // CHECK: %[[TILES:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<1x?x2x2x2x2x32xf32>)
  // CHECK: tensor.extract %[[X]]
  // CHECK: %[[Q:.*]]:2 = mx.quantize scale_map = #[[$SCALES]] rule = floor ins(%[[TILES]] : {{.*}} -> tensor<1x?x2x2x2x2x32xf8E4M3FN>, tensor<1x?x2x2x2x2xf8E8M0FNU>
  // CHECK: call @offload(%[[Q]]#0, %[[Q]]#1,
  func.func @quantize(%x: tensor<?x100xf32>, %w: tensor<8x100xf8E4M3FN>, %ws: tensor<8x4xf8E8M0FNU>, %c: tensor<?x8xf32>) -> tensor<?x8xf32> {
    %c0 = arith.constant 0 : index
    %m = tensor.dim %x, %c0 : tensor<?x100xf32>
    %q0 = tensor.empty(%m) : tensor<?x100xf8E4M3FN>
    %s0 = tensor.empty(%m) : tensor<?x4xf8E8M0FNU>
    %q, %s = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor ins(%x : tensor<?x100xf32>) outs(%q0, %s0 : tensor<?x100xf8E4M3FN>, tensor<?x4xf8E8M0FNU>) -> tensor<?x100xf8E4M3FN>, tensor<?x4xf8E8M0FNU>
    // expected-remark@+1 {{given to the accelerator}}
    %y = mx.contract indexing_maps = [#mk, #mb, #nk, #nb, #mn] lhs(%q scaled %s : tensor<?x100xf8E4M3FN>, tensor<?x4xf8E8M0FNU>) rhs(%w scaled %ws : tensor<8x100xf8E4M3FN>, tensor<8x4xf8E8M0FNU>) outs(%c : tensor<?x8xf32>) -> tensor<?x8xf32>
    return %y : tensor<?x8xf32>
  }
}

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
#mma = #mx.mma<rows = 4, columns = 4, depth = 32, elements = [f8E4M3FN], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 16>
#npu = #mx.accelerator<memory = 65536, alignment = 16, accumulators = 8, bandwidth = 16, latency = 200, storage = 288, quantize = [floor, even], mmas = [#mma]>
#mk = affine_map<(m, n, k) -> (m, k)>
#mb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
module attributes {mx.accelerator = #npu} {
  // The accelerator quantizes as it copies, by the rules that it has. Its storage has room
  // for one of both constants.
  // CHECK-LABEL: func.func @abilities
  // CHECK-SAME: (%[[X:.*]]: tensor<?x64xf32>
  // CHECK: call @[[STORED:.*]](%[[X]], %{{.*}}) : (tensor<?x64xf32>, index, tensor<1x1x2x4x32xf8E4M3FN>, tensor<1x1x2x4xi8>, memref<1x?x1x4x4xf32>) -> ()
  // CHECK: mx.quantize {{.*}} rule = ceil
  // CHECK: call @[[COPIED:.*]](%{{.*}}) : (tensor<1x?x2x4x1x32xf8E4M3FN>, tensor<1x?x2x4xf8E8M0FNU>, tensor<1x1x2x4x32xf8E4M3FN>, tensor<1x1x2x4xi8>, memref<1x?x1x4x4xf32>) -> ()
  func.func @abilities(%x: tensor<?x64xf32>, %c: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %w = arith.constant dense<"0x0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20"> : tensor<4x64xf8E4M3FN>
    %v = arith.constant dense<"0x0708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20212223242526"> : tensor<4x64xf8E4M3FN>
    %ws = arith.constant dense<"0x7071727374757677"> : tensor<4x2xf8E8M0FNU>
    %c0 = arith.constant 0 : index
    %m = tensor.dim %x, %c0 : tensor<?x64xf32>
    %q0 = tensor.empty(%m) : tensor<?x64xf8E4M3FN>
    %s0 = tensor.empty(%m) : tensor<?x2xf8E8M0FNU>
    %q, %s = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = even ins(%x : tensor<?x64xf32>) outs(%q0, %s0 : tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>) -> tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>
    %p, %t = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = ceil ins(%x : tensor<?x64xf32>) outs(%q0, %s0 : tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>) -> tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>
    // expected-remark@+1 {{given to the accelerator}}
    %y = mx.contract indexing_maps = [#mk, #mb, #nk, #nb, #mn] lhs(%q scaled %s : tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>) rhs(%w scaled %ws : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) outs(%c : tensor<?x4xf32>) -> tensor<?x4xf32>
    // expected-remark@+1 {{given to the accelerator}}
    %z = mx.contract indexing_maps = [#mk, #mb, #nk, #nb, #mn] lhs(%p scaled %t : tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>) rhs(%v scaled %ws : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) outs(%y : tensor<?x4xf32>) -> tensor<?x4xf32>
    return %z : tensor<?x4xf32>
  }
  // CHECK: func.func private @[[STORED]]
  // CHECK-COUNT-2: call @mx_accelerator_place
  // CHECK: call @mx_accelerator_quantize
  // CHECK: func.func private @[[COPIED]]
  // CHECK-NOT: call @mx_accelerator_place
  // CHECK-NOT: call @mx_accelerator_quantize
}

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
#wide = #mx.mma<rows = 4, columns = 64, depth = 32, elements = [f8E4M3FN], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 64>
#small = #mx.mma<rows = 4, columns = 4, depth = 32, elements = [f8E4M3FN], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 16>
#npu = #mx.accelerator<memory = 65536, alignment = 16, accumulators = 8, bandwidth = 16, latency = 200, quantize = [floor], host = 1024, mmas = [#wide, #small]>
#mk = affine_map<(m, n, k) -> (m, k)>
#mb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
module attributes {mx.accelerator = #npu} {
  // Three columns take less time in the second mma's tiles; the host quantizes faster than
  // f32 is copied; and the constant is filled up with zeros.
  // CHECK-LABEL: func.func @choices
  // CHECK: %[[W:.*]] = arith.constant dense<"0x01{{.*}}14000000000000000000000000151617{{.*}}> : tensor<1x1x1x4x32xf8E4M3FN>
  // CHECK: %[[Q:.*]]:2 = mx.quantize
  // CHECK: call @offload(%[[Q]]#0, %[[Q]]#1, %[[W]], %{{.*}}) : {{.*}}, memref<1x1x1x4x4xf32>) -> ()
  func.func @choices(%x: tensor<4x20xf32>, %c: tensor<4x3xf32>) -> tensor<4x3xf32> {
    %w = arith.constant dense<"0x0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C"> : tensor<3x20xf8E4M3FN>
    %ws = arith.constant dense<"0x707172"> : tensor<3x1xf8E8M0FNU>
    %q0 = tensor.empty() : tensor<4x20xf8E4M3FN>
    %s0 = tensor.empty() : tensor<4x1xf8E8M0FNU>
    %q, %s = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor ins(%x : tensor<4x20xf32>) outs(%q0, %s0 : tensor<4x20xf8E4M3FN>, tensor<4x1xf8E8M0FNU>) -> tensor<4x20xf8E4M3FN>, tensor<4x1xf8E8M0FNU>
    // expected-remark@+1 {{given to the accelerator}}
    %y = mx.contract indexing_maps = [#mk, #mb, #nk, #nb, #mn] lhs(%q scaled %s : tensor<4x20xf8E4M3FN>, tensor<4x1xf8E8M0FNU>) rhs(%w scaled %ws : tensor<3x20xf8E4M3FN>, tensor<3x1xf8E8M0FNU>) outs(%c : tensor<4x3xf32>) -> tensor<4x3xf32>
    return %y : tensor<4x3xf32>
  }
  // CHECK-LABEL: func.func private @offload
  // CHECK: call @mx_accelerator_mma(%c1,
}
