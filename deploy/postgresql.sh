#!/bin/sh
# Makes sure the tests find PostgreSQL: installs Debian's package as root, says how otherwise.
set -eu
if command -v postgres >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "安装 PostgreSQL(测试用) | installing PostgreSQL for the tests"
    apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q postgresql >/dev/null
    exit 0
fi
echo "测试需要 PostgreSQL:apt-get install postgresql | the tests need PostgreSQL: apt-get install postgresql" >&2
exit 1
