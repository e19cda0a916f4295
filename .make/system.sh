#!/bin/sh
# Install the named Debian packages where the user may; say so where not.
# Never stops what comes after: the course runs without them, with less.
#
#     system.sh PACKAGE...
set -u
[ $# -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    may=no
elif [ "$(id -u)" = 0 ]; then
    may=yes sudo=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    may=yes sudo="sudo -n"
else
    may=no
fi

apt() {
    # A machine without a network must not wait here for minutes.
    $sudo env DEBIAN_FRONTEND=noninteractive timeout 300 apt-get \
        -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 \
        -o Acquire::Retries=1 -o DPkg::Lock::Timeout=60 -q -y "$@" >/dev/null 2>&1
}

if [ "$may" = yes ]; then
    echo "Installing system packages: $*"
    apt install --no-install-recommends "$@" && exit 0
    # Package lists may be missing or old.
    apt update && apt install --no-install-recommends "$@" && exit 0
fi
echo "Missing system packages: $* (install them to have all of the course;" \
    "going on without)."
exit 1
