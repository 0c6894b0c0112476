// Unpacks the browser, its fonts and the libraries that a bare machine lacks, to the TMPDIR.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

// Of Lambda's environments, which have no libraries for a browser either.
process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs24.x";
const { default: chromium } = await import("@sparticuz/chromium");
const folder = dirname(await chromium.executablePath());
// The package's own configuration expects the fonts in /tmp.
writeFileSync(
  join(folder, "fonts.conf"),
  `<fontconfig><dir>${join(folder, "fonts")}</dir><cachedir>${join(folder, "font-cache")}</cachedir></fontconfig>\n`,
);
