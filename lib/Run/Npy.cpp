// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/Npy.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace mlir::mx;

static constexpr StringLiteral kMagic("\x93NUMPY");

namespace {
/// Reads the header's Python dictionary, {'descr': '<f4', 'fortran_order':
/// False, 'shape': (2, 3), }.
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : text(text) {}

  /// Fills `header`; an error says what was expected.
  Error parse(NpyHeader &header) {
    if (!consume("{"))
      return expected("a dictionary");
    bool seen[3] = {};
    while (!consume("}")) {
      std::string key;
      if (!parseString(key) || !consume(":"))
        return expected("a quoted key and a colon");
      if (key == "descr") {
        if (!parseString(header.dtype))
          return expected("a simple type, not a structured one, for 'descr'");
        seen[0] = true;
      } else if (key == "fortran_order") {
        if (consume("True"))
          return expected("C order (fortran_order: False)");
        if (!consume("False"))
          return expected("True or False for 'fortran_order'");
        seen[1] = true;
      } else if (key == "shape") {
        if (!parseShape(header.shape))
          return expected("a tuple of sizes for 'shape'");
        seen[2] = true;
      } else {
        return expected("the keys descr, fortran_order and shape");
      }
      consume(",");
    }
    if (!text.trim().empty())
      return expected("nothing behind the dictionary");
    if (!seen[0] || !seen[1] || !seen[2])
      return expected("the keys descr, fortran_order and shape");
    return Error::success();
  }

private:
  Error expected(const Twine &what) {
    return createStringError("expected " + what + " in the header, found '" +
                             text.take_front(32).str() + "'");
  }
  bool consume(StringRef token) {
    text = text.ltrim();
    return text.consume_front(token);
  }
  bool parseString(std::string &value) {
    text = text.ltrim();
    if (text.empty() || (text.front() != '\'' && text.front() != '"'))
      return false;
    size_t end = text.find(text.front(), 1);
    if (end == StringRef::npos)
      return false;
    value = text.substr(1, end - 1).str();
    text = text.drop_front(end + 1);
    return true;
  }
  bool parseShape(SmallVectorImpl<int64_t> &shape) {
    if (!consume("("))
      return false;
    while (!consume(")")) {
      text = text.ltrim();
      int64_t size;
      if (text.consumeInteger(10, size) || size < 0)
        return false;
      shape.push_back(size);
      if (!consume(",") && !text.ltrim().starts_with(")"))
        return false;
    }
    return true;
  }

  StringRef text;
};
} // namespace

/// Bytes of one element of a simple little-endian type, or nothing.
static std::optional<uint64_t> getElementBytes(StringRef dtype) {
  uint64_t bytes;
  if (dtype.size() < 3 || !StringRef("<|").contains(dtype[0]) ||
      !StringRef("biuf").contains(dtype[1]) ||
      dtype.drop_front(2).getAsInteger(10, bytes) || !isPowerOf2_64(bytes) ||
      bytes > 8 || (dtype[0] == '|' && bytes != 1))
    return std::nullopt;
  return bytes;
}

/// Reads the parts of `array.file`.
static Error parseFile(NpyArray &array) {
  StringRef text = array.file->getBuffer();
  if (!text.consume_front(kMagic))
    return createStringError("expected a .npy file, found no magic string");
  if (text.size() < 4)
    return createStringError("expected a header, found the end of the file");
  unsigned version = static_cast<uint8_t>(text[0]);
  if (version < 1 || version > 3)
    return createStringError("expected format version 1 to 3, found " +
                             Twine(version));
  size_t lengthBytes = version == 1 ? 2 : 4;
  text = text.drop_front(2);
  if (text.size() < lengthBytes)
    return createStringError("expected a header, found the end of the file");
  uint64_t length = version == 1 ? support::endian::read16le(text.data())
                                 : support::endian::read32le(text.data());
  text = text.drop_front(lengthBytes);
  if (text.size() < length)
    return createStringError("expected a header of " + Twine(length) +
                             " bytes, found " + Twine(text.size()));
  if (Error error = HeaderParser(text.take_front(length)).parse(array.header))
    return error;
  text = text.drop_front(length);
  std::optional<uint64_t> elementBytes = getElementBytes(array.header.dtype);
  if (!elementBytes)
    return createStringError(
        "expected little-endian numbers of 1 to 8 bytes, found type '" +
        array.header.dtype + "'");
  uint64_t bytes = *elementBytes;
  for (int64_t size : array.header.shape) {
    bool overflow = size && bytes > UINT64_MAX / static_cast<uint64_t>(size);
    bytes = overflow ? UINT64_MAX : bytes * size;
    if (overflow)
      break;
  }
  if (text.size() != bytes)
    return createStringError("expected " + Twine(bytes) +
                             " bytes of elements, found " + Twine(text.size()));
  array.data = ArrayRef(text.data(), text.size());
  return Error::success();
}

Expected<NpyArray> mlir::mx::readNpy(StringRef path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> file = MemoryBuffer::getFile(
      path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return createStringError(file.getError(), "cannot read '" + path + "': " +
                                                  file.getError().message());
  NpyArray array;
  array.file = std::move(*file);
  if (Error error = parseFile(array))
    return createStringError("'" + path + "': " + toString(std::move(error)));
  return array;
}

/// The header's bytes, padded so that the elements start at a multiple of 64.
static std::string formatHeader(const NpyHeader &header) {
  std::string text;
  raw_string_ostream os(text);
  os << "{'descr': '" << header.dtype
     << "', 'fortran_order': False, 'shape': (";
  interleave(header.shape, os, ", ");
  os << (header.shape.size() == 1 ? ",), }" : "), }");
  size_t prefix = kMagic.size() + 4;
  text.append(alignTo(prefix + text.size() + 1, 64) - prefix - text.size() - 1,
              ' ');
  text.push_back('\n');
  std::string result = kMagic.str();
  result += {'\1', '\0', static_cast<char>(text.size() & 0xff),
             static_cast<char>(text.size() >> 8)};
  return result + text;
}

void mlir::mx::writeNpy(raw_ostream &os, const NpyHeader &header,
                        ArrayRef<char> data) {
  os << formatHeader(header);
  os.write(data.data(), data.size());
}
