# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: python3 %s
"""The picture in docs/structure.md is that of the tree: its libraries, tools and
folders are those that exist, its arrows are what CMake links."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from tree import ROOT, files, finish, text_of

page = ROOT / "docs/structure.md"
text = text_of(page)
picture = re.search(r"flowchart BT\n(.*?)```", text, re.S)[1]

# What the tree has: a node for each CMakeLists.txt that makes something.
nodes, arrows = set(), set()
for path in files():
    if path.name != "CMakeLists.txt" or path.relative_to(ROOT).parts[0] not in ("lib", "tools"):
        continue
    folder = path.parent.relative_to(ROOT)
    commands = re.findall(r"(\w+)\(([^()]*)\)", re.sub(r"#.*", "", text_of(path)))
    for command, words in ((c, w.split()) for c, w in commands):
        if command in ("add_library", "mx_add_library", "mx_add_tool") and "ALIAS" not in words:
            nodes.add((words[0], str(folder)))
        linked = words[words.index("LINK") :] if "LINK" in words else []
        if command == "target_link_libraries":
            linked = words
        arrows |= {(words[0], w) for w in linked[1:] if re.match(r"MX[A-Z]", w)}
shown_nodes = set(re.findall(r'^ +([\w-]+)\["([\w/]+-?\w*)[:<]', picture, re.M))
shown_arrows = set(re.findall(r"^ +([\w-]+) --> ([\w-]+)$", picture, re.M))
folders = {p.relative_to(ROOT).parts[0] for p in files() if p.parent != ROOT}
folders = {"include/mx" if f == "include" else f for f in folders}
rows = re.search(r"\| folder .*?\n\|---.*?\n(.*)", text, re.S)[1]
shown_folders = set(re.findall(r"^\| (\S+) \|", rows, re.M))

problems = []
for what, tree, shown in (
    ("library or tool", nodes, shown_nodes),
    ("arrow", arrows, shown_arrows),
    ("folder", folders, shown_folders),
):
    problems += [f"{page}: expected the {what} {x}" for x in sorted(tree - shown)]
    problems += [f"{page}: shows the {what} {x}, which the tree lacks" for x in sorted(shown - tree)]
finish(problems)
