while IFS= read -r line; do
    id=${line#*'"id":'}
    [ "$id" = "$line" ] && continue
    id=${id%%[,\}]*}
    case $line in
    *'"initialize"'*) answer='"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"t","version":"1"}}' ;;
    *) answer='"error":{"code":-32601,"message":"no such method"}' ;;
    esac
    printf '{"jsonrpc":"2.0","id":%s,%s}\n' "$id" "$answer"
done
