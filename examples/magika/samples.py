# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small files of many kinds, the same bytes at every call."""

import bz2
import gzip
import io
import json
import lzma
import pickle
import sqlite3
import struct
import tarfile
import tempfile
import wave
import zipfile
import zlib
from pathlib import Path

import numpy as np

TEXTS = {
    "prog.py": "import os\nimport sys\n\n\ndef main(argv):\n    for path in argv[1:]:\n"
    "        with open(path) as f:\n            print(os.path.basename(path), len(f.read()))\n\n\n"
    "if __name__ == '__main__':\n    main(sys.argv)\n",
    "prog.c": "#include <stdio.h>\n#include <stdlib.h>\n\nstatic int square(int x) { return x * x; }\n\n"
    "int main(int argc, char **argv) {\n  for (int i = 0; i < argc; i++)\n"
    '    printf("%d %s\\n", square(i), argv[i]);\n  return EXIT_SUCCESS;\n}\n',
    "Prog.java": "package org.example;\n\nimport java.util.List;\n\npublic class Prog {\n"
    "  public static void main(String[] args) {\n    List<String> list = List.of(args);\n"
    "    for (String s : list) {\n      System.out.println(s.length());\n    }\n  }\n}\n",
    "prog.go": 'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc main() {\n'
    "\tfor i, arg := range os.Args {\n\t\tfmt.Println(i, arg)\n\t}\n}\n",
    "prog.rs": "use std::env;\n\nfn main() {\n    let args: Vec<String> = env::args().collect();\n"
    '    for (i, arg) in args.iter().enumerate() {\n        println!("{} {}", i, arg);\n    }\n}\n',
    "prog.js": "'use strict';\nconst fs = require('fs');\n\nfunction count(path) {\n"
    "  return fs.readFileSync(path, 'utf8').split('\\n').length;\n}\n\n"
    "module.exports = { count };\nconsole.log(process.argv.slice(2).map(count));\n",
    "prog.rb": "require 'json'\n\nclass Counter\n  def initialize(path)\n    @path = path\n  end\n\n"
    "  def lines\n    File.readlines(@path).map(&:chomp).reject(&:empty?).size\n  end\nend\n\n"
    "ARGV.each { |path| puts Counter.new(path).lines }\n",
    "prog.php": "<?php\nnamespace Example;\n\nclass Counter {\n  private $path;\n"
    "  public function __construct($path) { $this->path = $path; }\n"
    "  public function lines() { return count(file($this->path)); }\n}\n\n"
    "echo (new Counter($argv[1]))->lines(), PHP_EOL;\n",
    "prog.sh": '#!/usr/bin/env bash\nset -euo pipefail\nfor file in "$@"; do\n'
    '  if [ -f "$file" ]; then\n    wc -l < "$file"\n  fi\ndone\n',
    "prog.hs": "module Main where\n\nimport System.Environment (getArgs)\n\n"
    "square :: Int -> Int\nsquare x = x * x\n\nmain :: IO ()\nmain = do\n  args <- getArgs\n"
    "  mapM_ putStrLn args\n  print (map square [1 .. length args])\n",
    "prog.lua": "local function map(list, f)\n  local result = {}\n  for i, v in ipairs(list) do\n"
    "    result[i] = f(v)\n  end\n  return result\nend\n\n"
    "for _, v in ipairs(map({1, 2, 3}, function(x) return x * x end)) do\n  print(v)\nend\n",
    "page.html": "<!DOCTYPE html>\n<html>\n<head>\n<title>A page</title>\n</head>\n<body>\n"
    '<h1>A page</h1>\n<p class="lead">With a paragraph and a <a href="x.html">link</a>.</p>\n'
    "</body>\n</html>\n",
    "style.css": "body {\n  margin: 0 auto;\n  font-family: sans-serif;\n}\n\n"
    ".lead > a:hover {\n  color: #336699;\n  text-decoration: none;\n}\n\n"
    "@media (max-width: 40em) {\n  body { padding: 1em; }\n}\n",
    "data.xml": '<?xml version="1.0" encoding="UTF-8"?>\n<catalog>\n  <book id="1">\n'
    "    <title>One</title>\n    <price>10.50</price>\n  </book>\n"
    '  <book id="2">\n    <title>Two</title>\n    <price>7.25</price>\n  </book>\n</catalog>\n',
    "data.csv": "date,city,temperature,humidity\n"
    + "".join(f"2024-01-{d:02},Oslo,{-d / 2},{60 + d}\n" for d in range(1, 29)),
    "data.yaml": "version: 2\njobs:\n  build:\n    image: debian\n    steps:\n"
    "      - run: make all\n      - run: make check\n  deploy:\n    needs: [build]\n"
    "    environment:\n      STAGE: production\n",
    "data.ini": "[server]\nhost = localhost\nport = 8080\n\n[client]\ntimeout = 30\nretries = 5\n"
    "; a comment\nverbose = no\n",
    "data.toml": '[package]\nname = "example"\nversion = "0.1.0"\nedition = "2021"\n\n'
    '[dependencies]\nserde = { version = "1.0", features = ["derive"] }\nlog = "0.4"\n',
    "query.sql": "CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT NOT NULL, price REAL);\n"
    "INSERT INTO book (title, price) VALUES ('One', 10.5), ('Two', 7.25);\n"
    "SELECT title, SUM(price) FROM book WHERE price > 5 GROUP BY title ORDER BY 2 DESC;\n",
    "doc.md": "# A title\n\nSome text with *emphasis* and `code`.\n\n## A section\n\n- one\n- two\n\n"
    "```sh\nmake all\n```\n\nSee [the manual](manual.md).\n",
    "doc.tex": "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n"
    "\\section{Title}\nA formula: $a^2 + b^2 = c^2$.\n\\begin{equation}\n  e^{i\\pi} = -1\n"
    "\\end{equation}\n\\end{document}\n",
    "Makefile": "CC ?= cc\nCFLAGS += -O2 -Wall\nOBJECTS = a.o b.o\n\nall: prog\n\n"
    "prog: $(OBJECTS)\n\t$(CC) -o $@ $^\n\n%.o: %.c\n\t$(CC) $(CFLAGS) -c $<\n\n"
    "clean:\n\trm -f prog $(OBJECTS)\n\n.PHONY: all clean\n",
    "CMakeLists.txt": "cmake_minimum_required(VERSION 3.20)\nproject(example LANGUAGES CXX)\n"
    "add_library(core core.cpp)\ntarget_include_directories(core PUBLIC include)\n"
    "add_executable(tool tool.cpp)\ntarget_link_libraries(tool PRIVATE core)\n",
    "Dockerfile": "FROM debian:12\nRUN apt-get update && apt-get install -y make gcc\n"
    'COPY . /src\nWORKDIR /src\nRUN make all\nENTRYPOINT ["/src/prog"]\n',
    "change.diff": "--- a/prog.c\n+++ b/prog.c\n@@ -1,4 +1,5 @@\n #include <stdio.h>\n"
    '+#include <stdlib.h>\n \n-int main(void) { return 0; }\n+int main(void) { puts("x"); return 0; }\n',
}


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(
        b"\0" + bytes((x * y + c * 40) % 256 for x in range(64) for c in range(3))
        for y in range(64)
    )
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )  # fmt: skip


