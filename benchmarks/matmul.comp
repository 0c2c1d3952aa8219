// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A product of f32 matrices, C = A B, row by row, with extents that are multiples of
// TILE: a workgroup computes TILE x TILE elements of C from tiles of A and B in shared
// memory, an invocation ROWS x COLUMNS of them.
#version 450
layout(local_size_x = TILE / COLUMNS, local_size_y = TILE / ROWS) in;
layout(set = 0, binding = 0) readonly buffer A { float a[]; };
layout(set = 0, binding = 1) readonly buffer B { float b[]; };
layout(set = 0, binding = 2) writeonly buffer C { float c[]; };
layout(push_constant) uniform Sizes { uint m, n, k; };

const uint INVOCATIONS = TILE / COLUMNS * (TILE / ROWS);
shared float tileA[TILE][TILE];
shared float tileB[TILE][TILE];

void main() {
  uint x = gl_LocalInvocationID.x, y = gl_LocalInvocationID.y;
  uint invocation = gl_LocalInvocationIndex;
  uint row = gl_WorkGroupID.y * TILE, column = gl_WorkGroupID.x * TILE;
  float sums[ROWS][COLUMNS];
  for (uint i = 0; i < ROWS; ++i)
    for (uint j = 0; j < COLUMNS; ++j)
      sums[i][j] = 0.0;
  for (uint from = 0; from < k; from += TILE) {
    for (uint place = invocation; place < TILE * TILE; place += INVOCATIONS) {
      uint i = place / TILE, j = place % TILE;
      tileA[i][j] = a[(row + i) * k + from + j];
      tileB[i][j] = b[(from + i) * n + column + j];
    }
    barrier();
    for (uint step = 0; step < TILE; ++step) {
      float left[ROWS], right[COLUMNS];
      for (uint i = 0; i < ROWS; ++i)
        left[i] = tileA[y * ROWS + i][step];
      for (uint j = 0; j < COLUMNS; ++j)
        right[j] = tileB[step][x + j * (TILE / COLUMNS)];
      for (uint i = 0; i < ROWS; ++i)
        for (uint j = 0; j < COLUMNS; ++j)
          sums[i][j] = fma(left[i], right[j], sums[i][j]);
    }
    barrier();
  }
  for (uint i = 0; i < ROWS; ++i)
    for (uint j = 0; j < COLUMNS; ++j)
      c[(row + y * ROWS + i) * n + column + x + j * (TILE / COLUMNS)] = sums[i][j];
}
