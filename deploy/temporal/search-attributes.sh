#!/bin/sh
# Registers Taizhang's search attributes on a cluster; safe to run again.
# Usage: deploy/temporal/search-attributes.sh ADDRESS NAMESPACE
set -eu
address=${1:?address, such as 127.0.0.1:7233}
namespace=${2:?namespace, such as default}
temporal operator search-attribute create --address "$address" --namespace "$namespace" \
    --name TaizhangUnit --type Keyword \
    --name TaizhangStatus --type Keyword \
    --name TaizhangMeetingOn --type Keyword \
    --name TaizhangOpenIssues --type Bool
