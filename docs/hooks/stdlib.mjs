// Compiles what Python imports when it starts, for the interpreter that will import it: node stdlib.mjs FOLDER TARGET.
// A browser has that much less to do each time. The rest stays source, which is half the size.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, target] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const pyodide = await loadPyodide({ indexURL: folder });
pyodide.FS.writeFile("/source.zip", readFileSync(`${folder}/python_stdlib.zip`));
pyodide.runPython(`
import ast, dataclasses, html, importlib.metadata, importlib.resources, inspect, json, marshal, random, sys, tomllib
import importlib.util, shutil, string, tempfile, traceback, typing, zipfile

HEADER = importlib.util.MAGIC_NUMBER + bytes(12)  # PEP 552: flags, time and size, which a zip does not need
used = {module.__name__.replace(".", "/") for module in [*sys.modules.values()]}

with zipfile.ZipFile("/source.zip") as source, zipfile.ZipFile("/compiled.zip", "w", zipfile.ZIP_DEFLATED) as compiled:
    for name in source.namelist():
        content = source.read(name)
        if name.removesuffix(".py").removesuffix("/__init__") in used:
            name, content = name + "c", HEADER + marshal.dumps(compile(content, name, "exec", dont_inherit=True))
        compiled.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
`);
writeFileSync(target, pyodide.FS.readFile("/compiled.zip"));
