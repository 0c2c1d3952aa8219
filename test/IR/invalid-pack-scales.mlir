// RUN: mx-opt %s --split-input-file --verify-diagnostics

// Rule 1.
func.func @pack_dimensions(%s: tensor<8xf8E8M0FNU>) {
  // expected-error@+1 {{expected a layout of 1 dimensions as 'tensor<8xf8E8M0FNU>' has, found 2}}
  %p = mx.pack_scales layout = <(r, c) -> (c, r), pad = 0, container = i8> %s : tensor<8xf8E8M0FNU> -> tensor<8xi8>
  return
}

// -----

// Rule 2.
func.func @pack_container(%s: tensor<8x4xf8E8M0FNU>) {
  // expected-error@+1 {{expected packed elements of type 'i32', found 'i8'}}
  %p = mx.pack_scales layout = <(r, c) -> (c floordiv 4, r, c mod 4), pad = 0, container = i32> %s : tensor<8x4xf8E8M0FNU> -> tensor<1x8xi8>
  return
}

// -----

// Rule 3: rows are padded to 128.
func.func @pack_extents(%s: tensor<8x4xf8E8M0FNU>) {
  // expected-error@+1 {{expected packed scales of type 'tensor<1x128x4xi8>', found 'tensor<1x8x4xi8>'}}
  %p = mx.pack_scales layout = <(r, c) -> (r floordiv 128, r mod 128, c), pad = 0, container = i8> %s : tensor<8x4xf8E8M0FNU> -> tensor<1x8x4xi8>
  return
}

// -----

// Rule 1.
func.func @unpack_dimensions(%p: tensor<8xi8>) {
  // expected-error@+1 {{expected a layout of 1 dimensions as 'tensor<8xf8E8M0FNU>' has, found 2}}
  %s = mx.unpack_scales layout = <(r, c) -> (c, r), pad = 0, container = i8> %p : tensor<8xi8> -> tensor<8xf8E8M0FNU>
  return
}

// -----

// Rule 2.
func.func @unpack_container(%p: tensor<8x4xi32>) {
  // expected-error@+1 {{expected packed elements of type 'i8', found 'i32'}}
  %s = mx.unpack_scales layout = <(r, c) -> (c, r), pad = 0, container = i8> %p : tensor<8x4xi32> -> tensor<4x8xf8E8M0FNU>
  return
}

// -----

// Rule 3.
func.func @unpack_rank(%p: tensor<8x4xi8>) {
  // expected-error@+1 {{expected packed scales of type 'tensor<1x8x4xi8>', found 'tensor<8x4xi8>'}}
  %s = mx.unpack_scales layout = <(r, c) -> (c floordiv 4, r, c mod 4), pad = 0, container = i8> %p : tensor<8x4xi8> -> tensor<8x4xf8E8M0FNU>
  return
}

// -----

// Rule 4.
func.func @unpack_sizes(%p: tensor<?x4xi8>) {
  // expected-error@+1 {{expected 1 sizes for 'tensor<?x4xf8E8M0FNU>', found 0}}
  %s = mx.unpack_scales layout = <(r, c) -> (r, c), pad = 0, container = i8> %p : tensor<?x4xi8> -> tensor<?x4xf8E8M0FNU>
  return
}

// -----

// Condition 1: nobody takes the rows from 32 on.
// expected-error@+1 {{expected an unbounded digit of dimension d0}}
#a = #mx.scale_layout<(r, c) -> (r mod 32, c), pad = 0, container = i8>

// -----

// Condition 1: rows 32 to 63 and 0 to 31 have one place.
// expected-error@+1 {{expected a digit of dimension d0 with divisor 32, found 64}}
#a = #mx.scale_layout<(r, c) -> (r floordiv 64, r mod 32, c), pad = 0, container = i8>

// -----

// Condition 1: a dimension twice.
// expected-error@+1 {{expected no digit of dimension d0 after the unbounded one}}
#a = #mx.scale_layout<(r, c) -> (r, c, r floordiv 4), pad = 0, container = i8>

// -----

// Condition 1: a dimension nowhere.
// expected-error@+1 {{expected an unbounded digit of dimension d1}}
#a = #mx.scale_layout<(r, c) -> (r), pad = 0, container = i8>

// -----

// Condition 2: places that nobody takes.
// expected-error@+1 {{expected a digit of result #1 with stride 4, found 5}}
#a = #mx.scale_layout<(r, c) -> (c floordiv 4, r * 5 + c mod 4), pad = 0, container = i8>

// -----

// Condition 2.
// expected-error@+1 {{expected no digit of result #0 after the unbounded one}}
#a = #mx.scale_layout<(r, c) -> (r + c * 8), pad = 0, container = i8>

// -----

// expected-error@+1 {{expected result #0 to be a sum of d, d mod e, d floordiv c and (d floordiv c) mod e with strides, found d0 floordiv 4 + 1}}
#a = #mx.scale_layout<(r) -> (r floordiv 4 + 1, r mod 4), pad = 0, container = i8>

// -----

// expected-error@+1 {{expected a multiple of 4 for dimension d0, found 6}}
#a = #mx.scale_layout<(r) -> (r floordiv 4, r mod 4), pad = 0, container = i8, multiples = [6]>

// -----

// expected-error@+1 {{expected 2 multiples, found 1}}
#a = #mx.scale_layout<(r, c) -> (r, c), pad = 0, container = i8, multiples = [4]>

// -----

// expected-error@+1 {{expected a pad byte from 0 to 255, found 256}}
#a = #mx.scale_layout<(r) -> (r), pad = 256, container = i8>

// -----

// expected-error@+1 {{expected the container i8 or i32, found 'i16'}}
#a = #mx.scale_layout<(r) -> (r), pad = 0, container = i16>

// -----

// expected-error@+1 {{expected a last result of extent 4 for the bytes of an i32, found d1}}
#a = #mx.scale_layout<(r, c) -> (r, c), pad = 0, container = i32>

// -----

// expected-error@+1 {{expected a map with dimensions and without symbols, found ()[s0] -> (s0)}}
#a = #mx.scale_layout<()[s] -> (s), pad = 0, container = i8>
