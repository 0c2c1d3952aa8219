// RUN: mx-opt %s --split-input-file --verify-diagnostics

// Rule 1.
func.func @pack_rank(%x: tensor<3x4xf4E2M1FN>) {
  // expected-error@+1 {{expected elements and bytes of one rank, at least 1, found ranks 2 and 1}}
  %p = mx.pack_elements container = dense %x : tensor<3x4xf4E2M1FN> -> tensor<6xi8>
  return
}

// -----

// Rule 1.
func.func @unpack_scalar(%p: tensor<i8>) {
  // expected-error@+1 {{expected elements and bytes of one rank, at least 1, found ranks 0 and 0}}
  %x = mx.unpack_elements container = byte %p : tensor<i8> -> tensor<f4E2M1FN>
  return
}

// -----

// Rule 2.
func.func @pack_outer(%x: tensor<3x4xf4E2M1FN>) {
  // expected-error@+1 {{expected equal extents but for the innermost, found 'tensor<3x4xf4E2M1FN>' and 'tensor<2x2xi8>'}}
  %p = mx.pack_elements container = dense %x : tensor<3x4xf4E2M1FN> -> tensor<2x2xi8>
  return
}

// -----

// Rule 2.
func.func @unpack_outer(%p: tensor<2x2xi8>) {
  // expected-error@+1 {{expected equal extents but for the innermost, found 'tensor<3x4xf4E2M1FN>' and 'tensor<2x2xi8>'}}
  %x = mx.unpack_elements container = dense %p : tensor<2x2xi8> -> tensor<3x4xf4E2M1FN>
  return
}

// -----

// Rule 3: f4, two in a byte.
func.func @pack_bytes_f4(%x: tensor<5xf4E2M1FN>) {
  // expected-error@+1 {{expected 3 bytes for a row of 5 elements, found 5}}
  %p = mx.pack_elements container = dense %x : tensor<5xf4E2M1FN> -> tensor<5xi8>
  return
}

// -----

// Rule 3: f6, four in three bytes, a last group as a whole.
func.func @unpack_bytes_f6(%p: tensor<4xi8>) {
  // expected-error@+1 {{expected 6 bytes for a row of 5 elements, found 4}}
  %x = mx.unpack_elements container = dense %p : tensor<4xi8> -> tensor<5xf6E2M3FN>
  return
}

// -----

// Rule 3: one code per byte.
func.func @unpack_bytes_whole(%p: tensor<4xi8>) {
  // expected-error@+1 {{expected 8 bytes for a row of 8 elements, found 4}}
  %x = mx.unpack_elements container = byte %p : tensor<4xi8> -> tensor<8xf4E2M1FN>
  return
}

// -----

// Rule 4.
func.func @unpack_without_extent(%p: tensor<?xi8>) {
  // expected-error@+1 {{expected an operand extent with elements of 'tensor<?xf4E2M1FN>'}}
  %x = mx.unpack_elements container = dense %p : tensor<?xi8> -> tensor<?xf4E2M1FN>
  return
}

// -----

func.func @unpack_with_extent(%p: tensor<3xi8>, %n: index) {
  // expected-error@+1 {{expected no operand extent with elements of 'tensor<5xf4E2M1FN>'}}
  %x = mx.unpack_elements container = dense %p extent %n : tensor<3xi8> -> tensor<5xf4E2M1FN>
  return
}

// -----

// Only f4 and f6 elements.
func.func @pack_f8(%x: tensor<4xf8E4M3FN>) {
  // expected-error@+1 {{operand #0 must be ranked tensor of f6E3M2FN type or f6E2M3FN type or f4E2M1FN type values, but got 'tensor<4xf8E4M3FN>'}}
  %p = mx.pack_elements container = byte %x : tensor<4xf8E4M3FN> -> tensor<4xi8>
  return
}
