// What a package of ours must hold and must not, for both stores: files by allow-list, sizes, the manifest's fields.
// Judges what it is given; packs nothing. Open VSX's limits: eclipse/openvsx, ExtensionValidator and ExtensionProcessor.

export interface PackageFile {
  /** With slashes, from the package's root. */
  readonly name: string;
  readonly bytes: Buffer;
}

export interface PackageManifest {
  readonly name?: string;
  readonly publisher?: string;
  readonly version?: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly license?: string;
  readonly icon?: string;
  readonly main?: string;
  readonly browser?: string;
  readonly categories?: readonly string[];
  readonly keywords?: readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly galleryBanner?: { readonly color?: string; readonly theme?: string };
}

const mostPackageBytes = 6_000_000;
/** Of what is loaded at activation, on a machine as in a browser. */
const mostEntryBytes = 300_000;

const allowed = [
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^package(\.nls(\.[a-z]{2}(-[a-z]+)?)?)?\.json$/,
  /^l10n\/bundle\.l10n(\.[a-z]{2}(-[a-z]+)?)?\.json$/,
  /^media\/icon\.png$/,
  /^media\/report\/[\w-]+\.(js|css)$/,
  /^media\/walkthrough\/[\w-]+\.(svg|md)$/,
  /^dist\/(web\/)?[\w-]+\.js$/,
  /^dist\/[\w-]+\.bin$/,
  /^dist\/prices\.json$/,
  /^dist\/ThirdPartyNotices\.txt$/,
];
const required = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'dist/ThirdPartyNotices.txt'];

/** What is wrong with a package, one sentence each; nothing where all is well. `packedBytes`: the size of the VSIX. */
export function packageProblems(
  manifest: PackageManifest,
  files: readonly PackageFile[],
  packedBytes: number,
): readonly string[] {
  return [...fileProblems(files), ...sizeProblems(manifest, files, packedBytes), ...manifestProblems(manifest, files)];
}

function fileProblems(files: readonly PackageFile[]): string[] {
  const problems: string[] = [];
  for (const { name, bytes } of files) {
    if (!allowed.some((pattern) => pattern.test(name))) problems.push(`${name} does not belong into the package`);
    // A file, or a whole map inside the file.
    if (name.endsWith('.js') && bytes.includes('sourceMappingURL=')) problems.push(`${name} names a source map`);
  }
  for (const name of required)
    if (!files.some((file) => file.name === name)) problems.push(`${name} is missing from the package`);
  return problems;
}

function sizeProblems({ main, browser }: PackageManifest, files: readonly PackageFile[], packedBytes: number) {
  const problems: string[] = [];
  if (packedBytes >= mostPackageBytes)
    problems.push(`The package has ${packedBytes} bytes, not under ${mostPackageBytes}`);
  for (const entry of [main, browser]) {
    const file = entryFile(entry, files);
    if (entry === undefined || file === undefined)
      problems.push(`The entry point ${entry} is missing from the package`);
    else if (file.bytes.length >= mostEntryBytes)
      problems.push(`${file.name}, loaded at activation, has ${file.bytes.length} bytes, not under ${mostEntryBytes}`);
  }
  return problems;
}

/** An entry point may be named without its ending. */
function entryFile(entry: string | undefined, files: readonly PackageFile[]): PackageFile | undefined {
  const name = entry?.replace(/^\.\//, '');
  return files.find((file) => file.name === name || file.name === `${name}.js`);
}

function manifestProblems(manifest: PackageManifest, files: readonly PackageFile[]): string[] {
  const problems: string[] = [];
  const demand = (holds: boolean, sentence: string): void => {
    if (!holds) problems.push(sentence);
  };
  const { name = '', publisher = '', version = '', displayName = '', description = '', license = '' } = manifest;
  demand(/^[a-z0-9][\w-]*$/i.test(name), `The name "${name}" is none that a store takes`);
  demand(/^[a-z0-9][a-z0-9-]*$/i.test(publisher), `The publisher "${publisher}" is none that a store takes`);
  demand(/^\d+\.\d+\.\d+$/.test(version), `The version "${version}" is none that a store takes: major.minor.patch`);
  demand(license !== '' && license !== 'UNLICENSED', 'Open VSX takes no extension without a licence');
  demand(!/^\s*$/.test(displayName) && displayName.length <= 255, 'The display name is empty or too long');
  demand(!/^\s*$/.test(description) && description.length <= 2048, 'The description is empty or too long');
  const { categories = [], keywords = [], engines = {}, scripts = {}, galleryBanner = {} } = manifest;
  demand(categories.length > 0, 'A store sorts by category: there is none');
  demand(keywords.length <= 30, `A store takes 30 keywords, not ${keywords.length}`);
  for (const word of [...categories, ...keywords, displayName, description])
    demand(!/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(word), `"${word}" holds an invisible character`);
  demand(/^\^?\d+\.\d+\.\d+$/.test(engines['vscode'] ?? ''), 'engines.vscode names no oldest VS Code');
  demand((galleryBanner.color ?? '').length <= 16, 'galleryBanner.color is too long');
  demand(['dark', 'light', undefined].includes(galleryBanner.theme), 'galleryBanner.theme is dark or light');
  for (const script of Object.keys(scripts))
    demand(!/^(pre|post)?install$|^vscode:uninstall$/.test(script), `The package would run a script: ${script}`);
  demand((iconSide(manifest.icon, files) ?? 0) >= 128, 'The icon is no square PNG of 128 pixels or more');
  return problems;
}

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');

/** The side of a square PNG in pixels. */
function iconSide(icon: string | undefined, files: readonly PackageFile[]): number | undefined {
  const bytes = files.find((file) => file.name === icon)?.bytes;
  if (bytes === undefined || bytes.length < 24 || !bytes.subarray(0, 8).equals(pngSignature)) return undefined;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  return width === height ? width : undefined;
}