def _bmp() -> bytes:
    pixels = bytes((i * 7) % 256 for i in range(32 * 32 * 3))
    info = struct.pack("<IiiHHIIiiII", 40, 32, 32, 1, 24, 0, len(pixels), 2835, 2835, 0, 0)
    return struct.pack("<2sIHHI", b"BM", 54 + len(pixels), 0, 0, 54) + info + pixels


def _wav() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(8000)
        samples = (8000 * np.sin(np.arange(4000) / 5)).astype("<i2")
        w.writeframes(samples.tobytes())
    return file.getvalue()


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as z:
        for name in ("prog.py", "doc.md"):
            z.writestr(zipfile.ZipInfo(name), TEXTS[name] * 5)
    return file.getvalue()


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as t:
        for name in ("prog.py", "doc.md"):
            info = tarfile.TarInfo(name)
            info.size = len(TEXTS[name])
            t.addfile(info, io.BytesIO(TEXTS[name].encode()))
    return file.getvalue()


def _sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        connection = sqlite3.connect(path)
        connection.executescript(TEXTS["query.sql"].split("SELECT")[0])
        connection.close()
        return path.read_bytes()


def _npy() -> bytes:
    file = io.BytesIO()
    np.save(file, np.arange(500, dtype=np.float32))
    return file.getvalue()


def get_samples() -> dict[str, bytes]:
    """File names and contents."""
    random = np.random.default_rng(0).integers(0, 256, 3000, dtype=np.uint8)
    text = "".join(TEXTS.values()).encode()
    return {name: content.encode() for name, content in TEXTS.items()} | {
        "data.json": json.dumps({"a": [1, 2, {"b": None}], "c": "text"}, indent=2).encode(),
        "image.png": _png(),
        "image.bmp": _bmp(),
        "sound.wav": _wav(),
        "archive.zip": _zip(),
        "archive.tar": _tar(),
        "text.gz": gzip.compress(text, mtime=0),
        "text.bz2": bz2.compress(text),
        "text.xz": lzma.compress(text),
        "base.sqlite": _sqlite(),
        "array.npy": _npy(),
        "object.pickle": pickle.dumps({"key": list(range(300)), "text": "x" * 50}, protocol=4),
        "noise.bin": random.tobytes(),
    }
