#!/bin/sh
# Fetches the third-party files that are shipped with the product and writes them, with licence and checksums, to
# static/vendor/ (served), app/exports/documents/fonts/ (for documents) and tests/vendor/ (tests only). For maintainers:
# needs node, npm and the product's own Python environment (.venv). Nobody needs this to install or run the product, the
# results are committed. To update: change a version below, run (all, or the parts named: pages documents tests), look at
# the pages and documents, update docs/third-party.md and the paths in templates/base.html, delete the old folder, commit.
set -eu

KERN=2.7.2
FIRA=5.3.0
PLEX=5.3.0
AXE=4.14.1
ICAL=2.2.1
RTLCSS=4.3.0
NOTO=5.3.0
EMOJI=5.3.2
JSQR=1.4.0

wanted=" ${*:-pages documents tests} "
wants() { case "$wanted" in *" $1 "*) true ;; *) false ;; esac; }

cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() { # NAME VERSION -> $work/$3
    mkdir "$work/$3"
    (cd "$work" && file=$(npm pack "$1@$2" --silent) && tar xzf "$file" -C "$3" --strip-components=1)
}

fresh() { rm -rf "$1" && mkdir -p "$1"; }

seal() { # write checksums of everything in the folder
    (cd "$1" && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum | sed 's# \./# #' > SHA256SUMS)
}

fetch @kern-ux/native $KERN kern
fetch @fontsource/ibm-plex-sans-arabic $PLEX plex

if wants pages; then
fetch @fontsource/fira-sans $FIRA fira

# --- KERN: the components we use, left to right and mirrored -----------------------------------------------------
to=static/vendor/kern-ux-native-$KERN
fresh $to
cp "$work/kern/LICENSE.md" $to/LICENSE
(cd "$work" && npm init -y >/dev/null && npm install --silent --no-audit --no-fund rtlcss@$RTLCSS)
cat > "$work/subset.cjs" <<'JS'
// Keeps tokens, element rules and the listed component families of KERN; drops the rest, which is mostly the
// utility classes and the grid. A selector stays when every kern class in it belongs to a listed family.
const fs = require('fs'), postcss = require('postcss'), rtlcss = require('rtlcss');
const [source, target, version] = process.argv.slice(2);
const families = ['badge', 'body', 'btn', 'error', 'fieldset', 'form-check', 'form-input', 'hint', 'label', 'sr-only'];
const kept = name => families.some(f => name === f || name.startsWith(f + '-') || name.startsWith(f + '_'));
// KERN hangs what depends on the layer (…-contextual) on body, in one list with its theme classes.
const stays = selector => selector.startsWith(':is(body') || [...selector.matchAll(/\.kern-([\w-]+)/g)].every(m => kept(m[1]));
const subset = {
  postcssPlugin: 'subset',
  Once(root) {
    root.walkComments(c => c.remove());
    root.walkAtRules('charset', r => r.remove());
    root.walkRules(rule => {
      if (rule.parent.type === 'atrule' && /keyframes$/.test(rule.parent.name)) return;
      const selectors = rule.selectors.filter(stays);
      if (!selectors.length) rule.remove();
      else if (selectors.length < rule.selectors.length) rule.selectors = selectors;
    });
    root.walkAtRules('media', r => { if (!r.nodes.length) r.remove(); });
  },
};
const tight = {
  postcssPlugin: 'tight',
  OnceExit(root) {
    root.walk(node => {
      node.raws.before = node.type === 'rule' || node.type === 'atrule' ? '\n' : '';
      node.raws.after = '';
      if (node.type === 'decl') node.raws.between = ':';
      else node.raws.between = '';
      node.raws.semicolon = false;
    });
  },
};
const head = note => `/*! KERN @kern-ux/native ${version}, EUPL-1.2, see LICENSE. Changed: ${note}. */`;
const css = fs.readFileSync(source, 'utf8');
const write = (name, plugins, note) =>
  fs.writeFileSync(target + '/' + name, head(note) + postcss(plugins).process(css, {from: undefined}).css + '\n');
write('kern.min.css', [subset, tight], 'only the components in use, white space removed');
write('kern.rtl.min.css', [subset, rtlcss(), tight], 'only the components in use, mirrored by rtlcss, white space removed');
JS
(cd "$work" && node subset.cjs kern/dist/kern.css "$root/$to" $KERN)
seal $to

