<?php
while (($line = fgets(STDIN)) !== false) {
    if (!preg_match('/"id":\s*("[^"]*"|\d+)/', $line, $found)) continue;
    $answer = strpos($line, '"initialize"') ? '"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"t","version":"1"}}' : '"error":{"code":-32601,"message":"no such method"}';
    echo '{"jsonrpc":"2.0","id":' . $found[1] . ',' . $answer . "}\n";
}
