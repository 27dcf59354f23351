// node compile.js OUT FILE.ksy...: each specification compiled to a Python module in the folder OUT.
const fs = require("fs");
const path = require("path");
const compiler = require("kaitai-struct-compiler");
const yaml = require("js-yaml");

async function main([out, ...files]) {
  for (const file of files) {
    try {
      const found = await compiler.compile("python", yaml.load(fs.readFileSync(file, "utf8")));
      for (const name in found) fs.writeFileSync(path.join(out, name), found[name]);
    } catch (error) {
      console.error(`${path.basename(file)}: ${error.message || error}`);
      process.exitCode = 1;
    }
  }
}

main(process.argv.slice(2));