# --- Fonts: only the scripts and weights the pages use, each in its unicode-range ---------------------------------
fonts() { # NAME FOLDER VERSION FAMILY "SUBSETS" "WEIGHTS"
    to=static/vendor/fontsource-$1-$3
    fresh "$to/files"
    cp "$work/$2/LICENSE" "$to/LICENSE"
    python3 - "$work/$2" "$to" "$1" "$4" "$5" "$6" <<'PY'
import json, pathlib, shutil, sys
source, to, name, family, subsets, weights = sys.argv[1:]
ranges = json.loads(pathlib.Path(source, "unicode.json").read_text())
css = [f"/*! {family}, SIL Open Font License 1.1, see LICENSE. */"]
for weight in weights.split():
    for subset in subsets.split():
        file = f"{name}-{subset}-{weight}-normal.woff2"
        shutil.copyfile(f"{source}/files/{file}", f"{to}/files/{file}")
        css.append(
            f"@font-face{{font-family:'{family}';font-style:normal;font-display:swap;font-weight:{weight};"
            f"src:url(files/{file}) format('woff2');unicode-range:{ranges[subset]}}}"
        )
pathlib.Path(to, "fonts.css").write_text("\n".join(css) + "\n")
PY
    seal "$to"
}
fonts fira-sans fira $FIRA "Fira Sans" "latin latin-ext cyrillic" "400 500 600"
fonts ibm-plex-sans-arabic plex $PLEX "IBM Plex Sans Arabic" "arabic" "400 600"

# --- jsQR: reads QR codes at the door; loaded only when somebody switches the camera on ----------------------------
fetch jsqr $JSQR jsqr
to=static/vendor/jsqr-$JSQR
fresh $to
cp "$work/jsqr/dist/jsQR.js" "$work/jsqr/LICENSE" $to/
seal $to

fi

# --- Fonts of the documents: whole files, as TTF, which WeasyPrint reads seventy times as fast as WOFF2 ------------
if wants documents; then
fetch @fontsource/noto-sans $NOTO noto
fetch @fontsource/noto-sans-math $NOTO math
fetch @fontsource/noto-sans-symbols-2 $NOTO symbols
fetch @fontsource/noto-emoji $EMOJI emoji
to=app/exports/documents/fonts
fresh $to
cp "$work/noto/LICENSE" $to/LICENSE.noto-sans.txt
cp "$work/math/LICENSE" $to/LICENSE.noto-sans-math.txt
cp "$work/symbols/LICENSE" $to/LICENSE.noto-sans-symbols-2.txt
cp "$work/emoji/LICENSE" $to/LICENSE.noto-emoji.txt
cp "$work/plex/LICENSE" $to/LICENSE.ibm-plex-sans-arabic.txt
.venv/bin/python - "$work" $to <<'PY'
import sys
from fontTools import subset
from fontTools.ttLib import TTFont

work, to = sys.argv[1:]
whole = {
    "NotoSans-Regular": "kern/dist/fonts/noto-sans/NotoSans-Regular.woff2",
    "NotoSans-Bold": "kern/dist/fonts/noto-sans/NotoSans-Bold.woff2",
    "IBMPlexSansArabic-Regular": "plex/files/ibm-plex-sans-arabic-arabic-400-normal.woff2",
    "IBMPlexSansArabic-Bold": "plex/files/ibm-plex-sans-arabic-arabic-700-normal.woff2",
    "NotoEmoji-Regular": "emoji/files/noto-emoji-emoji-400-normal.woff2",
}
# Signs people type or paste between words: arrows and operators; boxes, ticks, stars.
parts = {
    "NotoSansMath-Signs": ("math/files/noto-sans-math-latin-400-normal.woff2", [0x20, *range(0x2190, 0x2300)]),
    "NotoSansSymbols2-Signs": (
        "symbols/files/noto-sans-symbols-2-symbols-400-normal.woff2",
        [0x20, *range(0x2460, 0x2500), *range(0x2580, 0x27C0), *range(0x2B00, 0x2C00), *range(0x1F800, 0x1F900)],
    ),
}
for name, source in whole.items():
    font = TTFont(f"{work}/{source}", recalcTimestamp=False)
    font.flavor = None
    font.save(f"{to}/{name}.ttf")
for name, (source, signs) in parts.items():
    options = subset.Options(layout_features=[], hinting=False, recalc_timestamp=False)
    font = subset.load_font(f"{work}/{source}", options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=signs)
    subsetter.subset(font)
    font.flavor = None
    font.save(f"{to}/{name}.ttf")
PY
seal $to
fi

if wants tests; then
# --- axe-core: accessibility checks in the browser tests, never served --------------------------------------------
fetch axe-core $AXE axe
to=tests/vendor/axe-core-$AXE
fresh $to
cp "$work/axe/axe.min.js" "$work/axe/LICENSE" "$work/axe/LICENSE-3RD-PARTY.txt" $to/
seal $to

# --- ical.js: reads the calendar files in the browser tests, never served -----------------------------------------
fetch ical.js $ICAL ical
to=tests/vendor/ical.js-$ICAL
fresh $to
cp "$work/ical/dist/ical.es5.min.cjs" "$work/ical/LICENSE" $to/
seal $to
fi

echo "Written:"
du -sh static/vendor/* app/exports/documents/fonts tests/vendor/*
