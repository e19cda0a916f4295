#!/bin/sh
# Make or mend .venv. Called by the Makefile as
#
#     setup.sh venv      the packages of requirements.txt
#     setup.sh project   this checkout, editable
#     setup.sh torch     PyTorch, for the second half of lesson 5
#
# Each of the first two ends by writing its stamp, .venv/.locked (it holds the checkout's place)
# and .venv/.installed. A .venv without the first one was broken off half-way and is
# made anew.
set -eu
cd "$(dirname "$0")/.."
venv=.venv

# The caller's pip settings for other places must not break an environment.
export PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 PIP_DISABLE_PIP_VERSION_CHECK=1
unset PYTHONHOME PIP_TARGET PIP_PREFIX PIP_ROOT || true

say() { printf '%s\n' "$*"; }
die() { say "$*" >&2; exit 1; }

# A version manager's shim may be on the PATH and still fail: ask, do not look.
fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
        >/dev/null 2>&1
}
has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        fits "$PYTHON" || die "PYTHON=$PYTHON is not a Python 3.11, 3.12 or 3.13."
        candidates=$PYTHON
    else
        candidates="python3 python3.13 python3.12 python3.11"
    fi
    fallback=
    for candidate in $candidates; do
        fits "$candidate" || continue
        if has_venv "$candidate"; then
            python=$candidate
            return
        fi
        fallback=${fallback:-$candidate}
    done
    [ -n "$fallback" ] || die "No Python 3.11, 3.12 or 3.13 found:" \
        "install one, or name one with 'make PYTHON=/path/to/python3 ...'."
    version=$("$fallback" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    sh .make/system.sh "python$version-venv" || true
    has_venv "$fallback" || die "$fallback lacks the venv module:" \
        "install it (Debian, Ubuntu: apt install python$version-venv)."
    python=$fallback
}

venv() {
    if [ ! -e "$venv/.locked" ] || ! "$venv/bin/python" -c '' 2>/dev/null; then
        find_python
        say "Making $venv with $("$python" --version 2>&1) (once; 900 MB to fetch, 3 GB on disk, a minute or two)"
        "$python" -m venv --clear "$venv"
    fi
    rm -f "$venv/.locked"
    say "Installing the packages of requirements.txt"
    "$venv/bin/python" .make/install.py requirements.txt \
        --require-hashes --only-binary=:all:
    pwd -P >"$venv/.locked"
}

project() {
    rm -f "$venv/.installed"
    "$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation -e .
    touch "$venv/.installed"
}

# The extra of lesson 5. On Linux the plain wheel brings gigabytes for graphics cards:
# there only a build for the CPU is taken, from wherever the caller's pip looks.
torch() {
    version=2.13.0
    case $(uname -s) in
    Linux) wanted="torch==$version+cpu" ;;
    *) wanted="torch==$version" ;;
    esac
    if "$venv/bin/python" -c 'import torch' 2>/dev/null; then return; fi
    say "Installing PyTorch for lesson 5 (some 200 MB)"
    "$venv/bin/python" -m pip install --quiet --only-binary=:all: "$wanted" \
        >/dev/null 2>&1 && return
    say "No $wanted found: the PyTorch part of lesson 5 cannot be tested here. To have it," \
        "run $venv/bin/pip install 'torch==$version' (on Linux some 3 GB), or set" \
        "PIP_FIND_LINKS or PIP_EXTRA_INDEX_URL to where CPU builds are, then make torch."
}

case ${1:-} in
venv | project | torch) "$1" ;;
*) die "usage: $0 venv|project|torch" ;;
esac
